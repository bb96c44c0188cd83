import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePoints, LEAST_FOR_CHANGE_POINTS } from './e-divisive.ts';
import { preciseMean, preciseStddev } from './precise-moments.ts';
import { seededWords } from './random.ts';

/** Noise of mean 0 and deviation 1, nearly normal: sums of twelve even ones. */
function noise(seed: number, n: number): number[] {
  const word = seededWords(seed);
  return Array.from({ length: n }, () => Array.from({ length: 12 }, () => word() / 2 ** 32).reduce((sum, x) => sum + x, -6));
}

const levels = (...all: [value: number, n: number][]) => all.flatMap(([value, n]) => Array.from({ length: n }, () => value));
const indexes = (values: readonly number[]) => changePoints(values).map(({ index }) => index);

/** Series with up to four levels, noise of whole numbers, and a fair share of ties. */
const steppedSeries = fc
  .array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 4, maxLength: 30 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.flatMap(([level, around]) => around.map((x) => level + x)));

describe('changePoints', () => {
  it('says where a level begins, what it was and what it is', () => {
    const values = [...levels([10, 3]), 11, 9, 10, ...levels([5, 2]), 6, 4, 5];
    const [found, ...others] = changePoints(values);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ index: 6, before: { n: 6, mean: 10 }, after: { n: 5, mean: 5 }, ratio: 0.5 });
    expect(found?.before.stddev).toBeCloseTo(Math.sqrt(2 / 5), 15);
    expect(found?.after.stddev).toBeCloseTo(Math.sqrt(2 / 4), 15);
    expect(found?.p).toBeGreaterThan(0);
    expect(found?.p).toBeLessThan(0.001);
  });

  it('finds a level that comes and goes, and one that rises twice', () => {
    expect(indexes(levels([1, 20], [3, 20], [1, 20]))).toEqual([20, 40]);
    expect(indexes(noise(1, 90).map((x, i) => x + (i < 30 ? 0 : i < 60 ? 8 : 16)))).toEqual([30, 60]);
  });

  // The first cut alone has a p of more than 0.001, because what follows goes back; with both cuts each is certain.
  it('finds a level of a few points that comes and goes, for which the first cut is not enough', () => {
    const values = [-2, 0, 2, -1, 1, -2, 0, 2, 7, 9, 6, 8, 10, 7, 9, -2, 0, 2, -1, 1];
    expect(indexes(values)).toEqual([8, 15]);
  });

  it('has nothing to say of a series that does not vary, nor of a short one', () => {
    expect(changePoints(levels([0.1, 200]))).toEqual([]);
    expect(changePoints(levels([0, 200]))).toEqual([]);
    expect(changePoints([])).toEqual([]);
    expect(changePoints(levels([1, 4], [9, LEAST_FOR_CHANGE_POINTS - 5]))).toEqual([]);
    expect(indexes(levels([1, 4], [9, LEAST_FOR_CHANGE_POINTS - 4]))).toEqual([4]);
  });

  it('takes what arithmetic rounds for no change', () => {
    expect(changePoints(levels([0.3, 10], [0.1 + 0.2, 10]))).toEqual([]);
  });

  it('has no ratio from or to 0, nor across it, and no deviation of a single point', () => {
    expect(changePoints(levels([0, 10], [2, 10]))).toMatchObject([{ index: 10, ratio: null }]);
    expect(changePoints(levels([2, 10], [0, 10]))).toMatchObject([{ index: 10, ratio: null }]);
    expect(changePoints(levels([-2, 10], [2, 10]))).toMatchObject([{ index: 10, ratio: null }]);
    expect(changePoints(levels([-2, 10], [-4, 10]))).toMatchObject([{ index: 10, ratio: 2 }]);
    expect(changePoints(levels([2, 12], [4, 1]))).toMatchObject([{ index: 12, after: { n: 1, mean: 4, stddev: null } }]);
  });

  it('leaves out what is below the least magnitude, by the lesser of the two means', () => {
    const values = levels([100, 20], [103, 20], [206, 20]);
    const found = (minMagnitude: number) => changePoints(values, { minMagnitude }).map(({ index }) => index);
    expect(found(0)).toEqual([20, 40]);
    expect(found(0.05)).toEqual([40]);
    expect(found(1.1)).toEqual([]);
  });

  it('keeps to very great and very small values', () => {
    for (const unit of [1e300, 1e-300, 2 ** -1060]) {
      expect(changePoints(levels([2 * unit, 10], [3 * unit, 10])).map(({ index, p, ratio }) => ({ index, p, ratio }))).toEqual([
        { index: 10, p: 0, ratio: 1.5 },
      ]);
    }
    const mixed = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 80 });
    fc.assert(
      fc.property(mixed, (values) => {
        for (const { index, p } of changePoints(values)) {
          expect(index).toBeGreaterThan(0);
          expect(index).toBeLessThan(values.length);
          expect(p).toBeLessThan(0.001);
        }
      }),
    );
  });

  it('refuses what is no series and no option', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => changePoints([1, value])).toThrow(RangeError);
    for (const window of [1, 2.5, Number.NaN]) expect(() => changePoints([1], { window })).toThrow(RangeError);
    for (const maxP of [0, 1, Number.NaN]) expect(() => changePoints([1], { maxP })).toThrow(RangeError);
    for (const minMagnitude of [-0.1, Number.NaN]) expect(() => changePoints([1], { minMagnitude })).toThrow(RangeError);
  });

  it('gives levels that adjoin and are those of the values', () => {
    fc.assert(
      fc.property(steppedSeries, (values) => {
        const found = changePoints(values);
        const starts = [0, ...found.map(({ index }) => index), values.length];
        for (const [i, { index, before, after, p }] of found.entries()) {
          expect(index).toBeGreaterThan(starts[i] ?? Number.NaN);
          expect(p).toBeLessThan(0.001);
          const [left, right] = [values.slice(starts[i], index), values.slice(index, starts[i + 2])];
          expect(before).toEqual({ n: left.length, mean: preciseMean(left), stddev: preciseStddev(left) });
          expect(after).toEqual({ n: right.length, mean: preciseMean(right), stddev: preciseStddev(right) });
        }
      }),
    );
  });

  it('gives the same points of the same series, shifted or scaled', () => {
    const shifts = fc.integer({ min: -1_000, max: 1_000 });
    const scales = fc.integer({ min: -30, max: 30 }).map((exponent) => 2 ** exponent);
    fc.assert(
      fc.property(steppedSeries, shifts, scales, (values, shift, scale) => {
        const found = indexes(values);
        expect(changePoints(Float64Array.from(values)).map(({ index }) => index)).toEqual(found);
        expect(indexes(values.map((x) => x + shift))).toEqual(found);
        expect(indexes(values.map((x) => x * scale))).toEqual(found);
        expect(indexes(values.map((x) => -x))).toEqual(found);
      }),
    );
  });

  it('finds a planted step of 5 deviations within one point', () => {
    const missed: number[] = [];
    for (let seed = 0; seed < 300; seed += 1) {
      const n = 20 + (seed % 81);
      const at = 5 + ((seed * 7) % (n - 9));
      const direction = seed % 2 === 0 ? 5 : -5;
      const values = noise(seed, n).map((x, i) => (i >= at ? x + direction : x));
      if (!changePoints(values).some(({ index }) => Math.abs(index - at) <= 1)) missed.push(seed);
    }
    expect(missed.length).toBeLessThanOrEqual(3);
  });

  it('finds none in 95 % of series of noise, of up to 100 points', () => {
    for (const n of [10, 30, 50, 100]) {
      const seeds = Array.from({ length: 400 }, (_, seed) => seed);
      const alarmed = seeds.filter((seed) => changePoints(noise(seed, n)).length > 0);
      expect(alarmed.length, `${n} points`).toBeLessThanOrEqual(20);
    }
  });

  it('takes time that grows with the length alone', () => {
    const started = performance.now();
    changePoints(noise(1, 50_000));
    changePoints(Array.from({ length: 50_000 }, (_, i) => i));
    // Some 200 ms; a test of all pairs would take minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
