import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

/** Arrivals with these gaps between them, the first at 5 s. */
function withGaps(gaps: readonly number[]): Arrivals {
  const arrivals = new Arrivals();
  let at = 5;
  arrivals.at(at);
  for (const gap of gaps) {
    at += gap;
    arrivals.at(at);
  }
  return arrivals;
}

test('nothing, and one arrival alone, have no gap', () => {
  expect(new Arrivals().gaps()).toBeNull();
  expect(withGaps([]).gaps()).toBeNull();
});

test('two arrivals have one gap, which is its own median and maximum: the time to the first counts for nothing', () => {
  expect(withGaps([2]).gaps()).toEqual({ n: 1, median: 2, p95: 2, max: 2 });
});

test('median and 95th percentile are gaps that were there, by nearest rank', () => {
  // Of four the second is the median (rank 2 = 0.5 · 4), and the fourth the 95th percentile (rank 3.8, so 4).
  expect(withGaps([4, 1, 8, 2]).gaps()).toEqual({ n: 4, median: 2, p95: 8, max: 8 });
  // Of twenty the tenth, and the nineteenth: one slow token in twenty is not typical.
  expect(withGaps([...Array(19).fill(1), 64]).gaps()).toEqual({ n: 20, median: 1, p95: 1, max: 64 });
});

test('of a very long answer the first gaps count', () => {
  expect(withGaps([...Array(65_536).fill(1), 1_000]).gaps()).toEqual({ n: 65_536, median: 1, p95: 1, max: 1 });
});

test('half of the gaps, and 95 of 100, are not above what is told of them, and the order does not matter', () => {
  // Sums of whole numbers are exact, so the gaps that come back are those that went in.
  const someGaps = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(someGaps, (gaps) => {
      const told = withGaps(gaps).gaps();
      if (told === null) throw new Error('There are gaps.');
      expect(told.n).toBe(gaps.length);
      expect(told.max).toBe(Math.max(...gaps));
      for (const [percent, value] of [
        [50, told.median],
        [95, told.p95],
      ] as const) {
        expect(gaps).toContain(value);
        expect(100 * gaps.filter((gap) => gap <= value).length).toBeGreaterThanOrEqual(percent * gaps.length);
        // And of those below it there are fewer: it is the smallest such gap.
        expect(100 * gaps.filter((gap) => gap < value).length).toBeLessThan(percent * gaps.length);
      }
      expect(withGaps(gaps.toReversed()).gaps()).toEqual(told);
    }),
  );
});
