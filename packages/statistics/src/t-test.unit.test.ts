import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preciseMean, preciseStddev } from './precise-moments.ts';
import { joinedMoments, segmentMoments } from './segment-moments.ts';
import { tTest } from './t-test.ts';

const FILE = fileURLToPath(new URL('../../../../shared/data/statistics/golden/golden.json', import.meta.url));

const moments = (values: readonly number[]) => segmentMoments(Float64Array.from(values), 0, values.length);
const test = (a: readonly number[], b: readonly number[]) => tTest(moments(a), moments(b));

describe('segment moments', () => {
  const someValues = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

  it('are those of the values, also joined from two segments', () => {
    fc.assert(
      fc.property(someValues, someValues, (a, b) => {
        for (const found of [moments([...a, ...b]), joinedMoments(moments(a), moments(b))]) {
          expect(found.n).toBe(a.length + b.length);
          expect(Math.abs(found.mean - preciseMean([...a, ...b]))).toBeLessThan(1e-8);
          expect(Math.abs(Math.sqrt(found.squares / (found.n - 1)) - (preciseStddev([...a, ...b]) ?? 0))).toBeLessThan(1e-6);
        }
      }),
    );
  });

  it('of values that do not differ have no deviation at all', () => {
    expect(moments([0.1, 0.1, 0.1])).toEqual({ n: 3, mean: 0.1, squares: 0 });
    expect(joinedMoments(moments([0.1, 0.1, 0.1]), moments([0.1, 0.1]))).toEqual({ n: 5, mean: 0.1, squares: 0 });
  });
});

describe('tTest', () => {
  // Means 2 and 5, squares 2 and 2: pooled variance 4 / 4, t = 3 / sqrt(2 / 3) with 4 degrees of freedom;
  // p = 1 - sin(a) (1 + cos(a)^2 / 2) with sin(a)^2 = 13.5 / 17.5 and cos(a)^2 = 4 / 17.5.
  it('is what can be computed by hand', () => {
    expect(test([1, 2, 3], [4, 5, 6])).toBeCloseTo(1 - Math.sqrt(13.5 / 17.5) * (1 + 2 / 17.5), 14);
  });

  it('takes a side of one value, and says nothing of one value a side', () => {
    expect(test([1, 2, 3], [9])).toBeLessThan(0.03);
    expect(test([1], [9])).toBe(1);
  });

  it('is sure of levels without any noise, unless they are the same', () => {
    expect(test([7, 7, 7], [8, 8])).toBe(0);
    expect(test([7, 7, 7], [7, 7])).toBe(1);
  });

  it('takes what arithmetic rounds for no difference', () => {
    expect(test([0.3, 0.3, 0.3], [0.1 + 0.2, 0.1 + 0.2])).toBe(1);
    expect(test([0.3, 0.3, 0.3], [0.300001, 0.300001])).toBe(0);
  });

  it('is the same from either side', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(test(a, b)).toBe(test(b, a));
      }),
    );
  });
});

type Golden = { two_sample: Record<string, { a: number[]; b: number[]; student?: { p: number | null } }> };

// Computed with scipy 1.17.1.
describe.skipIf(!existsSync(FILE))(
  `Student's t-test of scipy${existsSync(FILE) ? '' : ' (left out: its reference values are absent)'}`,
  () => {
    const golden: Golden = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { two_sample: {} };
    const cases = Object.entries(golden.two_sample).filter(([, { student }]) => student);

    it('has cases', () => expect(cases.length).toBeGreaterThanOrEqual(2));

    it.each(cases)('%s', (_, { a, b, student }) => {
      // Where nothing varies and the means are the same, scipy divides 0 by 0.
      const expected = student?.p ?? 1;
      expect(Math.abs(test(a, b) - expected)).toBeLessThanOrEqual(1e-11 * expected);
    });
  },
);
