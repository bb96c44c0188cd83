import { timesPowerOfTwo } from './elementary.ts';
import type { Interval } from './interval.ts';
import { ascending, requireConfidence, type Values } from './sample.ts';

/**
 * The interval of the median between two order statistics, whatever the distribution: the k-th least and the k-th greatest value,
 * with the greatest k that keeps the confidence asked; the confidence reached is 1 - 2 P(X < k), X binomial with p = 0.5 (the sign
 * test turned around: Conover, "Practical nonparametric statistics", section 3.2). Both ends are equally safe. It is benchstat's
 * default too, but for some n (8 is the first) that takes one value less at the upper end, where the confidence allows.
 * null where even the least and the greatest value do not reach the confidence: for 0.95, below 6 values.
 * Throws RangeError for values that are not finite and a confidence outside of (0, 1).
 */
export function medianInterval(values: Values, confidence = 0.95): Interval | null {
  requireConfidence(confidence);
  const sorted = ascending(values);
  const { k, reached } = medianOrder(sorted.length, confidence);
  const [low, high] = [sorted[k - 1], sorted[sorted.length - k]];
  return low === undefined || high === undefined ? null : { low, high, confidence: reached };
}

/** The least number of values for which `medianInterval` has an answer. */
export function leastForMedianInterval(confidence = 0.95): number {
  requireConfidence(confidence);
  for (let n = 2; ; n += 1) if (medianOrder(n, confidence).k > 0) return n;
}

/** Numbers above this are scaled down, so that the sums of binomial coefficients stay finite. */
const GREAT = timesPowerOfTwo(1, 900);

/** The greatest k for n values, 0 where there is none, and the confidence that it reaches. */
function medianOrder(n: number, confidence: number): { k: number; reached: number } {
  let [ways, sum, exponent] = [1, 1, -n];
  let [k, reached] = [0, 1];
  // `sum` times 2^exponent is P(X <= k): how likely the median lies below the (k + 1)-th value.
  for (;;) {
    const next = 1 - 2 * timesPowerOfTwo(sum, exponent);
    if (!(next >= confidence)) return { k, reached };
    [k, reached] = [k + 1, next];
    ways = (ways * (n - k + 1)) / k;
    sum += ways;
    if (ways > GREAT) [ways, sum, exponent] = [ways / GREAT, sum / GREAT, exponent + 900];
  }
}
