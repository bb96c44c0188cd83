import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldNumber } from '../number-literal.ts';
import { endOfJsonNumber, parseNumber } from './fast-number.ts';

function parsed(text: string): number {
  // Other digits on both sides, which must not be read.
  const bytes = Buffer.from(`91${text}73`);
  return parseNumber(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), 2, 2 + text.length);
}

function endIn(text: string): number {
  return endOfJsonNumber(new Uint8Array(Buffer.from(`${text},`)), 0);
}

/** What `Number` makes of it; NaN where no double holds it. */
function expected(text: string): number {
  return heldNumber(text)?.value ?? Number.NaN;
}

const digits = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((list) => list.join(''));

const literals = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: digits(1, 21),
    fraction: fc.option(digits(1, 21), { nil: null }),
    exponent: fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-', 'E-'), fc.integer({ min: 0, max: 340 })), { nil: null }),
  })
  .map(
    ({ sign, whole, fraction, exponent }) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : exponent.join('')}`,
  );

describe('parseNumber', () => {
  it('gives the double that Number gives, of any literal', () => {
    fc.assert(
      fc.property(literals, (text) => Object.is(parsed(text), expected(text))),
      { numRuns: 20_000 },
    );
  });

  it('gives every double back from its shortest spelling, and from 17 digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [String(value), value.toPrecision(17), value.toPrecision(18), value.toPrecision(16)])
          if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text) && !Object.is(parsed(text), expected(text))) return false;
        return true;
      }),
      { numRuns: 20_000 },
    );
  });

  it('rounds numbers of the size of measurements as Number does, also beside the middle of two doubles', () => {
    const times = fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), digits(6, 12)).map(([whole, fraction]) => `${whole}.${fraction}`);
    const middles = fc.tuple(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.integer({ min: 16, max: 19 })).map(([value, places]) => {
      const bits = new BigInt64Array([0n]);
      const view = new Float64Array(bits.buffer);
      view[0] = value;
      bits[0] = (bits[0] ?? 0n) + 1n;
      // The middle of two neighbours, of which as many digits are kept.
      return ((value + (view[0] ?? 0)) / 2).toPrecision(places);
    });
    fc.assert(
      fc.property(fc.oneof(times, middles), (text) => !/^\d+(?:\.\d+)?$/.test(text) || Object.is(parsed(text), Number(text))),
      { numRuns: 50_000 },
    );
  });

  it.each([
    '0',
    '-0',
    '-0.0',
    '0e5',
    '0.1',
    '9007199254740991',
    '9007199254740993',
    '9007199254740992.5',
    '9223372036854775807',
    '9223372029999999999',
    '9223372030000000000',
    '18446744073709551615',
    '1762551534797067827',
    '4.9e-324',
    '2.2250738585072011e-308',
    '2.2250738585072014e-308',
    '1.7976931348623157e308',
    '0.000000000000000000000000000001',
    '123456789012345678e-22',
    '123456789012345678e-23',
    '1e22',
    '1e23',
    '8.5e22',
    '18.349401999999998',
    '00012.5',
    '1000000000000000000000000000000',
    '0.30000000000000004',
  ])('reads %s as Number does', (text) => {
    expect(parsed(text)).toBe(expected(text));
  });

  it.each(['1e999', '-1e400', '1e-999', '0.1e-400', '9e100000000'])('says of %s that no double holds it', (text) => {
    expect(parsed(text)).toBeNaN();
  });

  it.each(['', '-', '+1', '.5', '5.', '1e', '1e+', '1.e5', '1,5', '0x10', '1_000', ' 1', '1 ', '--1', 'NaN', 'Infinity', '1e5.5', '1ms'])(
    'takes %j for no plain number',
    (text) => {
      expect(parsed(text)).toBeNaN();
    },
  );
});

describe('endOfJsonNumber', () => {
  it('takes what JSON.parse takes', () => {
    fc.assert(
      fc.property(fc.oneof(literals, fc.stringMatching(/^[-+0-9.eE]{1,8}$/)), (text) => {
        const end = endIn(text);
        try {
          JSON.parse(text);
          return end === text.length;
        } catch {
          return end !== text.length;
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('ends before what follows', () => {
    expect(endOfJsonNumber(new Uint8Array(Buffer.from('[12.5e-3, 7]')), 1)).toBe(8);
    expect(endOfJsonNumber(new Uint8Array(Buffer.from('"x"')), 0)).toBe(-1);
    expect(endOfJsonNumber(new Uint8Array(Buffer.from('01,')), 0)).toBe(1);
  });
});
