/**
 * The type-7 quantile (Hyndman & Fan 1996; the default of R, NumPy and DuckDB's quantile_cont):
 * linear interpolation at index (n - 1) * p of the sorted values.
 * Takes values in any order, p in [0, 1]. Throws RangeError for no values or p outside.
 */
export function quantile(values: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A quantile needs p between 0 and 1; it was ${p}.`);
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new RangeError('There is no quantile of no values.');
  return low === high ? low : low + (at - Math.floor(at)) * (high - low);
}
