import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangePointOptions, ChangePointSearch, changePoints, LEAST_FOR_CHANGE_POINTS } from './e-divisive.ts';
import { bestSplit, type EnergySplit } from './energy-split.ts';
import { segmentMoments } from './segment-moments.ts';
import { strongPoints } from './strong-points.ts';
import { tTest } from './t-test.ts';

/** The mean distance of n points from the sum of the distances of their pairs. */
const meanWithin = (n: number, sum: number) => (n > 1 ? (2 * sum) / (n * (n - 1)) : 0);

/**
 * The best split by its definition: every cut of every end, each from the distances themselves, which are added up point by point as
 * they come in.
 */
function plainSplit(values: readonly number[], from: number, to: number): EnergySplit | null {
  let best: EnergySplit | null = null;
  const distance = (i: number, j: number) => Math.abs((values[i] ?? Number.NaN) - (values[j] ?? Number.NaN));
  for (let end = from + 2; end <= to; end += 1) {
    for (let index = from + 1; index < end; index += 1) {
      let [between, withinX, withinY] = [0, 0, 0];
      for (let last = from + 1; last < end; last += 1) {
        let [toX, toY] = [0, 0];
        for (let i = from; i < Math.min(last, index); i += 1) toX += distance(i, last);
        for (let i = last - 1; i >= index; i -= 1) toY += distance(i, last);
        if (last < index) withinX += toX;
        else between += toX;
        withinY += toY;
      }
      const [m, n] = [index - from, end - index];
      const divergence = ((m * n) / (m + n)) * ((2 * between) / (m * n) - meanWithin(m, withinX) - meanWithin(n, withinY));
      if (divergence > (best?.divergence ?? 0)) best = { index, divergence };
    }
  }
  return best;
}

/** All change points with their p, every window searched, every stretch split anew at every cut. */
function plainPoints(values: readonly number[], { window = 50, maxP = 0.001, minMagnitude = 0 }: ChangePointOptions) {
  if (values.length < LEAST_FOR_CHANGE_POINTS) return [];
  const series = Float64Array.from(values);
  const weak: number[] = [];
  for (let start = 0; start < values.length; ) {
    const cuts = [start, Math.min(start + window, values.length)];
    for (;;) {
      const splits = cuts.slice(1).map((to, i) => ({ from: cuts[i] ?? 0, to, split: plainSplit(values, cuts[i] ?? 0, to) }));
      const next = splits.reduce((most, one) => ((one.split?.divergence ?? 0) > (most.split?.divergence ?? 0) ? one : most));
      if (next.split === null) break;
      const { from, to, split } = next;
      if (tTest(segmentMoments(series, from, split.index), segmentMoments(series, split.index, to)) > Math.min(1, maxP * 10)) break;
      cuts.push(split.index);
      cuts.sort((a, b) => a - b);
    }
    weak.push(...cuts.slice(1, -1));
    start = Math.max(start + Math.floor(window / 2), cuts.at(-2) ?? 0);
  }
  return strongPoints(series, weak, maxP, minMagnitude);
}

/** Noise around up to three levels; some of whole numbers with ties, some of doubles whose sums round. */
const around = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 15, size: 'max' });
const someValues = fc
  .array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(1, 0.1, 1 / 3), around), { maxLength: 3 })
  .map((parts) => parts.flatMap(([level, scale, noise]) => noise.map((x) => level + x * scale)));

/** What becomes of a series: some percent of it stay, and others follow. */
const edits = fc.array(fc.record({ kept: fc.integer({ min: 0, max: 100 }), next: someValues }), { minLength: 1, maxLength: 5 });

function edited(values: readonly number[], { kept, next }: { kept: number; next: readonly number[] }): number[] {
  return [...values.slice(0, Math.ceil((kept * values.length) / 100)), ...next];
}

const settings = fc.record({ window: fc.integer({ min: 2, max: 24 }), maxP: fc.constantFrom(0.001, 0.05, 0.5) });

describe('bestSplit', () => {
  it('gives to the last bit what every cut by itself gives', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 24 }), fc.nat(5), (values, from) => {
        expect(bestSplit(Float64Array.from(values), from, values.length)).toEqual(plainSplit(values, from, values.length));
      }),
    );
  });
});

describe('ChangePointSearch', () => {
  it('gives what every window by itself gives, whatever was searched before', () => {
    fc.assert(
      fc.property(someValues, edits, settings, (first, all, options) => {
        const search = new ChangePointSearch(options);
        let values = first;
        for (const edit of [{ kept: 100, next: [] }, ...all]) {
          values = edited(values, edit);
          const found = search.points(values);
          expect(found.map(({ index, p }) => ({ index, p }))).toEqual(plainPoints(values, options));
          expect(found).toEqual(changePoints(values, options));
        }
      }),
    );
  });

  it('gives that as value follows value, in windows of 50 and of a series in which much changes', () => {
    const series = Array.from({ length: 128 }, (_, i) => 100 + ([0, 7, -3, 0.3][Math.floor(i / 32)] ?? 0) + ((i * 7919) % 13) / 10);
    const search = new ChangePointSearch();
    for (let n = 1; n <= series.length; n += 1) expect(search.points(series.slice(0, n))).toEqual(changePoints(series.slice(0, n)));
    expect(search.points(series).map(({ index, p }) => ({ index, p }))).toEqual(plainPoints(series, {}));
    expect(search.points(series).map(({ index }) => index)).toEqual([32, 64, 96]);
  });

  it('sees that the magnitude of all values is another, or the sign of a zero', () => {
    const values = Array.from({ length: 30 }, (_, i) => (i < 15 ? 2 : 2.5) + ((i * 7) % 5));
    const search = new ChangePointSearch({ window: 6 });
    for (const next of [values, [...values, 1e200], values, [...values, 0], [...values, -0], values.map((x) => x * 1e-200)])
      expect(search.points(next)).toEqual(changePoints(next, { window: 6 }));
  });

  it('does not search the same values twice, and keeps what it found when it refuses some', () => {
    const values = [2, 3, 2, 3, 2, 9, 8, 9, 8, 9, 8];
    const search = new ChangePointSearch();
    const found = search.points(values);
    expect(found).toHaveLength(1);
    expect(() => search.points([...values, Number.NaN])).toThrow(RangeError);
    expect(search.points(Float64Array.from(values))).toBe(found);
  });
});
