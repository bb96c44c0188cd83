import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorOf, shuffled } from './shuffle.ts';

describe('shuffled', () => {
  it('keeps every thing once and leaves the given list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.maxSafeInteger(), (things, seed) => {
        const before = [...things];
        const after = shuffled(things, generatorOf(Math.abs(seed)));
        expect(things).toEqual(before);
        expect(after.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
      }),
    );
  });

  it('makes every order about as often as any other, over seeds next to each other', () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let seed = 0; seed < draws; seed++) {
      const order = shuffled(['a', 'b', 'c', 'd'], generatorOf(seed, 0)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi-square with 23 degrees of freedom: 49.73 is exceeded once in a thousand.
    const expected = draws / 24;
    expect([...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)).toBeLessThan(49.73);
  });
});

describe('generatorOf', () => {
  it('gives numbers from 0 to below 1, of which the mean is about a half', () => {
    const random = generatorOf(1, 2);
    const drawn = Array.from({ length: 10_000 }, random);
    expect(drawn.every((one) => one >= 0 && one < 1)).toBe(true);
    expect(Math.abs(drawn.reduce((sum, one) => sum + one, 0) / drawn.length - 0.5)).toBeLessThan(0.015); // five standard errors
  });
});
