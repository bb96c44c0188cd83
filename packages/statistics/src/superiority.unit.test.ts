import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cliffsDelta, superiority } from './superiority.ts';
import { pairsWonByA, sizesOf, tieGroups } from './tie-groups.ts';

const few = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });

describe('tieGroups', () => {
  it('are the counts of each distinct value, ascending', () => {
    const groups = tieGroups([3, 1, 3, -0], new Float64Array([2, 3, 0, 0]));
    expect(groups).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 0 },
      { a: 0, b: 1 },
      { a: 2, b: 1 },
    ]);
    expect(sizesOf(groups)).toEqual({ a: 4, b: 4 });
    // 0 ties two; 1 is above two; each 3 is above three and ties one.
    expect(pairsWonByA(groups)).toBe(1 + 2 + 3.5 + 3.5);
  });

  it('need values on both sides', () => {
    expect(() => tieGroups([], [1])).toThrow(RangeError);
    expect(() => tieGroups([1], [])).toThrow(RangeError);
  });
});

describe('superiority and cliffsDelta', () => {
  // Of the nine pairs 5 have the greater b and 2 are equal: (5 + 1) / 9 and (5 - 2) / 9.
  it('are what can be counted by hand', () => {
    expect(superiority([1, 2, 3], [2, 3, 2.5])).toBe(6 / 9);
    expect(cliffsDelta([1, 2, 3], [2, 3, 2.5])).toBeCloseTo(3 / 9, 15);
  });

  it('go from one end to the other', () => {
    expect([superiority([1, 2], [3, 4, 5]), cliffsDelta([1, 2], [3, 4, 5])]).toEqual([1, 1]);
    expect([superiority([3, 4], [1, 2]), cliffsDelta([3, 4], [1, 2])]).toEqual([0, -1]);
    expect([superiority([7, 7], [7]), cliffsDelta([7, 7], [7])]).toEqual([0.5, 0]);
  });

  it('are the shares of all pairs', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        const signs = a.flatMap((x) => b.map((y) => Math.sign(y - x)));
        const delta = signs.reduce<number>((sum, sign) => sum + sign, 0) / signs.length;
        expect(cliffsDelta(a, b)).toBeCloseTo(delta, 14);
        expect(superiority(a, b)).toBeCloseTo((delta + 1) / 2, 14);
        expect(cliffsDelta(b, a)).toBe(0 - cliffsDelta(a, b));
      }),
    );
  });
});
