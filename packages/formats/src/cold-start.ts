/** Loading a model takes at least this long, in seconds. */
const LEAST_SECONDS = 1;
/** … and this many times what the other records spent on it: a server that has the model states a load duration too. */
const LEAST_FACTOR = 5;

/** Whether a record's model was loaded first, which its time to first token and its latency then include. */
export type Start = 'cold' | 'warm';

/**
 * Tells records whose model was loaded first from those that found it loaded. A record is cold where its load duration is at least
 * a second and at least five times the median of the others'. Where none is, nothing can be told: all may be cold, or all warm.
 * @param loads load durations of the records of one file that did not fail, in seconds; null where a record states none
 * @returns by record: null where it states no load duration, and for all where none is cold
 */
export function startsOf(loads: readonly (number | null)[]): (Start | null)[] {
  const known = Float64Array.from(loads.filter((load) => load !== null)).sort();
  const isCold = (load: number): boolean => load >= LEAST_SECONDS && load >= LEAST_FACTOR * medianWithout(known, load);
  // The longest is cold if any is.
  if (!isCold(known.at(-1) ?? 0)) return loads.map(() => null);
  return loads.map((load) => (load === null ? null : isCold(load) ? 'cold' : 'warm'));
}

/** From which load duration on, in seconds, a record is cold beside others that it is not one of; null beside none. */
export function coldFrom(loads: readonly number[]): number | null {
  if (loads.length === 0) return null;
  const known = Float64Array.from(loads).sort();
  const middle = (known.length - 1) >> 1;
  const median = ((known[middle] ?? 0) + (known[known.length >> 1] ?? 0)) / 2;
  return Math.max(LEAST_SECONDS, LEAST_FACTOR * median);
}

/** The median of ascending numbers without one of them, which is among them; infinite where it stands alone. */
function medianWithout(ascending: Float64Array, one: number): number {
  const count = ascending.length - 1;
  if (count < 1) return Number.POSITIVE_INFINITY;
  // Of the two middle ones, those from `one` on move down by one place.
  const other = (index: number): number => ascending[(ascending[index] ?? one) < one ? index : index + 1] ?? Number.NaN;
  return (other((count - 1) >> 1) + other(count >> 1)) / 2;
}
