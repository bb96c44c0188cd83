import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanOverTime, type Point } from './over-time.ts';

const at = (...pairs: [number, number][]): Point[] => pairs.map(([atMs, value]) => ({ atMs, value }));

test('straight lines between the points, and the last value beyond them', () => {
  expect(meanOverTime(at([0, 100], [10, 300]), 0, 10)).toBe(200);
  expect(meanOverTime(at([0, 100], [10, 300]), 0, 5)).toBe(150);
  expect(meanOverTime(at([10, 100], [20, 300]), 0, 40)).toBe((100 * 10 + 200 * 10 + 300 * 20) / 40);
  expect(meanOverTime(at([-10, 0], [10, 100]), 0, 10)).toBe(75);
});

test('one point is its value, no point is no value, a moment has the value of the moment', () => {
  expect(meanOverTime(at([500, 7]), 0, 10)).toBe(7);
  expect(meanOverTime([], 0, 10)).toBeNull();
  expect(meanOverTime(at([0, 100], [10, 300]), 5, 5)).toBe(200);
});

const value = fc.double({ min: 0, max: 1e4, noNaN: true });
const points = fc
  .uniqueArray(fc.record({ atMs: fc.integer({ min: -1_000, max: 1_000 }), value }), {
    minLength: 1,
    maxLength: 20,
    selector: ({ atMs }) => atMs,
  })
  .map((unordered) => unordered.toSorted((one, other) => one.atMs - other.atMs));
const moment = fc.integer({ min: -1_500, max: 1_500 });

test('never outside the range of the points', () => {
  fc.assert(
    fc.property(points, moment, moment, (some, one, other) => {
      const mean = meanOverTime(some, Math.min(one, other), Math.max(one, other));
      const values = some.map((point) => point.value);
      expect(mean).toBeGreaterThanOrEqual(Math.min(...values));
      expect(mean).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});

test('the area of a time is that of its parts', () => {
  fc.assert(
    fc.property(points, moment, moment, moment, (some, ...moments) => {
      const [from = 0, middle = 0, to = 0] = moments.toSorted((one, other) => one - other);
      const area = (start: number, end: number): number => (meanOverTime(some, start, end) ?? Number.NaN) * (end - start);
      expect(area(from, middle) + area(middle, to)).toBeCloseTo(area(from, to), 3);
    }),
  );
});

test('it does not matter when the clock began', () => {
  fc.assert(
    fc.property(points, moment, fc.nat({ max: 500 }), fc.integer({ min: -1e6, max: 1e6 }), (some, from, length, shift) => {
      const shifted = some.map((point) => ({ ...point, atMs: point.atMs + shift }));
      expect(meanOverTime(shifted, from + shift, from + length + shift)).toBeCloseTo(
        meanOverTime(some, from, from + length) ?? Number.NaN,
        6,
      );
    }),
  );
});
