import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lookup } from './lookup.ts';

describe('Lookup', () => {
  it('knows what lists hold, however often it is asked and whatever is added', () => {
    const number = fc.integer({ min: 0, max: 30 });
    const step = fc.record({
      list: fc.nat(1),
      asked: fc.array(number, { maxLength: 80, size: 'max' }),
      added: fc.array(number, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const lists: number[][] = [[], []];
        const lookup = new Lookup();
        for (const { list, asked, added } of steps) {
          const own = lists[list] ?? [];
          for (const value of asked) expect(lookup.has(own, value)).toBe(own.includes(value));
          own.push(...added);
        }
      }),
    );
  });
});
