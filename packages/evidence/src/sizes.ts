import { ARTIFACT_KINDS, DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import { quantileOfSorted } from '@chimera/statistics';
import type { Census, Headcount } from './census.ts';
import { fact, shown } from './fact.ts';

const DISTRIBUTION = [
  ['min', 0],
  ['median', 0.5],
  ['p95', 0.95],
  ['max', 1],
] as const;

/** The artifacts' sizes in bytes: total, per kind, and how they are distributed. */
export function sizeFacts({ all, kinds, sizes: inNoOrder }: Census): Fact[] {
  const sizes = inNoOrder.toSorted();
  const facts = [total(all, {}, 'artifacts[*].bytes', 'All artifacts together')];
  for (const kind of ARTIFACT_KINDS) {
    const some = kinds.get(kind);
    if (some) facts.push(total(some, { kind }, `artifacts[kind=${kind}].bytes`, `The artifacts of kind ${kind} together`));
  }
  for (const [statistic, p] of DISTRIBUTION) {
    const value = quantileOfSorted(sizes, p);
    facts.push(
      fact({
        kind: 'size',
        claim: `The ${statistic} of the artifacts' sizes is ${shown({ value, unit: 'bytes' })}.`,
        metric: 'artifact_size',
        statistic,
        value,
        unit: 'bytes',
        n: sizes.length,
        scope: DATASET_SCOPE,
        formula: `${statistic} of the sizes (type-7 quantile)`,
        sources: [{ inventory: 'artifacts[*].bytes' }],
      }),
    );
  }
  return facts;
}

function total({ n, bytes: value }: Headcount, labels: Record<string, string>, selector: string, who: string): Fact {
  return fact({
    kind: 'size',
    claim: `${who} have ${shown({ value, unit: 'bytes' })}.`,
    metric: 'artifact_size',
    statistic: 'sum',
    value,
    unit: 'bytes',
    n,
    labels,
    scope: DATASET_SCOPE,
    formula: 'sum of the sizes',
    sources: [{ inventory: selector }],
  });
}
