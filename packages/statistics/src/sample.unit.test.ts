import { describe, expect, it } from 'vitest';
import { ascending, ascendingSome, requireConfidence } from './sample.ts';

describe('ascending', () => {
  it('is sorted by magnitude, of arrays and typed arrays, and leaves what it was given', () => {
    const given = [10, 9, -1, 100];
    expect([...ascending(given)]).toEqual([-1, 9, 10, 100]);
    expect(given).toEqual([10, 9, -1, 100]);
    const typed = new Float64Array([2, 1]);
    expect([...ascending(typed)]).toEqual([1, 2]);
    expect([...typed]).toEqual([2, 1]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
    expect(() => ascending([1, value, 2])).toThrow('finite numbers only');
  });

  it('says of what there are no values', () => expect(() => ascendingSome([], 'mean')).toThrow('There is no mean of no values.'));
});

describe('requireConfidence', () => {
  it.each([0, 1, -0.5, 95, Number.NaN])('refuses %d', (value) => expect(() => requireConfidence(value)).toThrow(RangeError));
  it('takes what lies between 0 and 1', () => expect(() => requireConfidence(0.95)).not.toThrow());
});
