import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberText, valueText } from './value-text.ts';

describe('numberText', () => {
  it.each([
    [28, '28'],
    [9_999, '9999'],
    [436_259, '436,259'],
    [-12_345, '-12,345'],
    [102.00001, '102.0'],
    [0.12943, '0.1294'],
    [15.58429, '15.58'],
    [2.3260788, '2.326'],
    [1694.57, '1695'],
    [23_456.7, '23,460'],
    [0.00001234, '1.234e-5'],
    [0, '0'],
    [0.01, '0.01'],
    [0.26, '0.26'],
  ])('%d is printed as %s', (value, text) => expect(numberText(value)).toBe(text));

  it('refuses what is no number', () => {
    expect(() => numberText(Number.NaN)).toThrow('cannot be printed');
  });

  it('is never off by more than half of the last shown digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (value) => {
        const shown = Number(numberText(value).replaceAll(',', ''));
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(0.00051 * value);
      }),
    );
  });
});

describe('valueText', () => {
  it('puts the unit behind the value and dates in UTC', () => {
    expect(valueText(102.5, 'tok/s')).toBe('102.5 tok/s');
    expect(valueText('2025-11-14T18:53:30.123Z', null)).toBe('2025-11-14 18:53:30 UTC');
  });
});
