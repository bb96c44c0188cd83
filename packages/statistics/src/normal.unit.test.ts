import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAbove, normalQuantileAbove } from './normal.ts';

describe('normalAbove', () => {
  // erfc(z / sqrt(2)) / 2 as the C library computes it.
  it.each([
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1, 0.15865525393145707],
    [1.96, 0.024997895148220435],
    [2.999999, 0.001349902463485155],
    [3, 0.0013498980316300957],
    [5, 2.866515718791946e-7],
    [10, 7.619853024160593e-24],
    [30, 4.906713927148764e-198],
    [-1, 0.8413447460685429],
    [60, 0],
  ])('at %d it is %d', (z, expected) => expect(Math.abs(normalAbove(z) - expected)).toBeLessThanOrEqual(1e-12 * expected));

  it('is turned around by normalQuantileAbove', () => {
    expect(normalQuantileAbove(0.025)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantileAbove(0.005)).toBeCloseTo(2.5758293035489004, 13);
    expect(normalQuantileAbove(0.5)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 0.5, noNaN: true }), (share) => {
        expect(Math.abs(normalAbove(normalQuantileAbove(share)) - share)).toBeLessThan(1e-11 * share);
      }),
    );
  });
});
