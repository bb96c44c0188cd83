import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalSignOf, plainDigits } from './decimal-sign.ts';

describe('the sign before a fraction', () => {
  it.each([
    [['12.5', '1,234'], '.'],
    [['1,234.5'], '.'],
    [['1,234,567'], '.'],
    [['0.123'], '.'],
    [['1234.567'], '.'],
    [['12,5', '1.234'], ','],
    [['1.234,5'], ','],
    [['1.234.567'], ','],
    [['0,123'], ','],
    [['1234,567'], ','],
    [['1\u202f234,5'], ','],
    [['1,234', '5.678', '12'], null],
    [['12,5', '12.5'], null],
    [['NA', '-', ''], null],
  ])('of %j is %j', (numbers, sign) => expect(decimalSignOf(numbers)).toBe(sign));

  it.each([
    ['1,234', '.', { digits: '1234' }],
    ['1,234', ',', { digits: '1.234' }],
    ['1,234', null, 'ambiguous'],
    ['1.234', null, 'ambiguous'],
    ['12,5', null, { digits: '12.5' }],
    ['0,125', null, { digits: '0.125' }],
    ['112', null, { digits: '112' }],
    ['12,5', '.', null],
    ['x', null, null],
    ['1,23,4', null, null],
  ] as const)('makes of %j, where it is %j: %j', (number, sign, plain) => expect(plainDigits(number, sign)).toEqual(plain));

  it('reads back what any of two languages writes', () => {
    const number = fc.tuple(fc.nat(1e9), fc.integer({ min: 1, max: 999_999 }));
    fc.assert(
      fc.property(number, fc.constantFrom('en-US', 'de-DE', 'fr-FR'), ([whole, millionths], locale) => {
        const value = whole + millionths / 1e6;
        const text = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 6 }).format(value);
        const sign = locale === 'en-US' ? '.' : ',';
        const plain = plainDigits(text, sign);
        expect(plain).toEqual({ digits: expect.any(String) });
        if (plain !== null && plain !== 'ambiguous') expect(Number(plain.digits)).toBeCloseTo(value, 6);
        const alone = decimalSignOf([text]);
        expect([sign, null]).toContain(alone);
      }),
    );
  });
});
