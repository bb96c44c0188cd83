import { byCodeUnit, counted, DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import { fact } from './fact.ts';
import type { SampledGroup } from './groups.ts';

/** Labels whose values people and tools write in several ways. */
export const SPELT_LABELS = ['model', 'quantization', 'gpu', 'cpu', 'host', 'engine', 'backend', 'dataset', 'kv_cache'];
/** Spellings that a claim names. */
const MOST_NAMED = 5;

/** What spellings of one thing have in common. */
export function plainOf(value: string): string {
  return value.toLowerCase().replace(/:latest$/, '');
}

/**
 * Values of one label that differ in capitals alone, or in the tag `:latest` that names no version: they are kept apart, because
 * nothing says that they are the same, and so are compared as if they were different things, or not at all.
 * @param spelt values of these labels, each with groups that have it, the first of each among them
 */
export function spellingFacts(spelt: Iterable<{ label: string; value: string; group: SampledGroup }>): Fact[] {
  const firsts = new Map<string, Map<string, SampledGroup>>(SPELT_LABELS.map((label) => [label, new Map()]));
  for (const { label, value, group } of spelt) {
    const ofLabel = firsts.get(label);
    const first = ofLabel?.get(value);
    if (first === undefined || byCodeUnit(group.key, first.key) < 0) ofLabel?.set(value, group);
  }
  return [...firsts].flatMap(([label, groups]) => {
    const byPlain = Map.groupBy(groups, ([value]) => plainOf(value));
    const several = [...byPlain].filter(([, spellings]) => spellings.length > 1);
    return several.map(([plain, spellings]) => spellingFact(label, plain, new Map(spellings)));
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
