/** A value at one moment of a monotonic clock, in milliseconds. */
export interface Point {
  atMs: number;
  value: number;
}

/**
 * The mean over time of what the points (in order) are moments of: straight lines between them, and before the first and after the
 * last the value stays. Points outside the time asked for count only for the lines that lead into it. For a time without length,
 * the value at that moment. Never outside the points' own range; null without points.
 */
export function meanOverTime(points: readonly Point[], fromMs: number, toMs: number): number | null {
  const start = valueAt(points, fromMs);
  const end = valueAt(points, toMs);
  if (start === null || end === null) return null;
  if (toMs <= fromMs) return start;
  const inside = points.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
  let before: Point = { atMs: fromMs, value: start };
  let area = 0;
  for (const point of [...inside, { atMs: toMs, value: end }]) {
    area += ((before.value + point.value) / 2) * (point.atMs - before.atMs);
    before = point;
  }
  const least = points.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const greatest = points.reduce((greatest, { value }) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
  return Math.min(Math.max(area / (toMs - fromMs), least), greatest); // rounding must not lead outside
}

function valueAt(points: readonly Point[], atMs: number): number | null {
  const after = points.find((point) => point.atMs >= atMs);
  const before = points.findLast((point) => point.atMs <= atMs);
  if (after === undefined || before === undefined) return (after ?? before)?.value ?? null;
  if (after.atMs === before.atMs) return before.value;
  return before.value + (after.value - before.value) * ((atMs - before.atMs) / (after.atMs - before.atMs));
}
