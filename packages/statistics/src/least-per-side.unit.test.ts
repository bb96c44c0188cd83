import { describe, expect, it } from 'vitest';
import { adjustBenjaminiHochberg } from './benjamini-hochberg.ts';
import { leastPerSide } from './least-per-side.ts';
import { mannWhitney } from './mann-whitney.ts';

/** The adjusted p of the one comparison, of `family`, whose n values per side are completely apart. */
function adjusted(n: number, family: number): number {
  const a = Array.from({ length: n }, (_, i) => i);
  const { p } = mannWhitney(
    a,
    a.map((x) => x + n),
  );
  return adjustBenjaminiHochberg([p, ...Array.from({ length: family - 1 }, () => 1)])[0] ?? Number.NaN;
}

describe('leastPerSide', () => {
  // 2 / C(2n, n): 0.1 for 3, 0.0286 for 4, 0.0079 for 5, 0.0022 for 6, 0.00058 for 7.
  it.each([
    [0.05, 1, 4],
    [0.05, 2, 5],
    [0.05, 6, 5],
    [0.05, 7, 6],
    [0.01, 1, 5],
    [0.01, 2, 6],
    [0.1, 1, 4],
    [0.2, 1, 3],
    [1, 1, 2],
    [0.05, 1000, 9],
  ])('at alpha %d in a family of %d is %d', (alpha, family, n) => expect(leastPerSide(alpha, family)).toBe(n));

  it('is where complete separation is first called', () => {
    for (const family of [1, 2, 10, 50, 400]) {
      for (const alpha of [0.05, 0.01]) {
        const n = leastPerSide(alpha, family);
        expect(adjusted(n, family)).toBeLessThan(alpha);
        expect(adjusted(n - 1, family)).toBeGreaterThanOrEqual(alpha);
      }
    }
  });

  it('ends for any alpha', () => expect(leastPerSide(Number.MIN_VALUE, 1_000_000)).toBeGreaterThan(500));

  it.each([
    [0, 1],
    [-1, 1],
    [1.5, 1],
    [Number.NaN, 1],
    [0.05, 0],
    [0.05, 1.5],
    [0.05, Number.NaN],
  ])('refuses alpha %d with family %d', (alpha, family) => expect(() => leastPerSide(alpha, family)).toThrow(RangeError));
});
