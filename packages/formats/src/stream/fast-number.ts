const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const SPACE = 0x20;
const LETTER_E = 0x65;

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const MOST_EXPONENT = 22;

/** Splits a double into two halves of 26 bits (Veltkamp), so that their products are exact (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;
const POWERS_HIGH = POWERS.map((power) => SPLITTER * power - (SPLITTER * power - power));
const POWERS_LOW = POWERS.map((power, exponent) => power - (POWERS_HIGH[exponent] ?? 0));

/** More than the error of the second term of a quotient, which is 2^-51 of it. */
const WIDER = 1 + 2 ** -48;
const NARROWER = 1 - 2 ** -48;

/** Digits of which `high` and `low` take nine each. */
const HALF = 9;
/** Of the first nine of 19 digits: below it, that many times 1e10 is a multiple of 1024 below 2^63, which a double holds. */
const MOST_HIGH = 922_337_203;

/** Where `parseNumber` finds what it returns: a value that a function returns would be put on the heap each time. */
const PARSED = new Float64Array(1);

/**
 * The double nearest to a plain decimal number in ASCII: `[-]digits[.digits][e[+-]digits]`, bit for bit what `Number` makes of it.
 * @param end behind the last byte of the number
 * @returns NaN where it is no plain number, and where no double holds it: `1e999` would be infinite, `1e-999` zero
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  return readNumber(bytes, start, end, PARSED, 0) === end ? (PARSED[0] as number) : Number.NaN;
}

/**
 * Reads the plain decimal number that begins at a byte, as far as it goes.
 * Up to 15 significant digits and 22 powers of ten it is one exact multiplication or division (Clinger, How to read floating
 * point numbers accurately, 1990); up to 18 digits a quotient of two terms, taken where both bounds of its error round to the
 * same double; anything else goes through `Number`. Allocates nothing where it does not.
 * @param end no byte from there on is looked at
 * @param into takes the value at `index`: NaN where no double holds it
 * @returns the place behind it; -1 where none begins, or it breaks off behind a dot or an exponent's sign
 */
