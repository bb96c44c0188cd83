import { describe, expect, it } from 'vitest';
import { seededWords } from './random.ts';
import { middleOfWords } from './resampled-middle.ts';

const DRAWS = 40_000;

/** How often each pair of middle places comes when n of n places are drawn, by going through all n^n ways to draw them. */
function expectedPairs(n: number): Map<string, number> {
  const pairs = new Map<string, number>();
  const ways = n ** n;
  for (let way = 0; way < ways; way++) {
    const drawn = Array.from({ length: n }, (_, i) => Math.floor(way / n ** i) % n).sort((a, b) => a - b);
    const key = `${drawn[Math.ceil(n / 2) - 1]} ${drawn[Math.floor(n / 2)]}`;
    pairs.set(key, (pairs.get(key) ?? 0) + 1 / ways);
  }
  return pairs;
}

describe('middleOfWords', () => {
  it.each([1, 2, 3, 4, 5, 6])('of %i words they come as often as all ways to draw them say', (n) => {
    const word = seededWords(n);
    const counts = new Map<string, number>();
    for (let i = 0; i < DRAWS; i++) {
      const { low, high } = middleOfWords(n, word);
      const key = [low, high].map((one) => Math.floor((one * n) / 2 ** 32)).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const expected = expectedPairs(n);
    expect([...counts.keys()].filter((key) => !expected.has(key))).toEqual([]);
    // Five standard deviations of a binomial count.
    for (const [key, share] of expected)
      expect(Math.abs((counts.get(key) ?? 0) - DRAWS * share)).toBeLessThan(5 * Math.sqrt(DRAWS * share * (1 - share)) + 1);
  });

  it.each([257, 1_000])('of %i words has the mean and the variance of a middle order statistic', (n) => {
    const word = seededWords(n);
    const lows = Array.from({ length: DRAWS }, () => middleOfWords(n, word).low / 2 ** 32);
    const mean = lows.reduce((sum, x) => sum + x, 0) / DRAWS;
    const variance = lows.reduce((sum, x) => sum + (x - mean) ** 2, 0) / DRAWS;
    // The k-th of n uniform numbers has a beta distribution with k and n + 1 - k.
    const k = Math.ceil(n / 2);
    const expected = { mean: k / (n + 1), variance: (k * (n + 1 - k)) / ((n + 1) ** 2 * (n + 2)) };
    expect(Math.abs(mean - expected.mean)).toBeLessThan(5 * Math.sqrt(expected.variance / DRAWS));
    expect(variance / expected.variance).toBeCloseTo(1, 1);
  });

  it('orders its two words, which are one for an odd number', () => {
    const word = seededWords(3);
    for (let i = 0; i < 1_000; i++) {
      const even = middleOfWords(10, word);
      expect(even.low).toBeLessThanOrEqual(even.high);
      const odd = middleOfWords(11, word);
      expect(odd.low).toBe(odd.high);
    }
  });
});
