import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberStore } from './number-store.ts';
import { spillInMemory } from './testing.ts';

/** The numbers of columns, out of their pieces. */
function numbersOf(store: NumberStore, columns: readonly number[]): number[][] {
  const found = columns.map((): number[] => []);
  for (const { column, values } of store.pieces(columns)) found[columns.indexOf(column)]?.push(...values);
  return found;
}

describe('NumberStore', () => {
  const sizes = fc.constantFrom(
    { arena: 8, least: 2, most: 4 },
    { arena: 40, least: 2, most: 16 },
    { arena: 4, least: 4, most: 4 },
    { arena: 1024, least: 16, most: 256 },
  );

  it('gives back the numbers of each column in their order, whatever was spilled', () => {
    const added = fc.array(fc.record({ column: fc.nat({ max: 7 }), value: fc.double({ noNaN: true }) }), { maxLength: 300 });
    fc.assert(
      fc.property(sizes, added, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]), fc.nat({ max: 7 }), (size, list, asked, closed) => {
        const store = new NumberStore(spillInMemory(), size);
        for (let i = 0; i < 8; i += 1) expect(store.open()).toBe(i);
        for (const { column, value } of list) store.add(column, value);
        store.close(closed);
        for (const { column, value } of list.slice(0, 20)) if (column === closed) store.add(column, value);
        const expected = asked.map((one) => (one === closed ? [] : list.filter(({ column }) => column === one).map(({ value }) => value)));
        // One after the other, and all at once.
        expect(asked.flatMap((one) => numbersOf(store, [one]))).toEqual(expected);
        expect(numbersOf(store, asked)).toEqual(expected);
        for (const [i, one] of asked.entries()) {
          const own = expected[i] ?? [];
          expect(store.count(one)).toBe(own.length);
          if (own.length === 0) continue;
          const { least, greatest } = store.extent(one);
          expect([least + 0, greatest + 0]).toEqual([Math.min(...own) + 0, Math.max(...own) + 0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives its memory back when nothing more comes, and still has all numbers', () => {
    const spill = spillInMemory();
    const store = new NumberStore(spill);
    const columns = Array.from({ length: 20_000 }, () => store.open());
    for (let i = 0; i < 20; i += 1) for (const column of columns) store.add(column, column * 100 + i);
    expect(spill.doubles()).toBe(0);
    store.settle();
    expect(spill.doubles()).toBe(400_000);
    for (const column of [0, 777, 19_999])
      expect(numbersOf(store, [column])).toEqual([Array.from({ length: 20 }, (_, i) => column * 100 + i)]);
  });
});
