/** What a segment of a series is to a t-test: how many points, their mean, and the sum of their squared deviations from it. */
export type SegmentMoments = { readonly n: number; readonly mean: number; readonly squares: number };

/** The moments of the points from `from` up to, and without, `to`, in the order they have: by Welford's recurrence. */
export function segmentMoments(values: Float64Array, from: number, to: number): SegmentMoments {
  let mean = 0;
  let squares = 0;
  let n = 0;
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? 0;
    n += 1;
    const before = value - mean;
    mean += before / n;
    squares += before * (value - mean);
  }
  return { n, mean, squares };
}

/**
 * The moments of two segments as one, from theirs alone (Chan, Golub & LeVeque, "Algorithms for computing the sample variance", The
 * American Statistician 37(3), 1983): to join segments costs the same however long they are.
 */
export function joinedMoments(a: SegmentMoments, b: SegmentMoments): SegmentMoments {
  const n = a.n + b.n;
  const apart = b.mean - a.mean;
  return { n, mean: a.mean + (apart * b.n) / n, squares: a.squares + b.squares + (apart * apart * a.n * b.n) / n };
}
