import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortFinite } from './sort-finite.ts';

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE),
);

describe('sortFinite', () => {
  it('gives what comparing gives, -0 before 0', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 30 }), fc.integer({ min: 1, max: 700 }), (list, n) => {
        const values = Array.from({ length: n }, (_, i) => (list[i % list.length] ?? 0) * (i % 11 === 0 ? -0.5 : 1));
        const expected = [...values].sort((a, b) => a - b || Number(Object.is(b, -0)) - Number(Object.is(a, -0)));
        expect([...sortFinite(Float64Array.from(values))]).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('sorts a part of an array, in room of any size from its own on, and nothing beside it', () => {
    const all = Float64Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1009) - 500);
    const part = all.slice(100, 900);
    const sorted = sortFinite(all.subarray(100, 900), new Float64Array(5000));
    expect([...sorted]).toEqual([...part].sort((a, b) => a - b));
    expect([...all.subarray(0, 100)]).toEqual(Array.from({ length: 100 }, (_, i) => ((i * 7919) % 1009) - 500));
    expect(all[900]).toBe(((900 * 7919) % 1009) - 500);
  });
});
