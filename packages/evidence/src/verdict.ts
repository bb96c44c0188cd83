import { type CanonicalMetric, METRICS, type Verdict } from '@chimera/shared/domain';
import {
  adjustBenjaminiHochberg,
  bootstrapRatio,
  hodgesLehmann,
  leastPerSide,
  mannWhitney,
  quantileOfSorted,
  superiority,
} from '@chimera/statistics';

/** What a verdict asks for. */
export const ALPHA = 0.05;
/** A relative difference below this is called none, however sure it is: clocks, turbo and temperature move results as much. */
export const NOISE_FLOOR = 0.02;
/** How surely a run of the better one beats one of the other. */
export const LEAST_SUPERIORITY = 0.9;
/** Fewest runs a side with which anything can be told. */
export const LEAST_RUNS = 4;

/** Two sides of a comparison in one metric: independent runs, ascending. */
export type Pair = { metric: CanonicalMetric; of: Float64Array; to: Float64Array };

/** What is known of one metric of a comparison; `ratio` is median over median, null where the other median is zero or next to it. */
export type Judged = {
  metric: CanonicalMetric;
  verdict: Verdict;
  medians: [number, number];
  ratio: number | null;
  /** 95 % interval of the ratio */
  interval: [number, number] | null;
  /** 95 % interval of the difference, where there is no ratio */
  shift: [number, number] | null;
  p: number | null;
  adjusted: number | null;
  /** that a run of `of` is better than one of `to` */
  superiority: number | null;
  n: [number, number];
  /** more runs that a side needs before a verdict is possible */
  needed: number;
};

/**
 * Judges one comparison: its headline metrics are the family over which p-values are adjusted. A verdict needs an adjusted p below
 * 0.05, an interval of the ratio that excludes one, a difference above the noise floor, and a probability of superiority of 0.9.
 * Metrics of which no direction is better are left out. Deterministic: the resampling is seeded by the values.
 * @param looks how often the results are looked at, this time included, where runs are added until something shows: p-values count
 *   so many times (Bonferroni)
 */
export function judge(pairs: readonly Pair[], looks = 1): Judged[] {
  const judged = pairs.filter(({ metric, of, to }) => METRICS[metric].direction !== 'none' && of.length > 0 && to.length > 0).map(measure);
  const tested = judged.filter(({ p }) => p !== null);
  const adjusted = adjustBenjaminiHochberg(tested.map(({ p }) => p ?? 1));
  for (const [i, one] of tested.entries()) one.adjusted = Math.min(1, (adjusted[i] ?? 1) * looks);
  // At least one metric stands to be tested, were there runs enough.
  const family = Math.max(1, tested.length > 0 ? tested.length : judged.length);
  return judged.map((one) => ({ ...one, ...decide(one, family * looks) }));
}

/** The fewest runs a side that can show a difference in one of the metrics of a family alone. */
export function leastRuns(family: number): number {
  return Math.max(LEAST_RUNS, leastPerSide(ALPHA, family));
}

function measure({ metric, of, to }: Pair): Judged {
  const medians: [number, number] = [quantileOfSorted(of, 0.5), quantileOfSorted(to, 0.5)];
  const n: [number, number] = [of.length, to.length];
  // A file may state anything: what is beyond the range of a double is no ratio.
  const ratio = finite(medians[0] / medians[1]);
  const base = { metric, verdict: 'not enough samples' as const, medians, ratio, n, needed: 0 };
  if (Math.min(...n) < LEAST_RUNS) return { ...base, interval: null, shift: null, p: null, adjusted: null, superiority: null };
  const greater = superiority(to, of);
  const shift = ratio === null ? (hodgesLehmann(to, of).interval ?? null) : null;
  const interval = bootstrapRatio(to, of, { confidence: 0.95, seed: seedOf(of, to) });
  return {
    ...base,
    interval: interval && finite(interval.low) !== null && finite(interval.high) !== null ? [interval.low, interval.high] : null,
    shift: shift && [shift.low, shift.high],
    p: mannWhitney(to, of).p,
    adjusted: null,
    superiority: METRICS[metric].direction === 'higher' ? greater : 1 - greater,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** @param family so many times the least p-value counts */
function decide(one: Judged, family: number): Pick<Judged, 'verdict' | 'needed'> {
  const { p, adjusted, ratio, interval, superiority: sure, n } = one;
  const fewest = Math.min(...n);
  if (p === null || adjusted === null || sure === null) {
    return { verdict: 'not enough samples', needed: leastRuns(family) - fewest };
  }
  const clear = sure >= LEAST_SUPERIORITY || sure <= 1 - LEAST_SUPERIORITY;
  // From nothing to something there is no ratio, and any difference is large; the interval is then that of the difference.
  const apart = ratio === null ? offZero(one.shift) : interval !== null && (interval[0] > 1 || interval[1] < 1);
  const large = ratio === null ? one.medians[0] !== 0 : Math.abs(ratio - 1) >= NOISE_FLOOR;
  if (adjusted < ALPHA && clear && apart && large) return { verdict: sure >= LEAST_SUPERIORITY ? 'better' : 'worse', needed: 0 };
  // The sides lie apart, and yet so few runs cannot show it in a family of this size.
  const least = leastPerSide(ALPHA, family);
  if ((sure === 1 || sure === 0) && large && adjusted >= ALPHA && fewest < least)
    return { verdict: 'not enough samples', needed: least - fewest };
  return { verdict: 'no difference shown', needed: 0 };
}

function offZero(interval: [number, number] | null): boolean {
  return interval !== null && (interval[0] > 0 || interval[1] < 0);
}

/** A seed out of the values themselves: the same values give the same interval, on any machine and in any order of arrival. */
function seedOf(of: Float64Array, to: Float64Array): number {
  let hash = 0x811c9dc5;
  for (const values of [of, to])
    for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
