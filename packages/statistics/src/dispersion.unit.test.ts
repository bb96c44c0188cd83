import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coefficientOfVariation, medianAbsoluteDeviation } from './dispersion.ts';

describe('medianAbsoluteDeviation', () => {
  // Median 2; distances 1 1 0 0 2 4 7 → sorted 0 0 1 1 2 4 7.
  it.each([
    [[1, 1, 2, 2, 4, 6, 9], 1],
    [[1, 3], 1],
    [[5], 0],
    [[7, 7, 7, 1000], 0],
  ])('of %j is %d', (values, expected) => expect(medianAbsoluteDeviation(values)).toBe(expected));

  it('does not move with the values, and scales with them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 30 }), (xs) => {
        const found = medianAbsoluteDeviation(xs);
        expect(medianAbsoluteDeviation(xs.map((x) => x + 1000))).toBe(found);
        expect(medianAbsoluteDeviation(xs.map((x) => -4 * x))).toBe(4 * found);
      }),
    );
  });

  it('needs values', () => expect(() => medianAbsoluteDeviation([])).toThrow(RangeError));
});

describe('coefficientOfVariation', () => {
  // Mean 5, deviation sqrt(32 / 7) = 2.13809.
  it('is the deviation over the mean, without sign', () => {
    expect(coefficientOfVariation([4, 9, 2, 5, 7, 4, 5, 4])).toBeCloseTo(0.427617987059879, 14);
    expect(coefficientOfVariation([-4, -9, -2, -5, -7, -4, -5, -4])).toBeCloseTo(0.427617987059879, 14);
    expect(coefficientOfVariation([3, 3, 3])).toBe(0);
  });

  it('is none of a single value, and none around 0', () => {
    expect([coefficientOfVariation([]), coefficientOfVariation([3]), coefficientOfVariation([-1, 1])]).toEqual([null, null, null]);
  });
});
