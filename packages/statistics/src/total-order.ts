/*
 * The bits of a double as a whole number that ascends with the values, -0 before 0: the sign turned around, and of negative values all
 * other bits too. Its upper half orders doubles by sign, exponent and the first 20 bits behind the point; the lower half has the rest.
 */

/** Where the upper half of a double stands among the two halves. */
export const UPPER = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

const VALUE = new Float64Array(1);
const HALVES = new Int32Array(VALUE.buffer);

/** The upper half, below 2^32. `upper` as an Int32Array over the doubles has it. */
export function upperOrder(upper: number): number {
  return (upper ^ ((upper >> 31) | 0x80000000)) >>> 0;
}

/** The lower half, below 2^32. */
export function lowerOrder(upper: number, lower: number): number {
  return (upper < 0 ? ~lower : lower) >>> 0;
}

export function upperOrderOf(value: number): number {
  VALUE[0] = value;
  return upperOrder(HALVES[UPPER] ?? 0);
}

/** The double that has this place in the order. */
export function valueAt(upper: number, lower: number): number {
  const isNegative = upper < 0x80000000;
  HALVES[UPPER] = isNegative ? ~upper : upper ^ 0x80000000;
  HALVES[1 - UPPER] = isNegative ? ~lower : lower;
  return VALUE[0] ?? Number.NaN;
}