export function readNumber(bytes: Uint8Array, start: number, end: number, into: Float64Array, index: number): number {
  let at = start;
  const negative = at < end && bytes[at] === MINUS;
  if (negative) at += 1;
  // The significant digits: nine, the next nine, and the last of 19; how many there are, and how many digits stand behind the dot.
  let high = 0;
  let low = 0;
  let last = 0;
  let digits = 0;
  let behind = 0;
  const first = at;
  while (at < end && bytes[at] === ZERO) at += 1;
  for (; at < end && digits < HALF; at += 1, digits += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit >>> 0 > 9) break;
    high = (high * 10 + digit) | 0;
  }
  if (digits >= HALF) {
    for (; at < end; at += 1, digits += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit >>> 0 > 9) break;
      if (digits < 2 * HALF) low = (low * 10 + digit) | 0;
      else last = digit;
    }
  }
  if (at === first) return -1;
  if (at < end && bytes[at] === DOT) {
    at += 1;
    const point = at;
    if (digits === 0) while (at < end && bytes[at] === ZERO) at += 1;
    for (; at < end && digits < HALF; at += 1, digits += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit >>> 0 > 9) break;
      high = (high * 10 + digit) | 0;
    }
    if (digits >= HALF) {
      for (; at < end; at += 1, digits += 1) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit >>> 0 > 9) break;
        if (digits < 2 * HALF) low = (low * 10 + digit) | 0;
        else last = digit;
      }
    }
    behind = at - point;
    if (behind === 0) return -1;
  }
  let exponent = -behind;
  if (at < end && ((bytes[at] as number) | SPACE) === LETTER_E) {
    at += 1;
    const sign = at < end ? bytes[at] : 0;
    if (sign === PLUS || sign === MINUS) at += 1;
    const power = at;
    let stated = 0;
    for (; at < end; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit >>> 0 > 9) break;
      if (stated < 100_000) stated = stated * 10 + digit;
    }
    if (at === power) return -1;
    exponent += sign === MINUS ? -stated : stated;
  }
  if (digits <= 15) {
    const whole = digits <= HALF ? high : high * (POWERS[digits - HALF] as number) + low;
    if (exponent === 0 || digits === 0) into[index] = negative ? -whole : whole;
    else if (exponent < 0 && exponent >= -MOST_EXPONENT) into[index] = (negative ? -whole : whole) / (POWERS[-exponent] as number);
    else if (exponent > 0 && exponent <= MOST_EXPONENT) into[index] = (negative ? -whole : whole) * (POWERS[exponent] as number);
    else readSlowly(bytes, start, at, into, index);
    return at;
  }
  const long = digits > 2 * HALF;
  if (digits > 2 * HALF + 1 || (long && high >= MOST_HIGH) || exponent > 0 || exponent < -MOST_EXPONENT) {
    readSlowly(bytes, start, at, into, index);
    return at;
  }
  // Both terms are exact, and so is their sum as two terms (Dekker's fast two-sum: the first is the larger one).
  const tens = high * (long ? 1e10 : (POWERS[digits - HALF] as number));
  const ones = long ? low * 10 + last : low;
  const sum = tens + ones;
  if (exponent === 0) {
    into[index] = negative ? -sum : sum;
    return at;
  }
  const rest = ones - (sum - tens);
  const power = POWERS[-exponent] as number;
  const quotient = sum / power;
  // The remainder of a rounded quotient is a double; the product of quotient and power is taken exactly, as two terms.
  const split = SPLITTER * quotient;
  const upper = split - (split - quotient);
  const lower = quotient - upper;
  const powerHigh = POWERS_HIGH[-exponent] as number;
  const powerLow = POWERS_LOW[-exponent] as number;
  const product = quotient * power;
  const error = upper * powerHigh - product + upper * powerLow + lower * powerHigh + lower * powerLow;
  const correction = (sum - product - error + rest) / power;
  const value = quotient + correction * WIDER;
  if (value === quotient + correction * NARROWER) into[index] = negative ? -value : value;
  else readSlowly(bytes, start, at, into, index);
  return at;
}

/**
 * The same of a number as JSON has it, without a zero before other digits.
 * @param bytes in which something that is no part of a number follows: a comma, a line's end
 */
export function readJsonNumber(bytes: Uint8Array, start: number, into: Float64Array, index: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (bytes[first] === ZERO && ((bytes[first + 1] as number) - ZERO) >>> 0 <= 9) return -1;
  return readNumber(bytes, start, bytes.length, into, index);
}

/** Reads a number whose grammar is known to be right. */
function readSlowly(bytes: Uint8Array, start: number, end: number, into: Float64Array, index: number): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const value = Number(text);
  into[index] = !Number.isFinite(value) || (value === 0 && hasDigits(bytes, start, end)) ? Number.NaN : value;
}

/** Whether the mantissa has a digit that is not zero. */
function hasDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] as number;
    if ((code | SPACE) === LETTER_E) return false;
    if (code > ZERO) return true;
  }
  return false;
}

/**
 * Where the JSON number ends that begins at a byte: as `parseNumber` takes it, without a zero before other digits.
 * @param bytes in which something that is no part of a number follows: a comma, a line's end
 * @returns -1 where none begins
 */
export function endOfJsonNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  const first = at;
  if (bytes[at] === ZERO) at += 1;
  else while (((bytes[at] as number) - ZERO) >>> 0 <= 9) at += 1;
  if (at === first) return -1;
  if (bytes[at] === DOT) {
    at += 1;
    const point = at;
    while (((bytes[at] as number) - ZERO) >>> 0 <= 9) at += 1;
    if (at === point) return -1;
  }
  if (((bytes[at] as number) | SPACE) === LETTER_E) {
    at += 1;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at += 1;
    const power = at;
    while (((bytes[at] as number) - ZERO) >>> 0 <= 9) at += 1;
    if (at === power) return -1;
  }
  return at;
}
