import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAbove } from './normal.ts';
import { studentBeyond } from './student-t.ts';

describe('studentBeyond', () => {
  // 1 - sin(a) (1 + cos(a)^2 / 2 + ...) with a = atan(t / sqrt(degrees)), exact for even degrees, in decimal arithmetic of 220 digits.
  it.each([
    [0.5, 2, 0.66666666666666663],
    [3, 2, 0.095465966266709126],
    [2.228, 10, 0.050011771817111382],
    [5, 10, 0.00053733360275645258],
    [40, 10, 2.2808577430857547e-12],
    [0.01, 10, 0.99221797499097142],
    [1.5, 100, 0.13676505812468887],
    [12, 100, 4.3950877156043782e-21],
    [60, 100, 3.137614319141389e-80],
    [4, 1000, 6.800991920878158e-5],
    [37, 1000, 1.7300788809913061e-189],
    [5, 100_000, 5.742701678641673e-7],
  ])('beyond %d with %d degrees it is %d, on both sides', (t, degrees, expected) => {
    expect(Math.abs(studentBeyond(t, degrees) - expected)).toBeLessThanOrEqual(1e-11 * expected);
    expect(studentBeyond(-t, degrees)).toBe(studentBeyond(t, degrees));
  });

  it('with one degree it is that of Cauchy, with very many that of the normal distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 6, noNaN: true }), (t) => {
        expect(studentBeyond(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 13);
        expect(studentBeyond(t, 200_000)).toBeCloseTo(2 * normalAbove(t), 5);
      }),
    );
  });

  it('falls as t grows and lies between 0 and 1', () => {
    const anyT = fc.double({ min: 0, max: 1e200, noNaN: true });
    fc.assert(
      fc.property(anyT, anyT, fc.integer({ min: 1, max: 5_000 }), (s, t, degrees) => {
        const [near, far] = [studentBeyond(Math.min(s, t), degrees), studentBeyond(Math.max(s, t), degrees)];
        expect(far).toBeLessThanOrEqual(near + 1e-12);
        expect(far).toBeGreaterThanOrEqual(0);
        expect(near).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 at 0 and 0 at infinity', () => expect([studentBeyond(0, 3), studentBeyond(Number.NEGATIVE_INFINITY, 3)]).toEqual([1, 0]));

  it.each([
    [1, 0],
    [1, 1.5],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
    [Number.NaN, 3],
  ])('refuses t = %d with %d degrees', (t, degrees) => expect(() => studentBeyond(t, degrees)).toThrow(RangeError));
});
