import { ascendingSome, type Values } from './sample.ts';

/** How often one value occurs in each of two samples. */
export type TieGroup = { a: number; b: number };

/** The distinct values of two samples, ascending: all that a rank statistic depends on. Throws RangeError for an empty sample. */
export function tieGroups(a: Values, b: Values): TieGroup[] {
  const [inA, inB] = [ascendingSome(a, 'rank'), ascendingSome(b, 'rank')];
  const groups: TieGroup[] = [];
  let [i, j] = [0, 0];
  while (i < inA.length || j < inB.length) {
    const value = Math.min(inA[i] ?? Number.POSITIVE_INFINITY, inB[j] ?? Number.POSITIVE_INFINITY);
    const [firstA, firstB] = [i, j];
    while (inA[i] === value) i += 1;
    while (inB[j] === value) j += 1;
    groups.push({ a: i - firstA, b: j - firstB });
  }
  return groups;
}

/** The sizes of both samples. */
export function sizesOf(groups: readonly TieGroup[]): { a: number; b: number } {
  let [a, b] = [0, 0];
  for (const group of groups) {
    a += group.a;
    b += group.b;
  }
  return { a, b };
}

/** Of all pairs of one a and one b, those in which a is the greater, and half of those in which they are equal. */
export function pairsWonByA(groups: readonly TieGroup[]): number {
  let [won, lesserB] = [0, 0];
  for (const { a, b } of groups) {
    won += a * (lesserB + b / 2);
    lesserB += b;
  }
  return won;
}
