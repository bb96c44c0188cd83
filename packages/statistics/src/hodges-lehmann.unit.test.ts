import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { kthDifference } from './kth-difference.ts';
import { criticalU } from './u-distribution.ts';

const differences = (a: readonly number[], b: readonly number[]) => a.flatMap((x) => b.map((y) => y - x)).sort((x, y) => x - y);
const sorted = (values: readonly number[]) => Float64Array.from(values).sort();
const sample = (maxLength: number) =>
  fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength });

describe('kthDifference', () => {
  it('is the k-th of the sorted differences, to the last bit', () => {
    fc.assert(
      fc.property(sample(12), sample(12), fc.nat(), (a, b, seed) => {
        const all = differences(a, b);
        const k = (seed % all.length) + 1;
        expect(kthDifference(sorted(a), sorted(b), k)).toBeCloseTo(all[k - 1] ?? Number.NaN, 30);
      }),
    );
  });

  it('ends for differences of all magnitudes, and for those that no double holds', () => {
    const powers = Array.from({ length: 60 }, (_, i) => 10 ** (5 * i - 150));
    const all = differences(powers, powers);
    for (const k of [1, 2, 900, 1800, 3599, 3600]) expect(kthDifference(sorted(powers), sorted(powers), k)).toBe(all[k - 1]);
    const huge = sorted([-1.7e308, 0, 1.7e308]);
    expect([1, 3, 5, 7, 9].map((k) => kthDifference(huge, huge, k))).toEqual([
      Number.NEGATIVE_INFINITY,
      -1.7e308,
      0,
      1.7e308,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('criticalU', () => {
  // The least significant U of printed tables (two-sided, alpha 0.05 and 0.01), with probabilities in unbounded integers.
  it.each([
    [3, 3, 0.025, -1, 0],
    [4, 4, 0.025, 0, 0.014285714285714285],
    [5, 5, 0.025, 2, 0.015873015873015872],
    [6, 6, 0.025, 5, 0.020562770562770564],
    [8, 8, 0.025, 13, 0.024941724941724943],
    [7, 12, 0.025, 18, 0.022465666428514726],
    [12, 7, 0.025, 18, 0.022465666428514726],
    [20, 20, 0.025, 127, 0.02454516259468622],
    [50, 50, 0.025, 965, 0.02477386179942317],
    [50, 50, 0.005, 877, 0.004905853526717241],
    [30, 80, 0.025, 907, 0.024631838338390662],
  ])('for %d and %d values and a tail of %d is %d', (m, n, share, k, below) => {
    const found = criticalU(m, n, share);
    expect(found.k).toBe(k);
    expect(found.below).toBeCloseTo(below, 12);
  });

  it('goes on smoothly where the approximation begins', () => {
    const [last, first] = [criticalU(50, 50, 0.025), criticalU(50, 51, 0.025)];
    // Exact, the next would be 985 of 2,550 pairs, too.
    expect(first.k).toBe(985);
    expect(first.below).toBeCloseTo(0.0246, 3);
    expect(first.k / 2550 - last.k / 2500).toBeLessThan(0.001);
  });
});

describe('hodgesLehmann', () => {
  // Differences of [1, 2, 4] and [3, 8]: -1 1 2 4 6 7 → median 3.
  it('is the median of the differences, in either count', () => {
    expect(hodgesLehmann([1, 2, 4], [3, 8])).toEqual({ shift: 3, interval: null });
    expect(hodgesLehmann([1, 2, 6], [5, 5, 5]).shift).toBe(3);
  });

  // Hollander & Wolfe's example, as R's wilcox.test(conf.int) and an enumeration of all 3,003 orders have it: 0.305, from -0.15 to 0.76 at 96.0 %.
  it('has the interval of a textbook example', () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const { shift, interval } = hodgesLehmann([1.15, 0.88, 0.9, 0.74, 1.21], term);
    expect(shift).toBeCloseTo(0.305, 12);
    expect(interval?.low).toBeCloseTo(-0.15, 12);
    expect(interval?.high).toBeCloseTo(0.76, 12);
    expect(interval?.confidence).toBeCloseTo(0.9600399600399601, 12);
  });

  it('has an interval from 4 values per side at 0.95 and from 5 at 0.99', () => {
    const [four, five] = [
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
    ].map((a) => a.map((x) => x * x));
    expect(hodgesLehmann(four ?? [], four ?? []).interval).toEqual({ low: -15, high: 15, confidence: 1 - 2 / 70 });
    expect(hodgesLehmann(four ?? [], four ?? [], 0.99).interval).toBeNull();
    expect(hodgesLehmann(five ?? [], five ?? [], 0.99).interval?.confidence).toBeCloseTo(1 - 2 / 252, 12);
  });

  it('turns with the sides, and its interval holds the shift and grows with the confidence', () => {
    fc.assert(
      fc.property(sample(14), sample(14), (a, b) => {
        const [there, back, wide] = [hodgesLehmann(a, b), hodgesLehmann(b, a), hodgesLehmann(a, b, 0.99)];
        expect(there.shift).toBeCloseTo(-back.shift, 9);
        const all = differences(a, b);
        const middle = ((all[Math.ceil(all.length / 2) - 1] ?? 0) + (all[Math.floor(all.length / 2)] ?? 0)) / 2;
        expect(there.shift).toBeCloseTo(middle, 9);
        if (wide.interval) expect(there.interval).not.toBeNull();
        if (!there.interval) return;
        expect(there.interval.low).toBeCloseTo(-(back.interval?.high ?? Number.NaN), 9);
        expect(there.interval.low).toBeLessThanOrEqual(there.shift);
        expect(there.interval.high).toBeGreaterThanOrEqual(there.shift);
        if (wide.interval) expect(wide.interval.low).toBeLessThanOrEqual(there.interval.low);
      }),
    );
  });

  it('takes thousands of values per side', () => {
    const a = Array.from({ length: 3_000 }, (_, i) => (i * 7919) % 3_000);
    const { shift, interval } = hodgesLehmann(
      a,
      a.map((x) => x + 25),
    );
    expect(shift).toBe(25);
    expect(interval?.confidence).toBeCloseTo(0.95, 4);
    // Half width about 1.96 * n * sqrt(2 / 12n) = 43.8 for evenly spread values.
    expect((interval?.high ?? 0) - 25).toBeGreaterThan(40);
    expect((interval?.high ?? 0) - 25).toBeLessThan(48);
  });

  it('refuses what has no shift', () => {
    expect(() => hodgesLehmann([], [1])).toThrow(RangeError);
    expect(() => hodgesLehmann([1], [Number.POSITIVE_INFINITY])).toThrow(RangeError);
    expect(() => hodgesLehmann([1], [1], 95)).toThrow(RangeError);
  });
});
