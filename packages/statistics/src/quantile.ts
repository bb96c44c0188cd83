/**
 * The type-7 quantile (Hyndman & Fan 1996; the default of R, NumPy and DuckDB's quantile_cont):
 * linear interpolation at index (n - 1) * p of the sorted values.
 * Takes values in any order, p in [0, 1]. Throws RangeError for no values or p outside.
 */
export function quantile(values: readonly number[], p: number): number {
  const { low, high, between } = neighbours(new Float64Array(values).sort(), p);
  return low === high ? low : low + between * (high - low);
}

/**
 * The type-7 quantile of values that ascend, weighing both neighbours: to the last bit what DuckDB's quantile_cont
 * gives, so that whoever queries the published table finds the published numbers.
 * Throws RangeError for no values or p outside of [0, 1].
 */
export function quantileOfSorted(ascending: Float64Array, p: number): number {
  const { low, high, between } = neighbours(ascending, p);
  return weighed(low, high, between);
}

/**
 * Where the type-7 quantile of n values lies: between the values of two neighbouring ranks (0-based, ascending), `between` of the way,
 * in [0, 1). Throws RangeError for no values or p outside of [0, 1].
 */
export function quantilePlace(n: number, p: number): { low: number; high: number; between: number } {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A quantile needs p between 0 and 1; it was ${p}.`);
  if (!(n >= 1)) throw new RangeError('There is no quantile of no values.');
  const at = (n - 1) * p;
  return { low: Math.floor(at), high: Math.ceil(at), between: at - Math.floor(at) };
}

/** The quantile between the values of the two ranks of `quantilePlace`: to the last bit what `quantileOfSorted` gives. */
export function weighed(low: number, high: number, between: number): number {
  return between === 0 ? low : low * (1 - between) + high * between;
}

/** The values beside the index (n - 1) * p, and how far it lies from the lower one to the upper one, in [0, 1). */
function neighbours(ascending: Float64Array, p: number): { low: number; high: number; between: number } {
  const { low, high, between } = quantilePlace(ascending.length, p);
  return { low: ascending[low] ?? Number.NaN, high: ascending[high] ?? Number.NaN, between };
}
