/**
 * The k-th least (from 1) of all differences of one b and one a, without listing them: in a table with one row for each a they
 * ascend along b and descend along a, so those up to a bound are counted in one walk, and the bound is bisected between differences
 * that occur (after Johnson & Mizoguchi, "Selecting the kth element in X + Y and X1 + X2 + … + Xm", SIAM Journal on
 * Computing 7(2), 1978). Both ascend, neither is empty; k is from 1 to their sizes' product.
 */
export function kthDifference(a: Float64Array, b: Float64Array, k: number): number {
  let low = (b[0] ?? Number.NaN) - (a.at(-1) ?? Number.NaN);
  let high = (b.at(-1) ?? Number.NaN) - (a[0] ?? Number.NaN);
  while (low < high) {
    const middle = low / 2 + high / 2;
    // No number lies between neighbours, and none between infinities: then the bound is the lower one itself.
    const { count, last, next } = differencesUpTo(a, b, middle >= low && middle < high ? middle : low);
    if (count >= k) high = last;
    else low = next;
  }
  return low;
}

/** How many differences are at most `bound`; the greatest of them, and the least of the others. */
function differencesUpTo(a: Float64Array, b: Float64Array, bound: number): { count: number; last: number; next: number } {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  let j = 0;
  for (const value of a) {
    while (j < b.length && (b[j] ?? Number.NaN) - value <= bound) j += 1;
    count += j;
    if (j > 0) last = Math.max(last, (b[j - 1] ?? Number.NaN) - value);
    if (j < b.length) next = Math.min(next, (b[j] ?? Number.NaN) - value);
  }
  return { count, last, next };
}
