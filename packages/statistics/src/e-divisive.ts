import { preciseMoments } from './precise-moments.ts';
import type { Values } from './sample.ts';
import { scaleFor } from './scale.ts';
import { type StrongPoint, strongPoints } from './strong-points.ts';
import { searchedWindows, type Window } from './weak-points.ts';

/** Shorter series have no change points: with fewer points, a step and a few outliers look alike. */
export const LEAST_FOR_CHANGE_POINTS = 10;

/** A point that is weak, and may be taken out again, needs to be this much less certain than one that stays. */
const WEAKER = 10;

export type ChangePointOptions = {
  /** How many points are looked at at once: at least 2. */
  readonly window?: number;
  /** The p-value of a change is below it. */
  readonly maxP?: number;
  /** The greater mean exceeds the lesser by more than this share of it. */
  readonly minMagnitude?: number;
};

/** A level of a series, from one change to the next. The deviation is the sample's (n - 1); null for a single point. */
export type Level = { readonly n: number; readonly mean: number; readonly stddev: number | null };

/**
 * A change of a series: `index` is the first point of the new level, `before` and `after` are the levels that meet there, `p` is the
 * p-value of the t-test between them, and `ratio` is the mean after over the mean before: null where one of them is 0 or their signs differ.
 */
export type ChangePoint = {
  readonly index: number;
  readonly before: Level;
  readonly after: Level;
  readonly p: number;
  readonly ratio: number | null;
};

/**
 * Where the level of a series changes, ascending: E-divisive (Matteson & James, "A nonparametric approach for multiple change point
 * analysis of multivariate data", Journal of the American Statistical Association 109, 2014) as adapted to benchmarks by Fleming,
 * Kołaczkowski et al. ("Hunter: using change point detection to hunt for performance regressions", ICPE 2023): Student's t-test in
 * place of permutations, so that the same series always gives the same points; windows that overlap by half; and weak points, found
 * with ten times the p-value, of which those go again that do not hold between their neighbours. The defaults are strict (p < 0.001)
 * and know no least magnitude: with a loose p and a least magnitude, noise that comes in bursts passes.
 *
 * Of 1,000 seeded series of normal noise without a change, 23 of 50 points have one nonetheless, 45 of 100 points and 143 of 400: each
 * window is searched, so long series and many series need an eye for that.
 *
 * Takes about 2 * n * window steps. A series shorter than `LEAST_FOR_CHANGE_POINTS` has none. Throws RangeError for values that are
 * not finite and for options out of range.
 */
export function changePoints(values: Values, options: ChangePointOptions = {}): ChangePoint[] {
  return [...new ChangePointSearch(options).points(values)];
}

/**
 * Looks for the change points of one series again and again, as values are added to it: what was found in windows of values that are
 * the same is not looked for again, so that one value more takes about window * window steps. The points are to the last bit those of
 * `changePoints`, whatever was searched before. Holds the values that it searched last.
 */
export class ChangePointSearch {
  readonly #window: number;
  readonly #maxP: number;
  readonly #minMagnitude: number;
  // The first so many are values; the rest is room for more.
  #values = new Float64Array(0);
  #length = 0;
  #scale = 1;
  #windows: readonly Window[] = [];
  #points: readonly ChangePoint[] = [];

  /** Throws RangeError for options out of range. */
  constructor({ window = 50, maxP = 0.001, minMagnitude = 0 }: ChangePointOptions = {}) {
    if (!Number.isSafeInteger(window) || window < 2) throw new RangeError(`A window is at least 2 points; it was ${window}.`);
    if (!(maxP > 0 && maxP < 1)) throw new RangeError(`A p-value to stay below lies between 0 and 1; it was ${maxP}.`);
    if (!(minMagnitude >= 0)) throw new RangeError(`A magnitude is 0 or more; it was ${minMagnitude}.`);
    this.#window = window;
    this.#maxP = maxP;
    this.#minMagnitude = minMagnitude;
  }

  /** As `changePoints` gives them, and throws. */
  points(given: Values): readonly ChangePoint[] {
    const same = sameAtStart(given, this.#values.subarray(0, this.#length));
    if (same === given.length && same === this.#length) return this.#points;
    for (let i = same; i < given.length; i += 1)
      if (!Number.isFinite(given[i])) throw new RangeError('A series holds finite numbers only.');
    const values = this.#taken(given, same);
    const scale = scaleFor(greatestIn(values));
    const scaled = scale === 1 ? values : values.map((value) => value * scale);
    const known = scale === this.#scale ? same : 0;
    const isShort = values.length < LEAST_FOR_CHANGE_POINTS;
    const windows = isShort ? [] : searchedWindows(scaled, this.#window, Math.min(1, this.#maxP * WEAKER), this.#windows, known);
    const weak = windows.flatMap(({ found }) => found);
    this.#points = withLevels(values, strongPoints(scaled, weak, this.#maxP, this.#minMagnitude), this.#points, same);
    this.#windows = windows;
    this.#scale = scale;
    this.#length = values.length;
    return this.#points;
  }

  /** Holds the values, of which the first `same` are held already; until they are searched, none count as held. */
  #taken(given: Values, same: number): Float64Array {
    this.#length = 0;
    if (given.length > this.#values.length) {
      const more = new Float64Array(given.length + (given.length >> 3));
      more.set(this.#values.subarray(0, same));
      this.#values = more;
    }
    for (let i = same; i < given.length; i += 1) this.#values[i] = given[i] ?? Number.NaN;
    return this.#values.subarray(0, given.length);
  }
}

/** How many values at the start are the same in both. */
function sameAtStart(a: Values, b: Values): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i += 1) if (!Object.is(a[i], b[i])) return i;
  return most;
}

function greatestIn(values: Float64Array): number {
  let greatest = 0;
  for (let i = 0; i < values.length; i += 1) greatest = Math.max(greatest, Math.abs(values[i] ?? 0));
  return greatest;
}

/** @param known points of a series that begins with the same `same` values: levels among these stay */
function withLevels(series: Float64Array, strong: readonly StrongPoint[], known: readonly ChangePoint[], same: number): ChangePoint[] {
  if (strong.length === 0) return [];
  const knownLevels = new Map(known.map(({ index, before }) => [index - before.n, before]));
  const levels = [0, ...strong.map(({ index }) => index)].map((from, i) => {
    const to = strong[i]?.index ?? series.length;
    const before = knownLevels.get(from);
    return before && from + before.n === to && to <= same ? before : levelOf(series.subarray(from, to));
  });
  return strong.flatMap(({ index, p }, i) => {
    const [before, after] = [levels[i], levels[i + 1]];
    return before && after ? [{ index, before, after, p, ratio: ratioOf(before.mean, after.mean) }] : [];
  });
}

function levelOf(values: Float64Array): Level {
  return { n: values.length, ...preciseMoments(values) };
}

function ratioOf(before: number, after: number): number | null {
  return Math.sign(before) === Math.sign(after) && before !== 0 ? after / before : null;
}
