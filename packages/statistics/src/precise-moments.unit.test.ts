import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOfSorted, stddevOfSorted } from './moments.ts';
import { preciseMean, preciseStddev } from './precise-moments.ts';

/** Simon & Lesage's construction: a great number and deviations in its last digits. */
const accuracy = (base: number, low: number, high: number) => [base, ...Array.from({ length: 500 }, () => [low, high]).flat()];

describe('preciseMean and preciseStddev', () => {
  it('are what can be computed by hand', () => {
    expect(preciseMean([4, 9, 2, 5, 7, 4, 5, 4])).toBe(5);
    expect(preciseStddev([4, 9, 2, 5, 7, 4, 5, 4])).toBeCloseTo(Math.sqrt(32 / 7), 15);
    expect([preciseMean([10000001, 10000003, 10000002]), preciseStddev([10000001, 10000003, 10000002])]).toEqual([10000002, 1]);
  });

  // In exact fractions of what the doubles say, which is not what the decimals say: 10000000.1 is no double.
  it('keep all digits where a plain sum and a recurrence lose some', () => {
    const values = accuracy(10000000.2, 10000000.1, 10000000.3);
    expect(preciseMean(values)).toBeCloseTo(10000000.2, 8);
    expect(preciseStddev(values)).toBeCloseTo(0.10000000055879354, 16);
    const sorted = Float64Array.from(values).sort();
    expect(Math.abs(meanOfSorted(sorted) - 10000000.2)).toBeGreaterThan(1e-8);
    expect(Math.abs((stddevOfSorted(sorted) ?? 0) - 0.10000000055879354)).toBeGreaterThan(1e-10);
  });

  it('cancel what cancels', () => expect(preciseMean([1e100, 1, -1e100])).toBe(1 / 3));

  it('hold for values whose sums or squares no double holds', () => {
    expect(preciseMean([1e308, 1e308, 1.5e308])).toBeCloseTo(1.1666666666666667e308, -294);
    expect((preciseStddev([1e200, 2e200]) ?? 0) / 1e200).toBeCloseTo(Math.SQRT1_2, 14);
    expect((preciseStddev([1e-200, 2e-200]) ?? 0) / 1e-200).toBeCloseTo(Math.SQRT1_2, 14);
    expect(preciseStddev([5e-324, 5e-324])).toBe(0);
  });

  it('are the same in any order, and exact for whole numbers', () => {
    const whole = fc.array(fc.maxSafeInteger(), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(whole, (xs) => {
        const total = Number(xs.reduce((sum, x) => sum + BigInt(x), 0n));
        const mean = preciseMean(xs);
        expect(Math.abs(mean - total / xs.length)).toBeLessThanOrEqual(2 ** -51 * Math.abs(total / xs.length));
        expect(preciseMean([...xs].reverse())).toBe(mean);
        expect(preciseStddev([...xs].reverse())).toBe(preciseStddev(xs));
        expect(preciseStddev(xs)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('claim nothing of too few values', () => {
    expect(() => preciseMean([])).toThrow(RangeError);
    expect([preciseStddev([]), preciseStddev([3])]).toEqual([null, null]);
    expect(() => preciseStddev([1, Number.NaN])).toThrow(RangeError);
  });
});
