import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overTime } from './over-time.ts';

describe('overTime', () => {
  it('weighs each value by how long it held, and leaves out when none did', () =>
    expect(
      overTime([
        { from: 0, to: 3, value: 1 },
        { from: 10, to: 11, value: 5 },
      ]),
    ).toEqual({ mean: 2, seconds: 4, overlapping: false }));

  it('counts common time once', () =>
    expect(
      overTime([
        { from: 0, to: 4, value: 10 },
        { from: 0, to: 4, value: 30 },
      ]),
    ).toEqual({ mean: 20, seconds: 4, overlapping: true }));

  it('takes the plain mean of moments, and nothing of nothing', () => {
    expect(
      overTime([
        { from: 1, to: 1, value: 2 },
        { from: 5, to: 5, value: 4 },
      ]),
    ).toEqual({ mean: 3, seconds: 0, overlapping: false });
    expect(overTime([])).toEqual({ mean: 0, seconds: 0, overlapping: false });
  });

  it('is no greater than the greatest value, no longer than all together, and knows no order', () => {
    const span = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(100)).map(([from, length, value]) => ({ from, to: from + length, value }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), (spans) => {
        const { mean, seconds, overlapping } = overTime(spans);
        expect(mean).toBeLessThanOrEqual(Math.max(...spans.map(({ value }) => value)) + 1e-9);
        expect(mean).toBeGreaterThanOrEqual(Math.min(...spans.map(({ value }) => value)) - 1e-9);
        const together = spans.reduce((sum, { from, to }) => sum + to - from, 0);
        expect(seconds < together).toBe(overlapping);
        expect(overTime([...spans].reverse()).mean).toBeCloseTo(mean, 9);
      }),
    );
  });
});
