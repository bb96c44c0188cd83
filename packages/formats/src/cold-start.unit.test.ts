import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startsOf } from './cold-start.ts';

describe('startsOf', () => {
  it('calls a record cold that loaded for a second and five times as long as the median of the others', () => {
    expect(startsOf([2.02, 0.11, 0.1, 0.12])).toEqual(['cold', 'warm', 'warm', 'warm']);
    expect(startsOf([0.1, 5, 0.1, 6, 0.1])).toEqual(['warm', 'cold', 'warm', 'cold', 'warm']);
    expect(startsOf([1, 0.2])).toEqual(['cold', 'warm']);
  });

  it.each<[string, (number | null)[]]>([
    ['nothing loaded for a second', [0.99, 0.01, 0.01]],
    ['all took about as long', [5, 4, 6]],
    ['it is not five times as long', [1, 0.21]],
    ['there is no other', [6.3]],
    ['half of them loaded, and the others of one cannot tell', [5, 5, 0.1]],
    ['there are none', []],
    ['no record states a load', [null, null]],
  ])('tells nothing where %s', (_why, loads) => expect(startsOf(loads)).toEqual(loads.map(() => null)));

  it('tells nothing of records that state no load', () => {
    expect(startsOf([null, 3, 0.1, null])).toEqual([null, 'cold', 'warm', null]);
  });

  it('is the same in any order', () => {
    const seconds = fc.array(fc.constantFrom(0.05, 0.1, 0.2, 0.9, 1, 1.5, 5, 30), { maxLength: 12 });
    fc.assert(
      fc.property(seconds, (loads) => {
        const forth = startsOf(loads);
        const back = startsOf([...loads].reverse());
        expect([...back].reverse()).toEqual(forth);
        for (const [index, start] of forth.entries()) if (start === 'cold') expect(loads[index]).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
