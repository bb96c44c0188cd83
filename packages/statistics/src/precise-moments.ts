import { ascendingSome, type Values } from './sample.ts';
import { scaleFor } from './scale.ts';

/**
 * The mean, exact to the last bit or next to it whatever the order of the values and the magnitude of their sum: compensated
 * summation (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974), from the least to the
 * greatest. `meanOfSorted` rounds as a plain sum does, which is what DuckDB gives; this is for what is computed further.
 * Throws RangeError for no values and values that are not finite.
 */
export function preciseMean(values: Values): number {
  return meanOf(ascendingSome(values, 'mean'));
}

/**
 * The sample standard deviation (n - 1), by two passes with compensated sums and the correction for the mean's rounding (Chan, Golub &
 * LeVeque, "Algorithms for computing the sample variance", The American Statistician 37(3), 1983): about 15 digits of what the
 * doubles say. null for fewer than two values. Throws RangeError for values that are not finite.
 */
export function preciseStddev(values: Values): number | null {
  return values.length < 2 ? null : stddevOf(ascendingSome(values, 'deviation'));
}

/** Both of them; the values are sorted once. Throws as these do. */
export function preciseMoments(values: Values): { mean: number; stddev: number | null } {
  const sorted = ascendingSome(values, 'mean');
  return { mean: meanOf(sorted), stddev: sorted.length < 2 ? null : stddevOf(sorted) };
}

function meanOf(sorted: Float64Array): number {
  const scale = scaleOf(sorted);
  return sum(sorted, (x) => x * scale) / sorted.length / scale;
}

function stddevOf(sorted: Float64Array): number {
  const scale = scaleOf(sorted);
  const n = sorted.length;
  const mean = sum(sorted, (x) => x * scale) / n;
  const squares = sum(sorted, (x) => (x * scale - mean) * (x * scale - mean));
  const rest = sum(sorted, (x) => x * scale - mean);
  return Math.sqrt(Math.max(0, squares - (rest * rest) / n) / (n - 1)) / scale;
}

function scaleOf(sorted: Float64Array): number {
  return scaleFor(Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0)));
}

/** The sum of what `term` makes of the values, with what each addition rounded off added at the end. */
function sum(values: Float64Array, term: (value: number) => number): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = term(value);
    const after = total + next;
    lost += Math.abs(total) >= Math.abs(next) ? total - after + next : next - after + total;
    total = after;
  }
  return total + lost;
}
