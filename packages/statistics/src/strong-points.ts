import { joinedMoments, type SegmentMoments, segmentMoments } from './segment-moments.ts';
import { tTest } from './t-test.ts';

/** A point that stays, and the p-value of the t-test between the stretches to its left and to its right. */
export type StrongPoint = { readonly index: number; readonly p: number };

/** A point with what lies between it and the next one. */
type Point = { readonly index: number; p: number; magnitude: number; after: SegmentMoments };

/**
 * Of the weak points (ascending) those that hold against the stretches between them: the one with the greatest p is taken out and its
 * two stretches become one, which changes the tests of its neighbours, until all that are left have p < maxP; then likewise the one
 * with the least magnitude, until all exceed `minMagnitude`. Of equal ones the first goes.
 */
export function strongPoints(values: Float64Array, weak: readonly number[], maxP: number, minMagnitude: number): StrongPoint[] {
  let first = segmentMoments(values, 0, weak[0] ?? values.length);
  const points = weak.map((index, i): Point => {
    return { index, p: 1, magnitude: 0, after: segmentMoments(values, index, weak[i + 1] ?? values.length) };
  });
  const test = (place: number): void => {
    const point = points[place];
    if (!point) return;
    const before = points[place - 1]?.after ?? first;
    point.p = tTest(before, point.after);
    point.magnitude = changeMagnitude(before.mean, point.after.mean);
  };
  for (const place of points.keys()) test(place);
  for (;;) {
    const place = weakest(points, maxP, minMagnitude);
    if (place === null) return points.map(({ index, p }) => ({ index, p }));
    const [gone] = points.splice(place, 1);
    const before = points[place - 1];
    if (gone && before) before.after = joinedMoments(before.after, gone.after);
    else if (gone) first = joinedMoments(first, gone.after);
    test(place - 1);
    test(place);
  }
}

/** The place of the point that goes next; null where all may stay. */
function weakest(points: readonly Point[], maxP: number, minMagnitude: number): number | null {
  const byP = points.reduce<number>((most, point, i) => (point.p > (points[most]?.p ?? 0) ? i : most), 0);
  if (points.length > 0 && !((points[byP]?.p ?? 1) < maxP)) return byP;
  const least = points.reduce<number>((found, point, i) => (point.magnitude < (points[found]?.magnitude ?? 0) ? i : found), 0);
  return points.length > 0 && !((points[least]?.magnitude ?? 0) > minMagnitude) ? least : null;
}

/** How much greater the greater of two means is than the lesser, as a share of the lesser; infinite where they have no ratio. */
function changeMagnitude(before: number, after: number): number {
  if (before * after <= 0) return before === after ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(Math.abs(after / before - 1), Math.abs(before / after - 1));
}
