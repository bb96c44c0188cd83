import { MOST_RUNS, type Over } from '@chimera/shared/domain';
import { joinedParts, quantileOfSorted, scaleFor, sortFinite, TwoPassMoments } from '@chimera/statistics';

/** Values of one sample set that are kept one by one; of more there is a digest. */
export const MOST_KEPT = 250_000;

/**
 * What very many values come to, in their unit. `mean` is their compensated sum over n, `stddev` the sample's (n - 1) by two passes,
 * null for n < 2; median, p95 and p99 are type-7 quantiles of all of them.
 */
export type Digest = {
  n: number;
  min: number;
  max: number;
  mean: number;
  stddev: number | null;
  median: number;
  p95: number;
  p99: number;
};

/** What is known of values of several digests together: no quantile follows from theirs. */
export type PooledDigest = Pick<Digest, 'n' | 'min' | 'max' | 'mean'> & Partial<Pick<Digest, 'stddev' | 'median' | 'p95' | 'p99'>>;

/** Whether each value counts by itself: what a file computed of a run, and what it calls runs or repetitions. */
export function isEachARun({ statistic, over }: { statistic: string; over: Over | null }): boolean {
  return statistic !== 'value' || over === 'runs' || over === 'repetitions';
}

/** The ranks of evenly spaced values of an order of n, the least and the greatest among them: all, where they are few. */
export function thinnedRanks(n: number): number[] {
  if (n <= MOST_RUNS) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: MOST_RUNS }, (_, i) => Math.round((i * (n - 1)) / (MOST_RUNS - 1)));
}

/** The digest of values in the order of their file, and the values in ascending order. Throws RangeError for no values. */
export function digestOf(values: Float64Array): { digest: Digest; ascending: Float64Array } {
  const ascending = sortFinite(values.slice());
  const [min = Number.NaN, max = Number.NaN] = [ascending[0], ascending.at(-1)];
  const quantiles = {
    median: quantileOfSorted(ascending, 0.5),
    p95: quantileOfSorted(ascending, 0.95),
    p99: quantileOfSorted(ascending, 0.99),
  };
  return { digest: { n: values.length, min, max, ...momentsOf(values, min, max), ...quantiles }, ascending };
}

function momentsOf(values: Float64Array, min: number, max: number): Pick<Digest, 'mean' | 'stddev'> {
  if (min === max) return ofOneValue(values.length, min);
  const scale = scaleFor(Math.max(Math.abs(min), Math.abs(max)));
  const moments = new TwoPassMoments(scale);
  moments.sum(values);
  moments.square(values);
  return joinedParts([moments.part()], scale);
}

/** The moments of n values that are all the same: nothing is rounded. */
export function ofOneValue(n: number, value: number): Pick<Digest, 'mean' | 'stddev'> {
  return { mean: value, stddev: n < 2 ? null : 0 };
}
