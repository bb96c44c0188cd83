import { describe, expect, it } from 'vitest';
import { goDuration } from './go-duration.ts';

describe('goDuration', () => {
  it.each<[string, number, string]>([
    ['12.97s', 12.97, 's'],
    ['31.273112939s', 31.273112939, 's'],
    ['235.137439ms', 235.137439, 'ms'],
    ['877µs', 877, 'us'],
    ['12.5μs', 12.5, 'us'],
    ['458ns', 458, 'ns'],
    ['12.34 ms', 12.34, 'ms'],
    ['0s', 0, 's'],
  ])('keeps number and unit of %s', (text, value, unit) => expect(goDuration(text)).toEqual({ value, text: null, unit }));

  it.each<[string, number]>([
    ['1m2.3s', 62.3],
    ['2m0s', 120],
    ['1h0m2.000000001s', 3602.000000001],
    ['100h59m59.9s', 363599.9],
  ])('sums %s in seconds, to the last digit', (text, value) => expect(goDuration(text)).toEqual({ value, text: null, unit: 's' }));

  // A line that was cut inside of `235.1ms` or `1m2.3s` must be no other duration.
  it.each(['235.137439m', '235m', '1h', '1h2m', '1m2.3', '12.97', '12.97 s s', '1.5m3s', '-1s', 's', '', '1e3s', '12,97s', '1d2h'])(
    'takes none from %j',
    (text) => expect(goDuration(text)).toBeNull(),
  );
});
