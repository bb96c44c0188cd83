import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log, timesPowerOfTwo } from './elementary.ts';

/** The distance of two numbers, in parts of the second. */
const apart = (x: number, y: number) => (x === y ? 0 : Math.abs(x - y) / Math.abs(y));

describe('timesPowerOfTwo', () => {
  it.each([
    [3, 4, 48],
    [3, -1, 1.5],
    [1, 1023, 8.98846567431158e307],
    [1, 1024, Number.POSITIVE_INFINITY],
    [1, -1074, 5e-324],
    [1, -1080, 0],
    [5e-324, 1074, 1],
    [2 ** 900, -1800, 2 ** -900],
    [2 ** -900, 1800, 2 ** 900],
    [0, 5000, 0],
    [1, -100000, 0],
    [-1, 100000, Number.NEGATIVE_INFINITY],
  ])('%d times 2 to the %d is %d', (x, exponent, expected) => expect(timesPowerOfTwo(x, exponent)).toBe(expected));
});

describe('exp and log', () => {
  // From tables: e^10, e^-0.5, ln 3, ln(1/7).
  it.each([
    [exp(0), 1],
    [exp(1), Math.E],
    [exp(10), 22026.465794806718],
    [exp(-0.5), 0.6065306597126334],
    [log(1), 0],
    [log(10), Math.LN10],
    [log(3), 1.0986122886681098],
    [log(1 / 7), -1.9459101490553135],
  ])('%d is %d', (found, expected) => expect(apart(found, expected)).toBeLessThan(5e-16));

  it('hold at the ends of the doubles', () => {
    expect(exp(1000)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-1000)).toBe(0);
    expect(exp(-745.1)).toBe(5e-324);
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    expect(exp(Number.NaN)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
    expect(apart(log(5e-324), -744.4400719213812)).toBeLessThan(5e-16);
    expect(apart(log(Number.MAX_VALUE), 709.782712893384)).toBeLessThan(5e-16);
    expect(log(1 + 2 ** -52)).toBeCloseTo(2 ** -52, 30);
  });

  it('are within some units in the last place of what the engine has', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(apart(exp(x), Math.exp(x))).toBeLessThan(1e-15);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true }), (x) => {
        expect(apart(log(x), Math.log(x))).toBeLessThan(1e-15);
      }),
    );
  });
});
