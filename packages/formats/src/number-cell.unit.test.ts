import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCell } from './number-cell.ts';

describe('readCell', () => {
  it.each([
    ['14.24', 14.24, null],
    [' 0 ', 0, null],
    ['-1.5e-3', -0.0015, null],
    ['+2', 2, null],
    ['.5', 0.5, null],
    ['93.1%', 93.1, '%'],
    ['12 %', 12, '%'],
    ['4626 MiB', 4626, 'MiB'],
    ['99.34 tok/s', 99.34, 'tok/s'],
  ])('reads the number of %j', (text, value, unit) => expect(readCell(text)).toEqual({ is: 'number', value, text: null, unit }));

  it('keeps the digits that a double loses', () => {
    expect(readCell('9007199254740993')).toEqual({ is: 'number', value: 9007199254740992, text: '9007199254740993', unit: null });
  });

  it.each(['1e999', '-1e999', '1e-999'])('says that no double holds %s', (text) => expect(readCell(text).is).toBe('beyond'));

  it.each(['', ' ', '-', 'n/a', 'N/A', 'NaN', '-nan', 'inf', 'null', 'None', '—'])('takes %j as absent', (text) =>
    expect(readCell(text).is).toBe('absent'),
  );

  it.each(['1,234', '3,5', '1.234,56', '22,80,000', '-26,597', '1,005 ms'])('takes no number from %s', (text) =>
    expect(readCell(text).is).toBe('comma'),
  );

  it.each([
    '=1+1',
    '1/2',
    '2025-10-03',
    '0x1F',
    '1_000',
    '1.598x',
    '3/5 runs',
    '1 2',
    '10.4.1',
    '12:30',
    '−5',
    '１',
    '(128, 1, 1)',
    '±0.9%',
  ])('takes %s as text', (text) => expect(readCell(text).is).toBe('text'));

  it('reads back every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const cell = readCell(String(value));
        expect(cell.is === 'number' && cell.value).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
