import type { Interval } from './interval.ts';
import { kthDifference } from './kth-difference.ts';
import { ascendingSome, requireConfidence, type Values } from './sample.ts';
import { criticalU } from './u-distribution.ts';

/** The shift from a to b, in the values' unit; `interval` is null where there are too few values for the confidence asked. */
export type Shift = { shift: number; interval: Interval | null };

/**
 * The Hodges-Lehmann estimate of the shift b - a: the median of all differences of one b and one a (Hodges & Lehmann,
 * "Estimates of location based on rank tests", Annals of Mathematical Statistics 34(2), 1963), with the distribution-free
 * interval that leaves out as many differences on each side as the Mann-Whitney test has critical values (Moses 1953;
 * Hollander & Wolfe, "Nonparametric statistical methods", section 4.3). Ties only make the interval safer. Not listing the
 * differences, it takes O((n + m) log) time. Throws RangeError for an empty sample, values that are not finite, and a confidence
 * outside of (0, 1).
 */
export function hodgesLehmann(a: Values, b: Values, confidence = 0.95): Shift {
  requireConfidence(confidence);
  const [inA, inB] = [ascendingSome(a, 'shift'), ascendingSome(b, 'shift')];
  const pairs = inA.length * inB.length;
  const lower = kthDifference(inA, inB, Math.ceil(pairs / 2));
  const shift = pairs % 2 === 1 ? lower : lower / 2 + kthDifference(inA, inB, pairs / 2 + 1) / 2;
  const { k, below } = criticalU(inA.length, inB.length, (1 - confidence) / 2);
  if (k < 0) return { shift, interval: null };
  const [low, high] = [kthDifference(inA, inB, k + 1), kthDifference(inA, inB, pairs - k)];
  return { shift, interval: { low, high, confidence: 1 - 2 * below } };
}
