import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometricMean } from './geometric-mean.ts';

describe('geometricMean', () => {
  // The last by another language's library.
  it.each([
    [[2, 8], 4],
    [[1, 10, 100], 10],
    [[7], 7],
    [[1.5, 2.25, 3.125, 40], 4.532063096035152],
    [[1e-300, 1e300], 1],
    [[5e-324, 1e308], 2.22275874948507e-8],
  ])('of %j is %d', (values, expected) => expect((geometricMean(values) ?? 0) / expected).toBeCloseTo(1, 12));

  it('is none where a value is 0 or negative', () => {
    expect([geometricMean([1, 0]), geometricMean([-2, 8]), geometricMean([-2, -8])]).toEqual([null, null, null]);
    expect(() => geometricMean([])).toThrow(RangeError);
  });

  it('lies within the values, and ratios of it are means of ratios', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }), (xs) => {
        const mean = geometricMean(xs) ?? Number.NaN;
        expect(mean).toBeGreaterThanOrEqual(Math.min(...xs));
        expect(mean).toBeLessThanOrEqual(Math.max(...xs));
        expect((geometricMean(xs.map((x) => 1 / x)) ?? 0) * mean).toBeCloseTo(1, 12);
      }),
    );
  });
});
