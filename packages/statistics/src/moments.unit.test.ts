import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOfSorted, stddevOfSorted } from './moments.ts';

const sorted = (values: number[]) => new Float64Array(values).sort();

describe('meanOfSorted and stddevOfSorted', () => {
  // Sum 40, mean 5; squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over n - 1 = 7.
  it('are what can be computed by hand', () => {
    const values = sorted([4, 9, 2, 5, 7, 4, 5, 4]);
    expect(meanOfSorted(values)).toBe(5);
    expect(stddevOfSorted(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it('claim no deviation of a single value and no mean of none', () => {
    expect(stddevOfSorted(sorted([3]))).toBeNull();
    expect(meanOfSorted(sorted([3]))).toBe(3);
    expect(() => meanOfSorted(sorted([]))).toThrow(RangeError);
  });

  it('agree with the definitions in two passes', () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(values, (given) => {
        const xs = sorted(given);
        const mean = given.reduce((sum, x) => sum + x, 0) / given.length;
        const squares = given.reduce((sum, x) => sum + (x - mean) ** 2, 0);
        expect(Math.abs(meanOfSorted(xs) - mean)).toBeLessThan(1e-4);
        expect(Math.abs((stddevOfSorted(xs) ?? 0) - Math.sqrt(squares / (given.length - 1)))).toBeLessThan(1e-3);
      }),
    );
  });
});
