import { type Dimension, unitOf } from './units.ts';

/** A value in another unit of its dimension, or the reason why there is none. */
export type Converted = { value: number; unit: string } | { fault: string };

/** Dimensions whose units are not one another's multiples: a rate of exchange, a month's length and the zero of a scale are no factors. */
const WITHOUT_FACTORS: ReadonlySet<Dimension> = new Set(['money', 'span', 'temperature']);

/**
 * Takes a value from one unit to another of the same dimension: 0.0156 s is 15.6 ms. A unit that a file made up can only be
 * asked for by its own name.
 * @param from the value's unit as the fact has it; null: it has none, or none is known
 * @param name of the value, for the fault's sentence
 */
export function convertedValue(value: number, from: string | null, to: string, name: string): Converted {
  if (from === to) return { value, unit: to };
  if (from === null) return { fault: `${name} has no unit that is known, so it cannot be printed as ${to}` };
  const [own, wanted] = [unitOf(from), unitOf(to)];
  if (wanted === null) return { fault: `${name} is in ${from}; ${to} is no unit that is known` };
  if (own === null || own.dimension !== wanted.dimension || WITHOUT_FACTORS.has(own.dimension))
    return { fault: `${name} is in ${from}, which cannot be printed as ${to}` };
  const converted = times(value, own.factor, wanted.factor);
  if (!Number.isFinite(converted) || (converted === 0 && value !== 0)) return { fault: `${name} leaves the range of numbers as ${to}` };
  return { value: converted, unit: wanted.name };
}

/** value · factor / divisor. Powers of ten shift the decimal point, so that no digit comes in that the value does not have. */
function times(value: number, factor: number, divisor: number): number {
  const shift = Math.round(Math.log10(factor / divisor));
  const exact = Math.abs(factor / divisor / 10 ** shift - 1) < 1e-12;
  if (!exact) return (value * factor) / divisor;
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + shift}`);
}
