import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannWhitney, mannWhitneyApproximation } from './mann-whitney.ts';

const pairsWon = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x) => sum + b.reduce((won, y) => won + (x > y ? 1 : x === y ? 0.5 : 0), 0), 0);

/** The p-value by trying all ways to choose a's values from the pool: the definition. */
function enumerated(a: readonly number[], b: readonly number[]): number {
  const pool = [...a, ...b];
  const observed = pairsWon(a, b);
  let [least, most, all] = [0, 0, 0];
  for (let bits = 0; bits < 2 ** pool.length; bits += 1) {
    const chosen = pool.filter((_, i) => (bits >> i) & 1);
    if (chosen.length !== a.length) continue;
    const u = pairsWon(
      chosen,
      pool.filter((_, i) => !((bits >> i) & 1)),
    );
    all += 1;
    if (u <= observed) least += 1;
    if (u >= observed) most += 1;
  }
  return Math.min(1, (2 * Math.min(least, most)) / all);
}

/** The p-value by counting sums of doubled midranks in unbounded integers, value by value: slow and plain. */
function countedByRanks(a: readonly number[], b: readonly number[]): number {
  const pool = [...a, ...b].sort((x, y) => x - y);
  const rank = (value: number) => pool.indexOf(value) + pool.lastIndexOf(value) + 2;
  const sums: Map<number, bigint>[] = Array.from({ length: a.length + 1 }, () => new Map());
  sums[0]?.set(0, 1n);
  for (const value of pool) {
    for (let k = a.length; k > 0; k -= 1) {
      for (const [sum, ways] of sums[k - 1] ?? []) sums[k]?.set(sum + rank(value), (sums[k]?.get(sum + rank(value)) ?? 0n) + ways);
    }
  }
  const observed = a.reduce((sum, value) => sum + rank(value), 0);
  let [least, most, all] = [0n, 0n, 0n];
  for (const [sum, ways] of sums[a.length] ?? []) {
    all += ways;
    if (sum <= observed) least += ways;
    if (sum >= observed) most += ways;
  }
  const doubled = 2n * (least < most ? least : most);
  return doubled >= all ? 1 : Number(doubled) / Number(all);
}

const tied = (maxLength: number, spread: number) => fc.array(fc.integer({ min: 0, max: spread }), { minLength: 1, maxLength });

