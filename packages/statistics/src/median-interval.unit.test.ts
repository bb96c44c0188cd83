import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastForMedianInterval, medianInterval } from './median-interval.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('medianInterval', () => {
  // The orders and confidences of the sign test, in exact fractions.
  it.each([
    [6, 1, 0.96875],
    [7, 1, 0.984375],
    [8, 1, 0.9921875],
    [9, 2, 0.9609375],
    [10, 2, 0.978515625],
    [11, 2, 0.98828125],
    [12, 3, 0.96142578125],
    [15, 4, 0.96484375],
    [20, 6, 0.9586105346679688],
    [25, 8, 0.9567147493362427],
    [30, 10, 0.9572260547429323],
    [50, 18, 0.9671608624357315],
    [100, 40, 0.9647997997822952],
    [999, 469, 0.9502444627180657],
    [2500, 1201, 0.9523181347789564],
  ])('of %d values begins at the %d. and reaches %d', (n, k, reached) => {
    const found = medianInterval(upTo(n));
    expect(found).toMatchObject({ low: k, high: n + 1 - k });
    expect(found?.confidence).toBeCloseTo(reached, 12);
  });

  it('has none below 6 values, whatever they are', () => {
    for (let n = 0; n < 6; n += 1) expect(medianInterval(upTo(n))).toBeNull();
    expect(medianInterval([5, 5, 5, 5, 5])).toBeNull();
    expect(medianInterval([5, 5, 5, 5, 5, 5])).toEqual({ low: 5, high: 5, confidence: 0.96875 });
  });

  it('is the whole range of 8 values at 0.99, and needs as many', () => {
    expect(medianInterval(upTo(7), 0.99)).toBeNull();
    expect(medianInterval(upTo(8), 0.99)).toEqual({ low: 1, high: 8, confidence: 0.9921875 });
    expect([0.5, 0.9, 0.95, 0.99, 0.999].map(leastForMedianInterval)).toEqual([2, 5, 6, 8, 11]);
  });

  it('mirrors with the values, does not depend on their order, and reaches what was asked', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 60 });
    fc.assert(
      fc.property(values, (xs) => {
        const found = medianInterval(xs);
        const mirrored = medianInterval(xs.map((x) => 0 - x).reverse());
        expect([mirrored?.low, mirrored?.high]).toEqual([0 - (found?.high ?? Number.NaN), 0 - (found?.low ?? Number.NaN)]);
        expect(found?.confidence).toBeGreaterThanOrEqual(0.95);
        expect(medianInterval(xs, 0.99)?.low ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(found?.low ?? Number.NaN);
      }),
    );
  });

  it('refuses what is no sample and no confidence', () => {
    expect(() => medianInterval([1, 2, 3, 4, 5, Number.NaN])).toThrow(RangeError);
    expect(() => medianInterval(upTo(6), 1)).toThrow(RangeError);
  });
});
