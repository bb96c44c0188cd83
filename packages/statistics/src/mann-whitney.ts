import { normalAbove } from './normal.ts';
import { permutationP } from './permutation-tail.ts';
import type { Values } from './sample.ts';
import { pairsWonByA, sizesOf, type TieGroup, tieGroups } from './tie-groups.ts';

/** Up to so many pairs, 50 values per side or 5 against 500, p-values are exact. */
export const MOST_EXACT_PAIRS = 2_500;

/**
 * `u` is the number of pairs of one a and one b in which a is the greater, ties counted as half (as scipy and R count it);
 * `p` is two-sided: twice the smaller tail, at most 1.
 */
export type MannWhitney = { u: number; p: number; method: 'exact' | 'normal' };

/**
 * The Mann-Whitney test of whether a and b come from one distribution (Mann & Whitney, "On a test of whether one of two random
 * variables is stochastically larger than the other", Annals of Mathematical Statistics 18(1), 1947). Exact, ties included,
 * up to MOST_EXACT_PAIRS pairs, else by the normal approximation. p is 1 where all values are equal.
 * Throws RangeError for an empty sample and for values that are not finite.
 */
export function mannWhitney(a: Values, b: Values): MannWhitney {
  const groups = tieGroups(a, b);
  const sizes = sizesOf(groups);
  if (sizes.a * sizes.b > MOST_EXACT_PAIRS) return approximated(groups);
  return { u: pairsWonByA(groups), p: permutationP(groups), method: 'exact' };
}

/** The same test by the normal approximation, whatever the sizes; too rough for few values, see `mannWhitney`. */
export function mannWhitneyApproximation(a: Values, b: Values): MannWhitney {
  return approximated(tieGroups(a, b));
}

/**
 * Corrected for continuity and for ties: Lehmann, "Nonparametrics: statistical methods based on ranks" (1975), chapter 1,
 * sections 3 and 4.
 */
function approximated(groups: readonly TieGroup[]): MannWhitney {
  const { a, b } = sizesOf(groups);
  const n = a + b;
  const u = pairsWonByA(groups);
  let ties = 0;
  for (const group of groups) {
    const size = group.a + group.b;
    ties += (size - 1) * size * (size + 1);
  }
  const deviation = Math.sqrt(((a * b) / 12) * (n + 1 - ties / (n * (n - 1))));
  const distance = Math.abs(u - (a * b) / 2) - 0.5;
  return { u, p: distance <= 0 ? 1 : Math.min(1, 2 * normalAbove(distance / deviation)), method: 'normal' };
}
