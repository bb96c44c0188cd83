/** Where a segment falls apart best, and how far apart its two sides then are. */
export type EnergySplit = { readonly index: number; readonly divergence: number };

/**
 * Of all ways to cut the points from `from` up to `to` into X = [from, index) and Y = [index, end), with end <= to, the one with the
 * greatest divergence of Matteson & James ("A nonparametric approach for multiple change point analysis of multivariate data",
 * Journal of the American Statistical Association 109, 2014; with the exponent 1): the mean distance between a point of X and one
 * of Y, twice, less the mean distances within X and within Y, times |X| |Y| / (|X| + |Y|). That Y may end early keeps
 * what follows from blurring a change. Of equal ones the earliest end, then the earliest index. null where nothing diverges.
 *
 * Each point that comes in as the new last one adds its distances to sums kept per index, so that all cuts of m points take
 * about m * m steps and 3 * m numbers. Sums of whole numbers stay exact, so ties there do not hang on rounding.
 */
export function bestSplit(values: Float64Array, from: number, to: number): EnergySplit | null {
  const points = to - from;
  const between = new Float64Array(points + 1);
  const withinX = new Float64Array(points + 1);
  const withinY = new Float64Array(points + 1);
  let best: EnergySplit | null = null;
  for (let last = 1; last < points; last += 1) {
    takeIn(values, from, last, between, withinX, withinY);
    for (let cut = 1; cut <= last; cut += 1) {
      const divergence = divergenceOf(cut, last + 1 - cut, between[cut] ?? 0, withinX[cut] ?? 0, withinY[cut] ?? 0);
      if (divergence > (best?.divergence ?? 0)) best = { index: from + cut, divergence };
    }
  }
  return best;
}

/** Adds the distances of the point `last` to all before it: to X's points for `between`, to Y's for `withinY`, for every cut. */
function takeIn(
  values: Float64Array,
  from: number,
  last: number,
  between: Float64Array,
  withinX: Float64Array,
  withinY: Float64Array,
): void {
  const value = values[from + last] ?? 0;
  let toX = 0;
  for (let cut = 1; cut <= last; cut += 1) {
    toX += Math.abs((values[from + cut - 1] ?? 0) - value);
    between[cut] = (between[cut] ?? 0) + toX;
  }
  withinX[last + 1] = (withinX[last] ?? 0) + toX;
  let toY = 0;
  for (let cut = last - 1; cut >= 1; cut -= 1) {
    toY += Math.abs((values[from + cut] ?? 0) - value);
    withinY[cut] = (withinY[cut] ?? 0) + toY;
  }
}

/** The divergence, from the sums of the distances between m and n points, and within each; a single point has no distance within. */
function divergenceOf(m: number, n: number, between: number, withinX: number, withinY: number): number {
  const meanX = m > 1 ? (2 * withinX) / (m * (m - 1)) : 0;
  const meanY = n > 1 ? (2 * withinY) / (n * (n - 1)) : 0;
  return ((m * n) / (m + n)) * ((2 * between) / (m * n) - meanX - meanY);
}
