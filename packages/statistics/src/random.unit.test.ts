import { describe, expect, it } from 'vitest';
import { seededWords, xoshiro128 } from './random.ts';

const taken = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('xoshiro128', () => {
  // Of the authors' xoshiro128starstar.c, version 1.1, with the state 1, 2, 3, 4.
  it('draws what the reference implementation draws', () => {
    const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804];
    expect(taken(10, xoshiro128([1, 2, 3, 4]))).toEqual(expected);
  });
});

describe('seededWords', () => {
  // By a second implementation, in unbounded integers.
  it.each([
    [0, [3809008728, 1133695204, 53579671, 2891528803]],
    [1, [2639375342, 3274559122, 3467335147, 824295497]],
    [Number.MAX_SAFE_INTEGER, [1240701866, 3854055948, 459364958, 1196945337]],
  ])('for seed %d draws %j', (seed, expected) => expect(taken(4, seededWords(seed))).toEqual(expected));

  it('uses the high half of a seed too', () => expect(taken(4, seededWords(2 ** 32))).not.toEqual(taken(4, seededWords(0))));

  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('refuses the seed %d', (seed) => {
    expect(() => seededWords(seed)).toThrow('A seed is an integer');
  });
});
