import { describe, expect, it } from 'vitest';
import type { Entry } from './entry.ts';
import { createReadings } from './readings.ts';
import { MemoryBucket, memoryTables } from './testing.ts';
import { fresh, take, textOf } from './testing-readings.ts';

describe('while an inventory is taken', () => {
  /** Time that flies: a pause is due at every opportunity. */
  const hasty = (bucket: MemoryBucket) => {
    let ms = 0;
    const { factory, book } = memoryTables();
    const readings = createReadings({
      workFolder: '',
      table: factory,
      elapsed: () => {
        ms += 1_000;
        return ms;
      },
    });
    return { bucket, readings, book };
  };
  const many = () => {
    const bucket = new MemoryBucket();
    for (let i = 0; i < 30; i++) bucket.put(`${i}.csv`, `x_ms\n${i}\n${i + 1}\n`);
    return bucket;
  };

  it('others get their turn, and progress is told', async () => {
    const { bucket, readings } = hasty(many());
    const told: number[] = [];
    let turns = 0;
    let taking = true;
    const others = (async () => {
      for (; taking; turns++) await new Promise(setImmediate);
    })();
    const taken = await take(bucket, readings, { onProgress: (done, total) => told.push(done / total) });
    taking = false;
    await others;
    expect(turns).toBeGreaterThan(100);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, 1]);
    expect(textOf(taken)).toEqual(textOf(await fresh(bucket)));
  });

  it('hazard 20: it can be stopped at any pause, and the next one is whole', async () => {
    const bucket = many();
    const expected = textOf(await fresh(bucket));
    let pauses = 0;
    await take(bucket, hasty(bucket).readings, { onProgress: () => pauses++ });
    expect(pauses).toBeGreaterThan(200);
    // After the last one there is nothing more to stop.
    for (let at = 0; at < pauses - 1; at += 7) {
      const { readings, book } = hasty(bucket);
      const stop = new AbortController();
      let told = 0;
      const onProgress = () => {
        if (told++ === at) stop.abort(new Error('stopped'));
      };
      await expect(take(bucket, readings, { signal: stop.signal, onProgress })).rejects.toThrow('stopped');
      expect(textOf(await take(bucket, readings))).toEqual(expected);
      // Nothing is left of what was not read to its end.
      expect([...book.rows.values()].map((rows) => rows.length)).toEqual(Array.from({ length: 30 }, () => 2));
    }
  });

  it('another one waits for its turn', async () => {
    const { bucket, readings } = hasty(many());
    let within = 0;
    const alone = async (entry: Entry) => {
      within += 1;
      await new Promise(setImmediate);
      within -= 1;
      return bucket.read(entry);
    };
    const one = take(bucket, readings, { read: alone });
    const two = take(bucket, readings, {
      dataset: 'other',
      read: async (entry) => {
        expect(within).toBe(0);
        return bucket.read(entry);
      },
    });
    expect(textOf(await one)[1]).toEqual(textOf(await two)[1]);
  });

  it('closing waits for it; after that none is taken', async () => {
    const { bucket, readings, book } = hasty(many());
    const taking = take(bucket, readings);
    const closing = readings.close();
    expect((await taking).evidence.artifacts).toHaveLength(30);
    await closing;
    expect(book.open).toBe(0);
    await expect(take(bucket, readings)).rejects.toThrow('closed');
    await expect(readings.close()).resolves.toBeUndefined();
  });
});
