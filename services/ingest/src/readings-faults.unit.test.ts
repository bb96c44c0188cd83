import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from './entry.ts';
import { CSV, fresh, setUp, THREE, take, textOf } from './testing-readings.ts';

describe('after a fault', () => {
  it('of the table, everything is read again, and comes out the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 3 }), async (at, times) => {
        const { bucket, book, readings } = setUp(THREE);
        let calls = 0;
        book.before = () => {
          calls += 1;
          if (calls > at && calls <= at + times) throw new Error('No space left on device');
        };
        const contents = [CSV, 'ms\n1\n2\n3\n', '{"ms": [5]}', 'x\n1\n'];
        for (const [i, content] of contents.entries()) {
          bucket.put(`new${i}.csv`, content);
          bucket.put('b.json', `{"ms": [${i}, 2]}`);
          const taken = await take(bucket, readings).catch((error: Error) => error.message);
          if (typeof taken === 'string') expect(taken).toBe('No space left on device');
          else expect(textOf(taken)).toEqual(textOf(await fresh(bucket)));
          expect(book.open).toBeLessThanOrEqual(1);
        }
        book.before = () => {};
        expect(textOf(await take(bucket, readings))).toEqual(textOf(await fresh(bucket)));
        await readings.close();
        expect(book.open).toBe(0);
      }),
    );
  });

  it('of reading that is none of the two known ones, the inventory fails, and the next one is whole', async () => {
    const { bucket, readings } = setUp(THREE);
    const read = async (entry: Entry) => {
      if (entry.path === 'b.json') throw new TypeError('a fault of the reader');
      return bucket.read(entry);
    };
    await expect(take(bucket, readings, { read })).rejects.toThrow('a fault of the reader');
    expect(textOf(await take(bucket, readings))).toEqual(textOf(await fresh(bucket)));
  });
});
