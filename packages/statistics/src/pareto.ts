/** Which way an objective is better. */
export type Better = 'higher' | 'lower';

/** What is known of a point in one objective: it lies between these two, in the objective's unit. */
export type Range = { low: number; high: number };

/**
 * The indices, ascending, of the points that no other dominates: is at least as good in every objective and better in one. Equal points
 * stay together. Points hold one number for each entry of `better`.
 * Throws RangeError for a point of another length, and for NaN: what was not measured cannot be placed.
 */
export function paretoFront(points: readonly (readonly number[])[], better: readonly Better[]): number[] {
  const ranges = points.map((point) => point.map((value) => ({ low: value, high: value })));
  return better.length === 2 ? frontOfPairs(ranges.map((range) => ends(range, better).worst)) : paretoFrontOfRanges(ranges, better);
}

/** The front in two objectives, greater being better: of a thousand points on it no two need be compared. */
function frontOfPairs(points: readonly number[][]): number[] {
  const placed = points.map((point, index) => ({ index, point }));
  placed.sort((x, y) => compareWorst(y.point, x.point));
  const front: number[] = [];
  /** the greatest second of all points whose first is greater, and that of those whose first is the same */
  let [above, beside] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let first = Number.NaN;
  // Nothing is above the greatest first, be its second minus infinity.
  const isTop = (own: number) => own === placed[0]?.point[0];
  for (const { index, point } of placed) {
    const [own = Number.NaN, other = Number.NaN] = point;
    if (own !== first) {
      above = Math.max(above, beside);
      // The first of those that share it has the greatest second.
      [first, beside] = [own, other];
    }
    if (other === beside && (other > above || isTop(own))) front.push(index);
  }
  return front.sort((x, y) => x - y);
}

/**
 * The indices, ascending, of the points that are not surely dominated: no other point is, at the worse end of its range, at least as
 * good in every objective as this one at the better end of its, and better in one. Ranges that overlap in one objective
 * decide nothing, so both points stay. Ranges of no width give the ordinary front.
 * Throws RangeError for a point of another length, and unless low <= high.
 */
export function paretoFrontOfRanges(points: readonly (readonly Range[])[], better: readonly Better[]): number[] {
  const placed = points.map((point, index) => ({ index, ...ends(point, better) }));
  // Who dominates comes first in this order, and what the dominated dominates its dominator does too: those kept suffice.
  placed.sort((x, y) => compareWorst(y.worst, x.worst));
  const front: typeof placed = [];
  for (const point of placed) if (!front.some((other) => dominates(other.worst, point.best))) front.push(point);
  return front.map(({ index }) => index).sort((x, y) => x - y);
}

type Ends = { worst: number[]; best: number[] };

/** Both ends of a point's ranges, turned so that greater is better. */
function ends(point: readonly Range[], better: readonly Better[]): Ends {
  if (point.length !== better.length) throw new RangeError(`A point has ${point.length} objectives where ${better.length} are compared.`);
  const result: Ends = { worst: [], best: [] };
  for (const [i, { low, high }] of point.entries()) {
    if (!(low <= high)) throw new RangeError(`A range from ${low} to ${high} is none.`);
    result.worst.push(better[i] === 'higher' ? low : -high);
    result.best.push(better[i] === 'higher' ? high : -low);
  }
  return result;
}

function dominates(worst: readonly number[], best: readonly number[]): boolean {
  let isBetter = false;
  for (const [i, value] of worst.entries()) {
    const other = best[i] ?? Number.NaN;
    if (!(value >= other)) return false;
    if (value > other) isBetter = true;
  }
  return isBetter;
}

function compareWorst(x: readonly number[], y: readonly number[]): number {
  for (const [i, value] of x.entries()) {
    const other = y[i] ?? Number.NaN;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