describe('mannWhitney, exact', () => {
  // By hand: of the C(8, 4) = 70 ways 1 is as extreme on a side; of 3 ways to choose one of 1, 1, 2 one gives U = 2 and all give at most that.
  it.each([
    { a: [1, 2, 3, 4], b: [5, 6, 7, 8], u: 0, p: 2 / 70 },
    { a: [5, 6, 7], b: [1, 2, 3], u: 9, p: 2 / 20 },
    { a: [1], b: [2], u: 0, p: 1 },
    { a: [2], b: [1, 1], u: 2, p: 2 / 3 },
    { a: [3, 3, 5, 7], b: [3, 4, 4], u: 7, p: 32 / 35 },
    { a: [1, 1, 2], b: [2, 3, 3, 3, 9, 9], u: 0.5, p: 4 / 84 },
    { a: [4, 4, 4, 4], b: [4, 4, 4, 4], u: 8, p: 1 },
  ])('of $a and $b gives U $u and p $p', ({ a, b, u, p }) => {
    const found = mannWhitney(a, b);
    expect(found).toEqual({ u, p: found.p, method: 'exact' });
    expect(found.p).toBeCloseTo(p, 15);
  });

  // Hollander & Wolfe, "Nonparametric statistical methods", permeability of placental membranes: U = 35, one-sided p 0.1272.
  it('of a textbook example gives the textbook p', () => {
    const [term, early] = [
      [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
      [1.15, 0.88, 0.9, 0.74, 1.21],
    ];
    expect(mannWhitney(term ?? [], early ?? []).u).toBe(35);
    expect(mannWhitney(term ?? [], early ?? []).p).toBeCloseTo(2 * 0.1272061272061272, 12);
  });

  it('is the share of all ways to choose', () => {
    fc.assert(
      fc.property(tied(6, 5), tied(6, 5), (a, b) => {
        expect(mannWhitney(a, b).p).toBeCloseTo(enumerated(a, b), 13);
      }),
    );
  });

  it('is right at sizes that cannot be tried one by one, with many ties, some and none', () => {
    for (const spread of [3, 12, 60, 1_000_000]) {
      fc.assert(
        fc.property(tied(20, spread), tied(20, spread), (a, b) => {
          const expected = countedByRanks(a, b);
          expect(Math.abs(mannWhitney(a, b).p - expected)).toBeLessThanOrEqual(1e-13 * expected);
        }),
        { numRuns: 40 },
      );
    }
  });

  it('is right where counts exceed what a double holds exactly', () => {
    const a = Array.from({ length: 30 }, (_, i) => (i * 37) % 61);
    const b = Array.from({ length: 32 }, (_, i) => ((i * 29) % 61) + 7);
    const expected = countedByRanks(a, b);
    expect(Math.abs(mannWhitney(a, b).p - expected)).toBeLessThanOrEqual(1e-12 * expected);
    const fifty = Array.from({ length: 50 }, (_, i) => i);
    const apart = mannWhitney(
      fifty,
      fifty.map((x) => x + 50),
    );
    // 2 / C(100, 50)
    expect(apart.p / 1.9823306042836678e-29).toBeCloseTo(1, 12);
  });

  it('takes few against many', () => {
    const many = Array.from({ length: 500 }, (_, i) => i);
    // Five above all 500: 2 / C(505, 5).
    expect(mannWhitney([501, 502, 503, 504, 505], many).p / (2 / 268318178226)).toBeCloseTo(1, 12);
    expect(mannWhitney(many, [501, 502, 503, 504, 505])).toMatchObject({ u: 0, method: 'exact' });
  });

  it('does not depend on order, side, or anything but ranks', () => {
    fc.assert(
      fc.property(tied(15, 8), tied(15, 8), (a, b) => {
        const { u, p } = mannWhitney(a, b);
        expect(mannWhitney([...a].reverse(), Float64Array.from(b))).toEqual({ u, p, method: 'exact' });
        expect(mannWhitney(b, a)).toEqual({ u: a.length * b.length - u, p, method: 'exact' });
        const cubed = (x: number) => x ** 3 - 100;
        expect(mannWhitney(a.map(cubed), b.map(cubed))).toEqual({ u, p, method: 'exact' });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses what cannot be ranked', () => {
    expect(() => mannWhitney([], [1])).toThrow(RangeError);
    expect(() => mannWhitney([1, Number.NaN], [1])).toThrow(RangeError);
  });
});

describe('mannWhitney, approximated', () => {
  it('begins above 50 values per side', () => {
    const fifty = Array.from({ length: 50 }, (_, i) => i);
    expect(mannWhitney(fifty, fifty).method).toBe('exact');
    expect(mannWhitney([...fifty, 50], fifty).method).toBe('normal');
  });

  // n = 10 and 10: deviation sqrt(100 * 21 / 12) = 13.2288, z = (50 - 0.5) / 13.2288 = 3.74185, two-sided p 0.000182672.
  it('is corrected for continuity', () => {
    const ten = Array.from({ length: 10 }, (_, i) => i);
    const { u, p } = mannWhitneyApproximation(
      ten,
      ten.map((x) => x + 20),
    );
    expect(u).toBe(0);
    expect(p).toBeCloseTo(0.000182672, 9);
  });

  // Values 1 (1 + 3 times) and 2 (3 + 1): U = 4, mean 8, deviation sqrt(16 / 12 * (9 - 120 / 56)) = 3.02372, z = 1.15752.
  it('is corrected for ties', () => {
    expect(mannWhitneyApproximation([1, 2, 2, 2], [1, 1, 1, 2]).p).toBeCloseTo(0.247061, 4);
    expect(mannWhitneyApproximation([5, 5], [5, 5]).p).toBe(1);
  });

  it('is near the exact value where both can be had', () => {
    const values = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 25, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(Math.abs(mannWhitneyApproximation(a, b).p - mannWhitney(a, b).p)).toBeLessThan(0.02);
      }),
      { numRuns: 30 },
    );
  });
});
