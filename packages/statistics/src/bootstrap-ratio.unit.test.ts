import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapRatio } from './bootstrap-ratio.ts';

const BEFORE = [212.1, 208.4, 219.9, 210.3, 215.0, 211.7];
const AFTER = [231.0, 229.2, 240.8, 228.4, 236.6, 233.1, 230.5];

describe('bootstrapRatio', () => {
  // By a second implementation of the generator, the drawing and the quantiles, in another language.
  it('draws what was drawn elsewhere', () => {
    const found = bootstrapRatio(BEFORE, AFTER, { seed: 42 });
    expect(found).toMatchObject({ confidence: 0.95, resamples: 2_000 });
    expect(found?.ratio).toBeCloseTo(1.0901368570080228, 14);
    expect(found?.low).toBeCloseTo(1.0623131754426305, 14);
    expect(found?.high).toBeCloseTo(1.1213270142180094, 14);
    const other = bootstrapRatio(BEFORE, AFTER, { seed: 7, resamples: 500 });
    expect(other?.low).toBeCloseTo(1.0600137962750058, 14);
    expect(other?.high).toBeCloseTo(1.1232865371743816, 14);
  });

  it('is the same for the same seed and any order of the values', () => {
    const found = bootstrapRatio(BEFORE, AFTER, { seed: 1 });
    expect(bootstrapRatio([...BEFORE].reverse(), Float64Array.from(AFTER).reverse(), { seed: 1 })).toEqual(found);
    const lows = [1, 2, 3, 4, 5].map((seed) => bootstrapRatio(BEFORE, AFTER, { seed, resamples: 101 })?.low);
    expect(new Set(lows).size).toBeGreaterThan(1);
  });

  it('of samples without spread has no width', () => {
    const found = bootstrapRatio([4, 4, 4, 4], [5, 5, 5, 5, 5], { seed: 0 });
    expect(found).toEqual({ ratio: 1.25, low: 1.25, high: 1.25, confidence: 0.95, resamples: 2_000 });
  });

  it('has none below 4 values on a side', () => {
    expect(bootstrapRatio([1, 2, 3], AFTER, { seed: 0 })).toBeNull();
    expect(bootstrapRatio(BEFORE, [1, 2, 3], { seed: 0 })).toBeNull();
    expect(bootstrapRatio([], [], { seed: 0 })).toBeNull();
    expect(bootstrapRatio([1, 2, 3, 4], [1, 2, 3, 4], { seed: 0 })).not.toBeNull();
  });

  it('has none where the base is 0 or changes its sign', () => {
    expect(bootstrapRatio([0, 0, 0, 0], AFTER, { seed: 0 })).toBeNull();
    expect(bootstrapRatio([-1, 0, 0, 5], AFTER, { seed: 0 })).toBeNull();
    // The median is 1, but those of some resamples are 0, or negative.
    expect(bootstrapRatio([0, 0, 1, 1, 1], AFTER, { seed: 0 })).toBeNull();
    expect(bootstrapRatio([-3, -2, 1, 1, 1], AFTER, { seed: 0 })).toBeNull();
  });

  it('takes a negative base, and 0 above the line', () => {
    expect(bootstrapRatio([-2, -2, -2, -2], [1, 1, 1, 1], { seed: 0 })).toMatchObject({ ratio: -0.5, low: -0.5, high: -0.5 });
    expect(bootstrapRatio([2, 2, 2, 2], [0, 0, 0, 0], { seed: 0 })).toMatchObject({ ratio: 0, low: 0, high: 0 });
  });

  it('lies within what the values can give, scales with b, and grows with the confidence', () => {
    const positive = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(positive, positive, fc.nat(), (a, b, seed) => {
        const options = { seed, resamples: 200 };
        const found = bootstrapRatio(a, b, options) ?? { low: Number.NaN, high: Number.NaN };
        expect(found.low).toBeGreaterThanOrEqual((Math.min(...b) / Math.max(...a)) * (1 - 1e-12));
        expect(found.high).toBeLessThanOrEqual((Math.max(...b) / Math.min(...a)) * (1 + 1e-12));
        const doubled = b.map((x) => 2 * x);
        expect(bootstrapRatio(a, doubled, options)).toMatchObject({ low: 2 * found.low, high: 2 * found.high });
        const wide = bootstrapRatio(a, b, { ...options, confidence: 0.99 });
        expect(wide?.low).toBeLessThanOrEqual(found.low);
        expect(wide?.high).toBeGreaterThanOrEqual(found.high);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses options that mean nothing', () => {
    expect(() => bootstrapRatio(BEFORE, AFTER, { seed: -1 })).toThrow(RangeError);
    expect(() => bootstrapRatio(BEFORE, AFTER, { seed: 1.5 })).toThrow(RangeError);
    expect(() => bootstrapRatio(BEFORE, AFTER, { seed: 1, resamples: 10 })).toThrow(RangeError);
    expect(() => bootstrapRatio(BEFORE, AFTER, { seed: 1, confidence: 95 })).toThrow(RangeError);
    expect(() => bootstrapRatio([Number.NaN], AFTER, { seed: 1 })).toThrow(RangeError);
  });
});
