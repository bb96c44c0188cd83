import { Slots } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slotsFrom, TRIED_AT_ONCE } from './known-server.ts';

const ratesOf = (...rates: number[]) =>
  rates.map((tokensPerSecond, index) => ({ atOnce: TRIED_AT_ONCE[index] ?? 2 ** index, tokensPerSecond }));
const countOf = (...rates: number[]) => slotsFrom(ratesOf(...rates)).count;

describe('slotsFrom', () => {
  it.each([
    [[98, 82, 82], 1, 'a second call at once costs both'],
    [[98, 150, 152], 2, 'two are worth it, four no more than two'],
    [[50, 100, 200], 4, 'each call has a runner of its own'],
    [[98, 99, 180], 4, 'two are not worth it, four are'],
    [[98, 98, 98], 1, 'calls wait for one another'],
    [[98, 107, 107], 1, 'a gain too small to be worth answers that take twice as long'],
  ])('gives for %j tokens per second %i: %s', (rates, count) => {
    expect(countOf(...rates)).toBe(count);
  });

  it('keeps what was measured, and says that it was', () => {
    const rates = ratesOf(98, 150, 152);
    expect(slotsFrom(rates)).toEqual({ count: 2, by: 'measured', rates });
    expect(Slots.parse(slotsFrom(rates))).toEqual(slotsFrom(rates));
  });

  it('never gives a number with fewer tokens per second than one call has, nor one that was not tried', () => {
    const rate = fc.double({ min: 0.1, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(rate, { minLength: 1, maxLength: 3 }), (measured) => {
        const rates = ratesOf(...measured);
        const { count } = slotsFrom(rates);
        const chosen = rates.find(({ atOnce }) => atOnce === count);
        expect(chosen).toBeDefined();
        expect(chosen?.tokensPerSecond ?? 0).toBeGreaterThanOrEqual(rates[0]?.tokensPerSecond ?? Number.POSITIVE_INFINITY);
        // More calls at once than one only for a gain of a tenth.
        if (count > 1) expect((chosen?.tokensPerSecond ?? 0) / (rates[0]?.tokensPerSecond ?? 1)).toBeGreaterThanOrEqual(1.099);
      }),
    );
  });

  it('needs one measurement at least', () => {
    expect(() => slotsFrom([])).toThrow(RangeError);
  });
});
