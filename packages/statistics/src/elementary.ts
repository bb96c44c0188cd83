/*
 * exp and log from nothing but + - * /. The language leaves the last bits of Math.exp and Math.log to the engine and to its
 * compiler; a published number must be the same on every machine. Both are good to about 1e-15, relatively.
 */

const LN2 = Math.LN2;
/** ln 2 in two parts: a multiple of the first by an exponent of a double is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** x * 2^exponent; exact unless the result is too great or too small for a double. */
export function timesPowerOfTwo(x: number, exponent: number): number {
  let result = x;
  let left = exponent;
  for (; left > 1000 && Number.isFinite(result) && result !== 0; left -= 1000) result *= powerOfTwo(1000);
  for (; left < -1000 && result !== 0; left += 1000) result *= powerOfTwo(-1000);
  return Math.abs(left) > 1000 ? result : result * powerOfTwo(left);
}

/** 2^exponent for exponents from -1022 to 1023, from the bits of a double. */
function powerOfTwo(exponent: number): number {
  BITS.setUint32(0, (exponent + 1023) << 20);
  BITS.setUint32(4, 0);
  return BITS.getFloat64(0);
}

const BITS = new DataView(new ArrayBuffer(8));

/** e^x: the Taylor series on |x| <= ln(2) / 2, scaled by a power of two. */
export function exp(x: number): number {
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -746) return 0;
  const twos = Math.round(x / LN2);
  const rest = x - twos * LN2_HIGH - twos * LN2_LOW;
  let sum = 1;
  for (let term = 16; term > 0; term -= 1) sum = 1 + (sum * rest) / term;
  return timesPowerOfTwo(sum, twos);
}

/** The natural logarithm of a positive number: 2 atanh((m - 1) / (m + 1)) on m from 1/sqrt(2) to sqrt(2), plus its powers of two. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < 1e-300) return log(timesPowerOfTwo(x, 200)) - 200 * LN2;
  BITS.setFloat64(0, x);
  let twos = (BITS.getUint32(0) >>> 20) - 1023;
  let part = timesPowerOfTwo(x, -twos);
  if (part > Math.SQRT2) {
    part /= 2;
    twos += 1;
  }
  const s = (part - 1) / (part + 1);
  let series = 0;
  for (let power = 25; power >= 1; power -= 2) series = series * s * s + 1 / power;
  return twos * LN2_HIGH + (2 * s * series + twos * LN2_LOW);
}
