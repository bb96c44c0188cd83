import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Foremost } from './history-choice.ts';

describe('Foremost', () => {
  it('keeps those that sorting all of them puts first, equal ones as they came, and counts the others', () => {
    const all = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(all, fc.integer({ min: 1, max: 8 }), (ranks, most) => {
        const compare = (a: { rank: number }, b: { rank: number }) => a.rank - b.rank;
        const things = ranks.map((rank, came) => ({ rank, came }));
        const foremost = new Foremost(most, compare);
        for (const one of things) foremost.add(one);
        expect(foremost.all()).toEqual(things.toSorted(compare).slice(0, most));
        expect(foremost.others).toBe(Math.max(0, things.length - most));
      }),
    );
  });
});
