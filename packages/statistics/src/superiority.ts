import type { Values } from './sample.ts';
import { pairsWonByA, sizesOf, tieGroups } from './tie-groups.ts';

/**
 * The probability of superiority, P(b > a) + P(b = a) / 2 over all pairs: 0.5 where neither sample is above the other, 1 where
 * every b is above every a (Vargha & Delaney, "A critique and improvement of the CL common language effect size statistics",
 * Journal of Educational and Behavioral Statistics 25(2), 2000). In O(n log n). Throws RangeError for an empty sample.
 */
export function superiority(a: Values, b: Values): number {
  const groups = tieGroups(a, b);
  const sizes = sizesOf(groups);
  const pairs = sizes.a * sizes.b;
  return (pairs - pairsWonByA(groups)) / pairs;
}

/**
 * Cliff's delta, P(b > a) - P(b < a) over all pairs, from -1 to 1 (Cliff, "Dominance statistics: ordinal analyses to answer
 * ordinal questions", Psychological Bulletin 114(3), 1993). In O(n log n). Throws RangeError for an empty sample.
 */
export function cliffsDelta(a: Values, b: Values): number {
  const groups = tieGroups(a, b);
  const sizes = sizesOf(groups);
  const pairs = sizes.a * sizes.b;
  return (pairs - 2 * pairsWonByA(groups)) / pairs;
}
