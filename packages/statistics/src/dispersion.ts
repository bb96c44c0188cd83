import { preciseMean, preciseStddev } from './precise-moments.ts';
import { quantileOfSorted } from './quantile.ts';
import { ascendingSome, type Values } from './sample.ts';

/**
 * The median absolute deviation: the median of the distances from the median, in the values' unit, not scaled to a normal
 * distribution's deviation (Hampel, "The influence curve and its role in robust estimation", Journal of the American Statistical
 * Association 69(346), 1974). Throws RangeError for no values and values that are not finite.
 */
export function medianAbsoluteDeviation(values: Values): number {
  const sorted = ascendingSome(values, 'deviation');
  const median = quantileOfSorted(sorted, 0.5);
  return quantileOfSorted(sorted.map((value) => Math.abs(value - median)).sort(), 0.5);
}

/**
 * The coefficient of variation: the sample standard deviation (n - 1) over the distance of the mean from 0, a ratio. null for fewer than
 * two values and for a mean of 0. Throws RangeError for values that are not finite.
 */
export function coefficientOfVariation(values: Values): number | null {
  const deviation = preciseStddev(values);
  if (deviation === null) return null;
  const mean = preciseMean(values);
  return mean === 0 ? null : deviation / Math.abs(mean);
}
