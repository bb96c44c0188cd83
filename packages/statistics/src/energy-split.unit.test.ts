import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestSplit } from './energy-split.ts';

/** The mean distance of the pairs; 0 for none. */
function meanDistance(pairs: readonly (readonly [number, number])[]): number {
  return pairs.length === 0 ? 0 : pairs.reduce((sum, [a, b]) => sum + Math.abs(a - b), 0) / pairs.length;
}

const pairsWithin = (xs: readonly number[]) => xs.flatMap((a, i) => xs.slice(i + 1).map((b) => [a, b] as const));

/** The definition, pair by pair. */
function divergence(x: readonly number[], y: readonly number[]): number {
  const between = meanDistance(x.flatMap((a) => y.map((b) => [a, b] as const)));
  return ((x.length * y.length) / (x.length + y.length)) * (2 * between - meanDistance(pairsWithin(x)) - meanDistance(pairsWithin(y)));
}

describe('bestSplit', () => {
  // X = {0, 0}, Y = {4, 4}: 2 * 2 / 4 * (2 * 4 - 0 - 0).
  it('is what can be computed by hand', () => {
    expect(bestSplit(Float64Array.of(0, 0, 4, 4), 0, 4)).toEqual({ index: 2, divergence: 8 });
  });

  it('sees a level that ends before the segment does', () => {
    expect(bestSplit(Float64Array.of(0, 0, 0, 9, 9, 9, 0, 0, 0), 0, 9)).toMatchObject({ index: 3 });
  });

  it('sees only its segment', () => {
    expect(bestSplit(Float64Array.of(500, 0, 0, 4, 4, 900), 1, 5)).toEqual({ index: 3, divergence: 8 });
  });

  it('takes the earliest of equal ones', () => {
    expect(bestSplit(Float64Array.of(1, 2), 0, 2)).toMatchObject({ index: 1 });
    expect(bestSplit(Float64Array.of(0, 5, 0, 5), 0, 4)).toMatchObject({ index: 1 });
  });

  it.each([{ values: [] }, { values: [3] }, { values: [3, 3, 3] }])('finds nothing in $values', ({ values }) => {
    expect(bestSplit(Float64Array.from(values), 0, values.length)).toBeNull();
  });

  it('is the greatest divergence there is, by the definition', () => {
    const series = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(series, (values) => {
        let greatest = 0;
        for (let end = 2; end <= values.length; end += 1) {
          for (let index = 1; index < end; index += 1) {
            greatest = Math.max(greatest, divergence(values.slice(0, index), values.slice(index, end)));
          }
        }
        const found = bestSplit(Float64Array.from(values), 0, values.length);
        expect(Math.abs((found?.divergence ?? 0) - greatest)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });
});
