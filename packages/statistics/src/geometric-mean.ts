import { exp, log } from './elementary.ts';
import { preciseMean } from './precise-moments.ts';
import { ascendingSome, type Values } from './sample.ts';

/**
 * The geometric mean, in the values' unit: e to the mean of the logarithms, to about 1e-15, and never outside of the values. The
 * one mean that normalised numbers may have (Fleming & Wallace, "How not to lie with statistics", Communications of the ACM 29(3),
 * 1986). null where a value is 0 or negative. Throws RangeError for no values and values that are not finite.
 */
export function geometricMean(values: Values): number | null {
  const sorted = ascendingSome(values, 'geometric mean');
  const [least, greatest] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  if (least <= 0) return null;
  return Math.min(greatest, Math.max(least, exp(preciseMean(sorted.map(log)))));
}
