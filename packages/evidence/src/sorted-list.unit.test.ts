import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined } from './joined.ts';
import { changedList, differenceOf } from './sorted-list.ts';

type Item = { key: number };
const byKey = (a: Item, b: Item) => a.key - b.key;
/** Two lists in order, of which some items are the very same and some only have the key of one in the other. */
const lists = fc
  .tuple(fc.uniqueArray(fc.nat(60), { maxLength: 40 }), fc.uniqueArray(fc.nat(60), { maxLength: 40 }), fc.func(fc.boolean()))
  .map(([before, now, isSame]) => {
    const known = new Map(before.map((key) => [key, { key }]));
    const items = now.map((key) => (isSame(key) ? known.get(key) : undefined) ?? { key });
    return { before: [...known.values()].sort(byKey), now: items.sort(byKey) };
  });

describe('differenceOf', () => {
  it('finds what is in one list alone, and changes one into the other', () => {
    fc.assert(
      fc.property(lists, ({ before, now }) => {
        const { gone, come } = differenceOf(before, now, byKey);
        const [inBefore, inNow] = [new Set(before), new Set(now)];
        expect(gone).toEqual(before.filter((one) => !inNow.has(one)));
        expect(come).toEqual(now.filter((one) => !inBefore.has(one)));
        const changed = changedList(before, new Set(gone), [...come].reverse(), byKey);
        expect(changed.length).toBe(now.length);
        expect(changed.every((one, i) => one === now[i])).toBe(true);
      }),
    );
  });
});

describe('joined', () => {
  it('is all lists behind each other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat())), (some) => {
        expect(joined(some)).toEqual(some.flat());
      }),
    );
  });
});
