import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';
import { type Fetched, readAhead } from './read-ahead.ts';

const MB = 1_048_576;
const entry = (i: number, bytes: number): Entry => ({ path: `${i}`, bytes, modifiedMs: 0, changedMs: 0, inode: i, type: 'file' });
const nothing = new Uint8Array();

async function all(fetched: AsyncIterable<Fetched>): Promise<Fetched[]> {
  const list: Fetched[] = [];
  for await (const one of fetched) list.push(one);
  return list;
}

describe('readAhead', () => {
  it('gives all in their order, in whichever order they come, and never has too many or too much in hand', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: MB, max: 100 * MB })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.scheduler(), async (given, scheduler) => {
        const entries = given.map((bytes, i) => entry(i, bytes));
        let [reads, bytes] = [0, 0];
        const order: string[] = [];
        const consume = (async () => {
          const read = async (one: Entry) => {
            reads += 1;
            bytes += one.bytes;
            expect(reads).toBeLessThanOrEqual(16);
            expect(bytes <= 64 * MB || bytes === one.bytes).toBe(true);
            await scheduler.schedule(Promise.resolve());
            return nothing;
          };
          for await (const { entry: one } of readAhead(entries, read)) {
            order.push(one.path);
            await Promise.resolve();
            reads -= 1;
            bytes -= one.bytes;
          }
        })();
        await scheduler.waitFor(consume);
        expect(order).toEqual(entries.map(({ path }) => path));
      }),
    );
  });

  it('gives what is unstable or unreadable in its place', async () => {
    const faults = new Map<string, Error>([
      ['1', new Unstable('1', 'changed.')],
      ['2', new Unreadable('denied')],
    ]);
    const read = async ({ path }: Entry) => {
      const fault = faults.get(path);
      if (fault) throw fault;
      return nothing;
    };
    expect(
      (
        await all(
          readAhead(
            [0, 1, 2, 3].map((i) => entry(i, 1)),
            read,
          ),
        )
      ).map(({ content }) => content),
    ).toEqual([nothing, faults.get('1'), faults.get('2'), nothing]);
  });

  it('throws another fault in its turn, when no read is under way any more', async () => {
    let under = 0;
    const given: string[] = [];
    const read = async ({ path }: Entry) => {
      under += 1;
      await new Promise((resolve) => setTimeout(resolve, path === '3' ? 20 : 1));
      under -= 1;
      if (path === '1') throw new TypeError('no such thing');
      if (path === '2') throw new TypeError('nobody hears of this one');
      return nothing;
    };
    const reading = (async () => {
      for await (const one of readAhead(
        [0, 1, 2, 3].map((i) => entry(i, 1)),
        read,
      ))
        given.push(one.entry.path);
    })();
    await expect(reading).rejects.toThrow('no such thing');
    expect([given, under]).toEqual([['0'], 0]);
  });

  it('begins no more reads when it is left', async () => {
    let begun = 0;
    const read = async () => {
      begun += 1;
      return nothing;
    };
    for await (const { entry: one } of readAhead(
      Array.from({ length: 100 }, (_, i) => entry(i, 1)),
      read,
    ))
      if (one.path === '3') break;
    expect(begun).toBeLessThanOrEqual(20);
  });
});
