import { byCodeUnit, counted, DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import { fact } from './fact.ts';
import type { SampledGroup } from './groups.ts';

/** Labels whose values people and tools write in several ways. */
const NAMED = ['model', 'quantization', 'gpu', 'cpu', 'host', 'engine', 'backend', 'dataset', 'kv_cache'];
/** Spellings that a claim names. */
const MOST_NAMED = 5;

/**
 * Values of one label that differ in capitals alone, or in the tag `:latest` that names no version: they are kept apart, because
 * nothing says that they are the same, and so are compared as if they were different things, or not at all.
 */
export function spellingFacts(groups: readonly SampledGroup[]): Fact[] {
  return NAMED.flatMap((label) => {
    const spelt = new Map<string, Map<string, SampledGroup>>();
    for (const one of groups) {
      const value = one.group.labels[label];
      if (value === undefined) continue;
      const plain = value.toLowerCase().replace(/:latest$/, '');
      const known = spelt.get(plain) ?? new Map<string, SampledGroup>();
      spelt.set(plain, known.has(value) ? known : known.set(value, one));
    }
    return [...spelt].filter(([, spellings]) => spellings.size > 1).map(([plain, spellings]) => spellingFact(label, plain, spellings));
  });
}

function spellingFact(label: string, plain: string, spellings: ReadonlyMap<string, SampledGroup>): Fact {
  const all = [...spellings.keys()].sort(byCodeUnit);
  const named = all.slice(0, MOST_NAMED).join(', ');
  return fact({
    kind: 'doubt',
    metric: 'label_spelling',
    statistic: 'spellings',
    value: all.length,
    unit: null,
    labels: { label, value: plain },
    scope: DATASET_SCOPE,
    claim: `The label ${label} is spelt in ${counted(all.length, 'way')} that may mean the same: ${named}${all.length > MOST_NAMED ? ' and others' : ''}. They are kept apart.`,
    formula: 'count of values that differ in capitals or the tag latest alone',
    sources: all.flatMap((value) => spellings.get(value)?.group.sources.slice(0, 1) ?? []),
  });
}
