import type { SegmentMoments } from './segment-moments.ts';
import { studentBeyond } from './student-t.ts';

/** Means that are nearer than this share of the greater one differ by what arithmetic rounds, not by what was measured: 16 last bits. */
const ROUNDING = 2 ** -48;

/**
 * The two-sided p-value of Student's t-test with a pooled variance ("The probable error of a mean", Biometrika 6(1), 1908): how likely
 * means so far apart are where both samples come from one normal distribution. 1 for means that are the same to the last bits, and
 * where the samples are too few to have a variance (one value each); 0 where neither varies and the means differ.
 */
export function tTest(a: SegmentMoments, b: SegmentMoments): number {
  const degrees = a.n + b.n - 2;
  const apart = b.mean - a.mean;
  if (degrees < 1 || Math.abs(apart) <= ROUNDING * Math.max(Math.abs(a.mean), Math.abs(b.mean))) return 1;
  const variance = (a.squares + b.squares) / degrees;
  const error = Math.sqrt(variance * (1 / a.n + 1 / b.n));
  return error === 0 ? 0 : studentBeyond(apart / error, degrees);
}
