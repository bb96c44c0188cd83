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
  const own = values.subarray(from, to);
  const between = new Float64Array(own.length);
  const meanX = new Float64Array(own.length + 1);
  const withinY = new Float64Array(own.length);
  let withinX = 0;
  let index = 0;
  let greatest = 0;
  for (let last = 1; last < own.length; last += 1) {
    const points = last + 1;
    withinX += takeIn(own, last, between, withinY);
    // As X these points are complete: what follows cuts them off all together.
    meanX[points] = meanOfPairs(points, withinX);
    for (let m = 1; m < points; m += 1) {
      const [n, pairs] = [points - m, m * (points - m)];
      const apart = (2 * (between[m] ?? 0)) / pairs - (meanX[m] ?? 0) - meanOfPairs(n, withinY[m] ?? 0);
      const divergence = (pairs / points) * apart;
      if (divergence > greatest) [index, greatest] = [m, divergence];
    }
  }
  return greatest > 0 ? { index: from + index, divergence: greatest } : null;
}

/**
 * Adds the distances of the point `last` to all before it: to X's points for `between`, to Y's for `withinY`, for every cut. Returns
 * the sum of them all.
 */
function takeIn(own: Float64Array, last: number, between: Float64Array, withinY: Float64Array): number {
  const value = own[last] ?? 0;
  let toX = 0;
  for (let cut = 1; cut <= last; cut += 1) {
    toX += Math.abs((own[cut - 1] ?? 0) - value);
    between[cut] = (between[cut] ?? 0) + toX;
  }
  let toY = 0;
  for (let cut = last - 1; cut >= 1; cut -= 1) {
    toY += Math.abs((own[cut] ?? 0) - value);
    withinY[cut] = (withinY[cut] ?? 0) + toY;
  }
  return toX;
}

/** The mean distance of the pairs among n points, from the sum of these; a single point has no distance within. */
function meanOfPairs(n: number, sum: number): number {
  return n > 1 ? (2 * sum) / (n * (n - 1)) : 0;
}
