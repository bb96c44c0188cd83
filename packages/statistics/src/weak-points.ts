import { bestSplit, type EnergySplit } from './energy-split.ts';
import { segmentMoments } from './segment-moments.ts';
import { tTest } from './t-test.ts';

/** A stretch without a change as yet, with where it would be cut next. */
type Stretch = { readonly from: number; readonly to: number; readonly split: EnergySplit | null };

/** The points from `start` up to, and without, `end` that were searched together, and where they may change, ascending. */
export type Window = { readonly start: number; readonly end: number; readonly found: readonly number[] };

const NONE: readonly number[] = [];

/**
 * Where the series may change, ascending in windows of `size` points: they are divided one after the other, the next one beginning half
 * a window further on or at the last point found, whichever is later. A change that a whole series would hide (it goes up, and later
 * back) shows in a window; a change near the end of one window is in the middle of the next.
 * @param known the windows of a series that begins with the same `same` values, searched with the same `size` and `maxP`: what was
 *   found in a window hangs on its values alone, and where the next one begins on what was found, so these are not searched again
 */
export function searchedWindows(values: Float64Array, size: number, maxP: number, known: readonly Window[] = [], same = 0): Window[] {
  const windows: Window[] = [];
  for (let start = 0; start < values.length; ) {
    const end = Math.min(start + size, values.length);
    const before = known[windows.length];
    const isKnown = before?.start === start && before.end === end && end <= same;
    const window = isKnown ? before : { start, end, found: divided(values, start, end, maxP) };
    windows.push(window);
    start = Math.max(start + Math.floor(size / 2), window.found.at(-1) ?? 0);
  }
  return windows;
}

/**
 * The divisive search of Matteson & James within one window: of all stretches the one whose best split diverges most is cut there,
 * again and again, until that split is no longer significant. The t-test stands in for their permutations, and sees the whole stretch.
 */
function divided(values: Float64Array, start: number, end: number, maxP: number): readonly number[] {
  const stretch = (from: number, to: number): Stretch => ({ from, to, split: bestSplit(values, from, to) });
  const stretches = [stretch(start, end)];
  for (;;) {
    const [place, next] = mostDivergent(stretches);
    if (!next?.split) break;
    const { from, to, split } = next;
    if (tTest(segmentMoments(values, from, split.index), segmentMoments(values, split.index, to)) > maxP) break;
    stretches.splice(place, 1, stretch(from, split.index), stretch(split.index, to));
  }
  return stretches.length === 1 ? NONE : stretches.slice(1).map(({ from }) => from);
}

/** The stretch that diverges most, with its place; of equal ones the first. */
function mostDivergent(stretches: readonly Stretch[]): [place: number, stretch: Stretch | undefined] {
  let place = 0;
  for (const [i, { split }] of stretches.entries()) {
    if ((split?.divergence ?? 0) > (stretches[place]?.split?.divergence ?? 0)) place = i;
  }
  return [place, stretches[place]];
}
