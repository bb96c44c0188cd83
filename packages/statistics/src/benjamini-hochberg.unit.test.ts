import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustBenjaminiHochberg } from './benjamini-hochberg.ts';

describe('adjustBenjaminiHochberg', () => {
  // Ranks 0.01 → 0.01 * 4 / 1; 0.02 → 0.04; 0.03 → 0.04; 0.5 → 0.5: the first is brought down to the second.
  it('is what can be computed by hand, in the order given', () => {
    const found = adjustBenjaminiHochberg([0.5, 0.03, 0.01, 0.02]);
    for (const [i, expected] of [0.5, 0.04, 0.04, 0.04].entries()) expect(found[i]).toBeCloseTo(expected, 15);
  });

  it('leaves a single test as it is, and has nothing to say of none', () => {
    expect(adjustBenjaminiHochberg([0.03])).toEqual([0.03]);
    expect(adjustBenjaminiHochberg([])).toEqual([]);
    expect(adjustBenjaminiHochberg(new Float64Array([1, 1]))).toEqual([1, 1]);
  });

  it('is the definition: the least p * m / rank from the own rank on', () => {
    const ps = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.01, 0.05, 0, 1)), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(ps, (p) => {
        const found = adjustBenjaminiHochberg(p);
        for (const [i, own] of p.entries()) {
          const candidates = p.filter((q) => q >= own).map((q) => (q * p.length) / p.filter((r) => r <= q).length);
          expect(found[i]).toBeCloseTo(Math.min(1, ...candidates), 14);
          expect(found[i]).toBeGreaterThanOrEqual(own * (1 - 1e-15));
        }
      }),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d', (p) => expect(() => adjustBenjaminiHochberg([0.5, p])).toThrow(RangeError));
});
