import type { Values } from './sample.ts';

/**
 * The p-values of a family of tests, adjusted so that calling those below alpha keeps the expected share of false ones among them
 * below alpha: p * m / rank, made monotonic from the greatest down, at most 1. In the order given. Benjamini & Hochberg,
 * "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57(1), 1995 (R's p.adjust, "BH").
 * Throws RangeError for what is not a p-value.
 */
export function adjustBenjaminiHochberg(p: Values): number[] {
  const values = Array.from(p);
  if (!values.every((value) => value >= 0 && value <= 1)) throw new RangeError('A p-value lies between 0 and 1.');
  const descending = values.map((value, index) => ({ value, index })).sort((x, y) => y.value - x.value);
  let least = 1;
  for (const [above, { value, index }] of descending.entries()) {
    least = Math.min(least, (value * values.length) / (values.length - above));
    values[index] = least;
  }
  return values;
}
