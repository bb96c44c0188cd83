/**
 * The mean of values that ascend: their sum from the least to the greatest, over n. Sums of doubles depend on the order
 * of addition, so the order is part of the definition: to the last bit DuckDB's avg(value order by value), as the published
 * table's reader finds it. `preciseMean` has the digits that a plain sum loses. Throws RangeError for no values.
 */
export function meanOfSorted(ascending: Float64Array): number {
  if (ascending.length === 0) throw new RangeError('There is no mean of no values.');
  let sum = 0;
  for (const value of ascending) sum += value;
  return sum / ascending.length;
}

/**
 * The sample standard deviation (n - 1) of values that ascend, by Welford's recurrence from the least to the greatest;
 * null for fewer than two values. To the last bit DuckDB's stddev_samp(value order by value); see `preciseStddev`.
 */
export function stddevOfSorted(ascending: Float64Array): number | null {
  if (ascending.length < 2) return null;
  let mean = 0;
  let squares = 0;
  let n = 0;
  for (const value of ascending) {
    n += 1;
    const before = value - mean;
    mean += before / n;
    squares += before * (value - mean);
  }
  return Math.sqrt(squares / (n - 1));
}
