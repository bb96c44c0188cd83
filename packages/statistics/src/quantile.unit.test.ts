import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from './quantile.ts';

describe('quantile', () => {
  // numpy.quantile(x, p) with its default method, for x = 1..5 and for [1, 2, 4, 8]
  it.each([
    [[1, 2, 3, 4, 5], 0.5, 3],
    [[1, 2, 3, 4, 5], 0.95, 4.8],
    [[8, 1, 4, 2], 0.5, 3],
    [[8, 1, 4, 2], 0.25, 1.75],
    [[7], 0.95, 7],
  ])('of %j at %d is %d', (values, p, expected) => expect(quantile(values, p)).toBeCloseTo(expected, 12));

  it('refuses no values and p outside of [0, 1]', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
  });

  it('lies within the values, does not depend on their order, and grows with p', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 40 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (xs, p, q) => {
        const [low, high] = p <= q ? [p, q] : [q, p];
        expect(quantile(xs, low)).toBe(quantile([...xs].reverse(), low));
        expect(quantile(xs, low)).toBeLessThanOrEqual(quantile(xs, high) + 1e-6);
        expect(quantile(xs, low)).toBeGreaterThanOrEqual(Math.min(...xs));
        expect(quantile(xs, low)).toBeLessThanOrEqual(Math.max(...xs));
      }),
    );
  });
});
