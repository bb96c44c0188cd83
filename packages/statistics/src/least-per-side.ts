/**
 * The least number of values per side with which a comparison can come out at all: complete separation of n against n values has
 * the exact two-sided p-value 2 / C(2n, n), and that times the family's size, which is what Benjamini & Hochberg's adjustment makes
 * of the only small p-value in a family, is below alpha. For alpha 0.05: 4 for a single test, 5 for six.
 * Throws RangeError for an alpha outside of (0, 1] and a family that is not a positive integer.
 */
export function leastPerSide(alpha: number, family: number): number {
  if (!(alpha > 0 && alpha <= 1)) throw new RangeError(`An alpha lies between 0 and 1; it was ${alpha}.`);
  if (!(Number.isInteger(family) && family > 0))
    throw new RangeError(`A family has a whole number of tests, at least 1; it was ${family}.`);
  let ways = 2;
  let n = 1;
  while (!(Math.min(1, (2 / ways) * family) < alpha)) {
    n += 1;
    ways = (ways * 2 * (2 * n - 1)) / n;
  }
  return n;
}
