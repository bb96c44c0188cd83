import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileOfSorted, quantilePlace, weighed } from './quantile.ts';
import { scaleFor } from './scale.ts';
import { joinedParts, type PartMoments, TwoPassMoments } from './two-pass-moments.ts';

function partOf(values: Float64Array, length: number, scale = 1): PartMoments {
  const moments = new TwoPassMoments(scale);
  for (const pass of ['sum', 'square'] as const)
    for (let at = 0; at < values.length; at += length) moments[pass](values.subarray(at, at + length));
  return moments.part();
}

/** Mean and deviation in whole numbers of 2^-40, of any size: nothing is rounded before the end. */
function exactly(values: readonly number[]): { mean: number; stddev: number } {
  const n = BigInt(values.length);
  const whole = values.map((value) => BigInt(Math.round(value * 2 ** 40)));
  const sum = whole.reduce((a, b) => a + b, 0n);
  // n² times the variance, times n - 1 over n.
  const squares = whole.reduce((a, b) => a + (b * n - sum) ** 2n, 0n);
  const ratio = (a: bigint, b: bigint) => Number((a * 2n ** 80n) / b) / 2 ** 80;
  return { mean: ratio(sum, n) / 2 ** 40, stddev: Math.sqrt(ratio(squares, n * n * (n - 1n))) / 2 ** 40 };
}

describe('TwoPassMoments', () => {
  const value = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: 0, max: 2 ** 30 }).map((n) => 1e6 + n * 2 ** -40),
  );

  it('gives the mean and the deviation of whole numbers without rounding, in parts and together', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 80 }), fc.nat({ max: 80 }), (list, cut) => {
        const values = Float64Array.from(list);
        const { mean, stddev } = exactly(list);
        const parts = [values.subarray(0, cut), values.subarray(cut)].filter(({ length }) => length > 0).map((part) => partOf(part, 5));
        for (const found of [joinedParts([partOf(values, 9)], 1), joinedParts(parts, 1)]) {
          expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(4e-16 * Math.max(...list.map(Math.abs)));
          expect(Math.abs((found.stddev ?? 0) - stddev)).toBeLessThanOrEqual(1e-9 * Math.max(stddev, 1e-6));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on where pieces end', () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i) * 10 ** ((i % 13) - 6));
    const whole = partOf(values, 5000);
    for (const length of [1, 7, 64, 4999]) expect(partOf(values, length)).toEqual(whole);
  });

  it('keeps what a plain sum loses', () => {
    const values = Float64Array.from([1e16, ...Array.from({ length: 1000 }, () => 1), -1e16]);
    expect(joinedParts([partOf(values, 10)], 1).mean).toBe(1000 / 1002);
    // Deviations of 0.5 around 1e9: -0.5 and 0.5, n - 1 below.
    const far = Float64Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2));
    expect(joinedParts([partOf(far, 10)], 1)).toEqual({ mean: 1e9 + 0.5, stddev: Math.sqrt(250 / 999) });
  });

  it('takes great and small values to a scale, and has no deviation of one value', () => {
    for (const size of [1e149, 1e-149]) {
      const values = Float64Array.of(size, 2 * size, 3 * size);
      const scale = scaleFor(3 * size);
      const { mean, stddev } = joinedParts([partOf(values, 2, scale)], scale);
      expect(mean / size).toBeCloseTo(2, 12);
      expect((stddev ?? 0) / size).toBeCloseTo(1, 12);
    }
    expect(joinedParts([partOf(Float64Array.of(7), 1)], 1)).toEqual({ mean: 7, stddev: null });
    expect(() => joinedParts([], 1)).toThrow(RangeError);
  });
});

describe('quantilePlace', () => {
  it('leads to what the quantile of sorted values is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, p) => {
          const sorted = Float64Array.from(list).sort();
          const { low, high, between } = quantilePlace(sorted.length, p);
          expect(weighed(sorted[low] ?? Number.NaN, sorted[high] ?? Number.NaN, between)).toBe(quantileOfSorted(sorted, p));
        },
      ),
    );
    expect(() => quantilePlace(0, 0.5)).toThrow(RangeError);
    expect(() => quantilePlace(3, 1.5)).toThrow(RangeError);
  });
});
