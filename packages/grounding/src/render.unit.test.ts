import { numberText } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Printed, referenceText, renderReference } from './render.ts';

const series: Printed = { id: 'f1', kind: 'series', value: 101.98, unit: 'tok/s', n: 5 };
const of = (value: number | string, unit: string | null, kind: Printed['kind'] = 'change'): Printed => ({
  id: 'f1',
  kind,
  value,
  unit,
  n: null,
});

describe('referenceText', () => {
  it('prints value, unit and n', () => {
    expect(referenceText(series, 'full')).toBe('102.0 tok/s (n = 5)');
    expect(referenceText(series, 'bare')).toBe('102.0 tok/s');
    expect(referenceText(series, 'n')).toBe('5');
    expect(referenceText({ ...series, kind: 'count', value: 101, unit: null }, 'full')).toBe('101');
    expect(referenceText({ ...series, runs: 2 }, 'full')).toBe('102.0 tok/s (n = 5 in 2 runs)');
  });
});

describe('renderReference', () => {
  it.each<[Printed, string | null, number | null, string]>([
    [of(0.015584, 's'), 'ms', 2, '15.58 ms'],
    [of(0.015584, 's'), 'ms', null, '15.58 ms'],
    [of(0.57, 'ratio'), '%', null, '57 %'],
    [of(93.1, '%'), 'ratio', 3, '0.931 ratio'],
    [of(15.584, 'ms'), 's', 4, '0.0156 s'],
    [of(15.584, 'ms'), 'milliseconds', 1, '15.6 ms'],
    [of(1_500_000, 'ns'), 'ms', null, '1.5 ms'],
    [of(2, 'h'), 'min', 0, '120 min'],
    [of(8_589_934_592, 'bytes'), 'GiB', null, '8 GiB'],
    [of(8_589_934_592, 'bytes'), 'GB', 2, '8.59 GB'],
    [of(102, 'tok/s'), 'tok/min', null, '6120 tok/min'],
    [of(12_345.678, 'tok/s'), null, 2, '12,345.68 tok/s'],
    [of(-12_345.678, 'tok/s'), null, 0, '-12,346 tok/s'],
    [of(0, 's'), 'ms', 2, '0.00 ms'],
    [of(3.25, 'widgets'), 'widgets', 1, '3.3 widgets'],
    [of(12.5, 'EUR'), 'EUR', 2, '12.50 EUR'],
    [of(28, null, 'count'), null, 0, '28'],
    [series, null, 2, '101.98 tok/s (n = 5)'],
  ])('prints %j as %s with %s digits: %s', (fact, unit, digits, text) => expect(renderReference(fact, { unit, digits })).toEqual({ text }));

  it.each<[Printed, string | null, number | null, RegExp]>([
    [series, 'ms', 2, /^F12 is in tok\/s, which cannot be printed as ms$/],
    [of(1, 'MB'), 'Mbit', null, /no unit that is known/],
    [of(1, 'MB'), 'bits', null, /cannot be printed as bits/],
    [of(5, '%'), 'points', null, /cannot be printed as points/],
    [of(5, 'ratio'), 'times', null, /cannot be printed as times/],
    [of(5, 's'), 'ms/token', null, /cannot be printed as ms\/token/],
    [of(12.5, 'EUR'), 'USD', 2, /cannot be printed as USD/],
    [of(5e-324, 'ns'), 's', null, /range of numbers/],
    [of(1.5e308, 'h'), 'ns', null, /range of numbers/],
    [of(60, 'days'), 'months', null, /cannot be printed as months/],
    [of(3, 'widgets'), 's', null, /cannot be printed as s/],
    [of(28, null, 'count'), 'ms', null, /no unit that is known/],
    [of(28, null, 'count'), null, 2, /whole number/],
    [of('2025-11-14T18:53:30.000Z', null, 'modification'), null, 2, /is a date/],
    [of('2025-11-14T18:53:30.000Z', null, 'modification'), 's', null, /is a date/],
    [of(1.5, 's'), null, 7, /0 to 6 digits/],
    [of(1.5, 's'), null, Number.NaN, /0 to 6 digits/],
    [of(0.0004, 's'), null, 2, /is not zero, and would be printed as 0\.00$/],
    [of(-0.0004, 's'), null, 0, /is not zero, and would be printed as 0$/],
    [of(3e20, 'bytes'), null, 2, /too large/],
  ])('refuses %j as %s with %s digits', (fact, unit, digits, fault) =>
    expect(renderReference(fact, { unit, digits }, 'F12')).toEqual({ fault: expect.stringMatching(fault) }),
  );

  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
    fc.integer(),
    fc.constantFrom(0, 1e-9, 0.5),
  );
  const unit = fc.constantFrom(
    's',
    'ms',
    'us',
    'ns',
    'min',
    'bytes',
    'KB',
    'MiB',
    'GB',
    'ratio',
    '%',
    'tok/s',
    'tok/min',
    'W',
    'kWh',
    'EUR',
    'x1',
    '',
  );

  it('never prints a wrong number: what it prints is the value to half of its last digit, or zero for zero', () => {
    // Factors by hand, to the unit of the dimension that each row begins with.
    const factors: Record<string, [string, number]> = {
      ...{ s: ['s', 1], ms: ['s', 1e-3], us: ['s', 1e-6], ns: ['s', 1e-9], min: ['s', 60] },
      ...{ bytes: ['b', 1], KB: ['b', 1e3], MiB: ['b', 1_048_576], GB: ['b', 1e9], ratio: ['r', 1], '%': ['r', 0.01] },
      ...{ 'tok/s': ['t', 1], 'tok/min': ['t', 1 / 60], W: ['w', 1], kWh: ['j', 3.6e6] },
    };
    fc.assert(
      fc.property(
        number,
        unit,
        fc.option(unit, { nil: null }),
        fc.option(fc.integer({ min: -2, max: 9 }), { nil: null }),
        (value, from, to, digits) => {
          const rendered = renderReference(of(value, from), { unit: to, digits });
          const [a, b] = [factors[from], factors[to ?? from]];
          const comparable = to === null || to === from || (a !== undefined && b !== undefined && a[0] === b[0]);
          if ('fault' in rendered) return;
          expect(comparable).toBe(true);
          const printed = Number(rendered.text.split(' ')[0]?.replaceAll(',', ''));
          const expected = a && b ? (value * a[1]) / b[1] : value;
          // A number near the least there is has fewer digits than are printed.
          if (value !== 0 && Math.abs(expected) < 1e-300) return;
          const tolerance = digits === null ? Math.abs(expected) * 5.1e-4 : 0.5 * 10 ** -digits * (1 + 1e-9) + Math.abs(expected) * 1e-12;
          expect(Math.abs(printed - expected)).toBeLessThanOrEqual(tolerance);
          expect(printed === 0).toBe(value === 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('gives a unit without digits as everywhere: shifting the point brings no digit in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), (thousandths) => {
        expect(renderReference(of(Number(`${thousandths}e-3`), 's'), { unit: 'ms', digits: null })).toEqual({
          text: `${numberText(thousandths)} ms`,
        });
      }),
    );
  });
});
