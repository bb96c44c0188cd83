import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jitterOf, slowed } from './jitter.ts';
import { rateAt } from './rates.ts';

describe('jitter', () => {
  it('stays within its share, on both sides, and is none for none', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.nat(), fc.nat({ max: 100_000 }), (share, seed, index) => {
        expect(Math.abs(jitterOf({ share, seed }, index) - 1)).toBeLessThanOrEqual(share + 1e-12);
        expect(jitterOf({ share: 0, seed }, index)).toBe(1);
      }),
    );
  });

  it('is the same by the same seed and index, spread evenly, and of another seed another', () => {
    const of = (seed: number) => Array.from({ length: 2_000 }, (_, index) => jitterOf({ share: 0.1, seed }, index));
    expect(of(7)).toEqual(of(7));
    const [some, others] = [of(7), of(8)];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // Of a uniform spread over 0.2 the standard deviation is 0.2 / sqrt(12) = 0.0577; that of the mean of 2,000 is 0.0013.
    for (const values of [some, others]) {
      expect(Math.abs(mean(values) - 1)).toBeLessThan(0.005);
      const deviation = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
      expect(deviation).toBeCloseTo(0.2 / Math.sqrt(12), 2);
    }
    const both = mean(some.map((value, i) => (value - 1) * ((others[i] ?? 1) - 1)));
    expect(Math.abs(both)).toBeLessThan(0.0005);
    expect(some).not.toEqual(others);
  });
});

describe('slowed rates', () => {
  it('take so many times as long, in all that they say', () => {
    const rates = slowed({ tokensPerSecond: [100, 40], loadMs: 500, promptMs: 30 }, 1.25);
    expect(rates).toMatchObject({ loadMs: 625, promptMs: 37.5 });
    expect([1, 2, 4].map((busy) => rateAt(rates.tokensPerSecond ?? [], busy))).toEqual([80, 32, 16]);
  });

  it('are none where there were none', () => {
    expect(slowed({}, 1.1)).toEqual({});
    expect(slowed({ tokensPerSecond: [] }, 1.1)).toEqual({});
  });
});
