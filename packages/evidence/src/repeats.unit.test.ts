import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { KnownNumbers, repeatsNumbers } from './repeats.ts';

const numbers = (list: readonly number[]) => ({ values: Float64Array.from(list) });

describe('repeatsNumbers', () => {
  it('asks for three numbers that are not all the same, to twelve digits', () => {
    expect(repeatsNumbers(numbers([1, 2, 3]), numbers([1, 2, 3 + 2e-12]))).toBe(true);
    expect(repeatsNumbers(numbers([1, 2, 3]), numbers([1, 2, 3 + 1e-9]))).toBe(false);
    expect(repeatsNumbers(numbers([1, 2]), numbers([1, 2]))).toBe(false);
    expect(repeatsNumbers(numbers([4, 4, 4]), numbers([4, 4, 4]))).toBe(false);
    const digest = (list: readonly number[]) => ({ values: new Float64Array(), digest: digestOf(Float64Array.from(list)).digest });
    expect(repeatsNumbers(digest([1, 2, 3]), digest([3, 1, 2]))).toBe(true);
    expect(repeatsNumbers(digest([1, 2, 3]), numbers([1, 2, 3]))).toBe(true);
    expect(repeatsNumbers(digest([1, 2, 3]), digest([1, 2, 3, 2]))).toBe(false);
    expect(repeatsNumbers(digest([4, 4, 4]), digest([4, 4, 4]))).toBe(false);
  });
});

describe('KnownNumbers', () => {
  it('finds what looking at all finds, the first of several', () => {
    const value = fc.integer({ min: -2, max: 2 }).chain((n) => fc.constantFrom(n, n * (1 + 9e-13), n * (1 - 9e-13), n * (1 + 1.5e-12)));
    const list = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }).map(numbers), { maxLength: 40 });
    fc.assert(
      fc.property(list, (all) => {
        const known = new KnownNumbers<number>(false);
        for (const [i, one] of all.entries()) {
          const before = all.slice(0, i).findIndex((other) => repeatsNumbers(other, one));
          expect(known.find(one)).toBe(before < 0 ? undefined : before);
          known.add(one, i);
        }
      }),
      { numRuns: 300 },
    );
  });
});
