import { changePoints } from '@chimera/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangeMemory } from './change-memory.ts';

/** Series of two levels that meet somewhere, one value longer or shorter each time. */
const values = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), fc.constantFrom(3, 9))
  .map(([n, at, step]) => Array.from({ length: n }, (_, i) => 100 + (i < at ? 0 : step) + ((i * 7) % 5) / 3));

describe('ChangeMemory', () => {
  it('gives what is found in each series by itself, whatever it holds and how much it may', () => {
    const asked = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), values), { maxLength: 20, size: 'max' });
    fc.assert(
      fc.property(asked, fc.integer({ min: 0, max: 100 }), (all, most) => {
        const memory = new ChangeMemory(most);
        for (const [key, own] of all) expect(memory.changesOf(key, own)).toEqual(changePoints(own));
      }),
    );
  });

  it('remembers a series as long as there is room for its values, and those of the others', () => {
    const memory = new ChangeMemory(50);
    const own = Array.from({ length: 30 }, (_, i) => (i < 15 ? 100 : 200) + (i % 3));
    const longer = [...own, 201];
    const first = memory.changesOf('a', own);
    expect(first).toHaveLength(1);
    expect(memory.changesOf('a', own)).toBe(first);
    // No room beside the first: found anew each time.
    expect(memory.changesOf('b', own)).toEqual(first);
    expect(memory.changesOf('b', own)).not.toBe(memory.changesOf('b', own));
    expect(memory.changesOf('a', own)).toBe(first);
    // What became too long makes room.
    memory.changesOf('a', [...longer, ...longer]);
    expect(memory.changesOf('b', own)).toBe(memory.changesOf('b', own));
  });
});
