import { byCodeUnit } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedBlocks } from './sorted-blocks.ts';
import { inOneGo, type Steps } from './steps.ts';

type Item = { key: string };

function blocksOf() {
  const writings: number[] = [];
  function* write(items: readonly Item[]): Steps<string> {
    writings.push(items.length);
    yield;
    return items.map(({ key }) => key).join();
  }
  return { blocks: new SortedBlocks<Item, string>((a, b) => byCodeUnit(a.key, b.key), write), writings };
}

const keysIn = (blocks: SortedBlocks<Item, string>) => blocks.all.flatMap(({ items }) => items.map(({ key }) => key));

describe('SortedBlocks', () => {
  it('holds what came and did not go, in order, whatever the steps', () => {
    const step = fc.record({
      come: fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 600 }),
      gone: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const { blocks } = blocksOf();
        const there = new Map<string, Item>();
        for (const { come, gone } of steps) {
          const leaving = [...there.values()].filter((_, i) => i % gone === 0);
          for (const { key } of leaving) there.delete(key);
          const fresh = new Map(come.map((n) => [`k${n}`, { key: `k${n}` }]));
          for (const key of there.keys()) fresh.delete(key);
          const changes = inOneGo(blocks.update(leaving, fresh.values()));
          for (const [key, item] of fresh) there.set(key, item);
          expect(keysIn(blocks)).toEqual([...there.keys()].sort());
          const written = blocks.all.map((block) => block.written);
          expect(written.filter((text) => text !== '').join()).toBe([...there.keys()].sort().join());
          expect(changes.come.every((text) => written.includes(text))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes of a hundred thousand only what lies beside the one that comes or goes', () => {
    const { blocks, writings } = blocksOf();
    const items = Array.from({ length: 100_000 }, (_, i) => ({ key: String(i).padStart(6, '0') }));
    inOneGo(blocks.update([], items));
    expect(writings.reduce((sum, n) => sum + n, 0)).toBe(100_000);
    writings.length = 0;
    inOneGo(blocks.update(items.slice(500, 501), [{ key: '070000b' }]));
    expect(writings.length).toBeLessThanOrEqual(3);
    expect(Math.max(...writings)).toBeLessThanOrEqual(256);
    expect(keysIn(blocks)).toHaveLength(100_000);
  });
});
