import { binomials } from './binomial.ts';
import { pairsWonByA, sizesOf, type TieGroup } from './tie-groups.ts';

/**
 * The two-sided p-value of the Mann-Whitney statistic under the permutation distribution, given the ties that are there: of
 * all ways to choose which of the pooled values are a's, the share whose statistic is at most, or at least, the observed
 * one; the smaller share, doubled, and at most 1. All ways are counted, none is sampled: Klotz, "The Wilcoxon, ties, and the
 * computer", Journal of the American Statistical Association 61(315), 1966. Counts are exact below 2^53 (28 per side).
 * Takes about 0.1 ms for 20 values per side and 2 to 4 ms for 50: time grows with the square of the sizes' product.
 */
export function permutationP(groups: readonly TieGroup[]): number {
  const { below, equal, all } = countTail(oriented(groups));
  return Math.min(1, (2 * Math.min(below + equal, all - below)) / all);
}

/**
 * How many ways there are, with the values' numbers (`sizes`) in the order of counting. `step` is the weight of a pair that
 * the chosen side wins: 2 where there are ties, which weigh 1, so that the statistic is a whole number.
 */
type Problem = { sizes: readonly number[]; chosen: number; others: number; step: 1 | 2; observed: number };

/** The same question in its cheapest form: the smaller sample is chosen, and the observed statistic is in the lower half. */
function oriented(groups: readonly TieGroup[]): Problem {
  const { a, b } = sizesOf(groups);
  const won = pairsWonByA(groups);
  const sizes = groups.map((group) => group.a + group.b);
  const step = sizes.some((size) => size > 1) ? 2 : 1;
  // Counted from the greatest value down, the statistic is what the other side wins; so it is where the other side is chosen.
  if (a <= b === won > (a * b) / 2) sizes.reverse();
  return { sizes, chosen: Math.min(a, b), others: Math.max(a, b), step, observed: step * Math.min(won, a * b - won) };
}

/**
 * Dynamic programming over the values. A row holds, for one number of chosen values so far, the ways by their deficit: what
 * the remaining values must still add among themselves to end at the observed statistic. A way leaves the table as soon as
 * its end is sure: below, when even all that remains would not suffice; above, when the deficit is negative. Few are open at
 * any time, which is several times faster than to count all statistics.
 */
type Table = { problem: Problem; width: number; rows: Float64Array; next: Float64Array; choose: (n: number, k: number) => number };

function countTail(problem: Problem): { below: number; equal: number; all: number } {
  const { sizes, chosen, others, observed } = problem;
  const width = observed + 1;
  const cells = (chosen + 1) * width;
  const choose = binomials(chosen + others, chosen);
  const table: Table = { problem, width, rows: new Float64Array(cells), next: new Float64Array(cells), choose };
  table.rows[observed] = 1;
  let below = 0;
  let taken = 0;
  for (const size of sizes) {
    for (let k = Math.max(0, taken + size - others); k <= Math.min(chosen, taken + size); k += 1) below += addGroup(table, taken, size, k);
    taken += size;
    [table.rows, table.next] = [table.next, table.rows];
  }
  return { below, equal: table.rows[chosen * width] ?? 0, all: choose(chosen + others, chosen) };
}

/** Fills the next row k, after a group of `size` equal values; gives the ways that end below whatever follows. */
function addGroup({ problem, width, rows, next, choose }: Table, taken: number, size: number, k: number): number {
  const { chosen, others, step } = problem;
  const toChoose = chosen - k;
  const ceiling = step * toChoose * (others - (taken + size - k));
  const open = openDeficits(problem, taken + size, k);
  next.fill(0, k * width + open.least, k * width + open.most + 1);
  let closed = 0;
  for (let j = Math.max(0, k - taken); j <= Math.min(size, k, others - taken + k); j += 1) {
    const before = openDeficits(problem, taken, k - j);
    const shift = (size - j) * (step * toChoose + (j * step) / 2);
    const weight = choose(size, j);
    const from = (k - j) * width;
    const to = k * width - shift;
    const sure = Math.min(before.most, shift + ceiling);
    for (let d = Math.max(before.least, shift); d <= sure; d += 1) next[to + d] = (next[to + d] ?? 0) + weight * (rows[from + d] ?? 0);
    for (let d = Math.max(before.least, sure + 1); d <= before.most; d += 1) closed += weight * (rows[from + d] ?? 0);
  }
  return closed * choose(chosen + others - taken - size, toChoose);
}

/** The least and the greatest deficit of open ways with k of `taken` values chosen. */
function openDeficits({ chosen, others, step, observed }: Problem, taken: number, k: number): { least: number; most: number } {
  const unchosen = taken - k;
  const toChoose = chosen - k;
  return {
    least: Math.max(0, observed - step * chosen * unchosen),
    most: Math.min(step * toChoose * (others - unchosen), observed - step * toChoose * unchosen),
  };
}
