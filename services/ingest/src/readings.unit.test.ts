import { Observations } from '@chimera/shared/domain';
import { inOnePiece } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';
import { type TakenInventory, type TakeOptions, takeInventory } from './inventory.ts';
import { createReadings, type Readings } from './readings.ts';
import { MemoryBucket, memoryTables } from './testing.ts';

const CSV = 'model,ttft_s\nm1,0.5\nm2,0.25\n';
const take = (bucket: MemoryBucket, readings: Readings, more: Partial<TakeOptions> = {}): Promise<TakenInventory> =>
  takeInventory({
    dataset: 'bucket',
    bucket: 'here',
    entries: bucket.entries(),
    limits: {},
    read: bucket.read,
    readings,
    firstSeen: () => null,
    now: () => 0,
    ...more,
  });
const textOf = ({ evidenceBytes, parquet }: TakenInventory) =>
  [evidenceBytes, parquet].map((bytes) => Buffer.from(inOnePiece(bytes)).toString('utf8'));
const fresh = (bucket: MemoryBucket) => take(bucket, createReadings({ workFolder: '', table: memoryTables().factory }));

function setUp(files: Readonly<Record<string, string>>) {
  const bucket = new MemoryBucket();
  for (const [path, content] of Object.entries(files)) bucket.put(path, content);
  const { book, factory } = memoryTables();
  return { bucket, book, readings: createReadings({ workFolder: '', table: factory }) };
}
const THREE = { 'a.csv': CSV, 'b.json': '{"ms": [1, 2]}', 'c.csv': CSV };

describe('what is read again', () => {
  it('is what was added, changed or renamed, and nothing else', async () => {
    const { bucket, readings } = setUp(THREE);
    await take(bucket, readings);
    expect(bucket.reads.splice(0)).toEqual(['a.csv', 'b.json', 'c.csv']);
    bucket.put('d.csv', CSV);
    bucket.put('b.json', '{"ms": [3, 4]}');
    bucket.rename('a.csv', 'A.csv');
    const taken = await take(bucket, readings);
    expect(bucket.reads.splice(0)).toEqual(['A.csv', 'b.json', 'd.csv']);
    expect(textOf(taken)).toEqual(textOf(await fresh(bucket)));
  });

  it.each(['bytes', 'modifiedMs', 'changedMs', 'inode'] as const)('is an entry of which %s is another', async (field) => {
    const { bucket, readings } = setUp(THREE);
    await take(bucket, readings);
    bucket.reads.length = 0;
    const other = bucket.entries().map((entry) => (entry.path === 'b.json' ? { ...entry, [field]: entry[field] + 1 } : entry));
    await take(bucket, readings, { entries: other, read: async ({ path }) => Buffer.from(path) });
    await expect(take(bucket, readings, { entries: other })).resolves.toBeDefined();
    await take(bucket, readings);
    expect(bucket.reads).toEqual(['b.json']);
  });

  it('is what the caller asks for, though it looks the same', async () => {
    const { bucket, readings } = setUp(THREE);
    await take(bucket, readings);
    bucket.replaceUnseen('b.json', '{"ms": [8, 9]}');
    expect((await take(bucket, readings)).evidence.facts.some((f) => f.value === 9)).toBe(false);
    bucket.reads.length = 0;
    const taken = await take(bucket, readings, { again: new Set(['b.json']) });
    expect(bucket.reads).toEqual(['b.json']);
    expect(textOf(taken)).toEqual(textOf(await fresh(bucket)));
  });

  it('is everything under other limits', async () => {
    const { bucket, readings } = setUp(THREE);
    await take(bucket, readings);
    bucket.reads.length = 0;
    const taken = await take(bucket, readings, { limits: { maxMeasurements: 1 } });
    expect(bucket.reads).toEqual(['a.csv', 'b.json', 'c.csv']);
    expect(taken.evidence.artifacts.map((a) => a.status)).toEqual(['refused', 'refused', 'refused']);
  });

  it('hazard 21: is only what is missing after some files changed while they were read', async () => {
    const { bucket, readings } = setUp({ ...THREE, 'd.csv': 'x\n1\n2\n' });
    const restless = new Set(['a.csv', 'c.csv']);
    const read = async (entry: Entry) => {
      if (!restless.has(entry.path)) return bucket.read(entry);
      throw new Unstable(entry.path, 'changed while it was read.');
    };
    await expect(take(bucket, readings, { read })).rejects.toMatchObject({ name: 'Unstable', path: 'a.csv' });
    expect(bucket.reads.splice(0)).toEqual(['b.json', 'd.csv']);
    const taken = await take(bucket, readings);
    expect(bucket.reads).toEqual(['a.csv', 'c.csv']);
    expect(textOf(taken)).toEqual(textOf(await fresh(bucket)));
  });

  it('is what could not be read, each time', async () => {
    const { bucket, readings } = setUp(THREE);
    const read = async (entry: Entry) => {
      if (entry.path === 'b.json') throw new Unreadable('permission denied');
      return bucket.read(entry);
    };
    const { evidence } = await take(bucket, readings, { read });
    expect(evidence.artifacts[1]).toMatchObject({ path: 'b.json', status: 'refused', reason: 'permission denied', sha256: null });
    expect((await take(bucket, readings)).evidence.artifacts[1]).toMatchObject({ status: 'read' });
    expect(bucket.reads).toEqual(['a.csv', 'c.csv', 'b.json']);
  });
});

describe('what is told of an inventory', () => {
  it('hazard 45: is which limit a file is beyond, unread', async () => {
    const { bucket, readings } = setUp({ ...THREE, 'large.csv': `x_ms\n${'1\n'.repeat(100)}` });
    const { evidence } = await take(bucket, readings, { limits: { maxBytes: 100 } });
    const reason = '205 bytes: larger than the limit of 100 bytes (CHIMERA_MAX_ARTIFACT_BYTES)';
    expect(evidence.artifacts[3]).toMatchObject({ path: 'large.csv', status: 'refused', reason, sha256: null });
    expect(bucket.reads).not.toContain('large.csv');
  });

  it.each(['link', 'linked', 'special', 'denied', 'unnamed'] as const)('hazard 30: is why a %s is not opened', async (type) => {
    const { bucket, readings } = setUp(THREE);
    const odd = { path: 'odd', bytes: 0, modifiedMs: 0, changedMs: 0, inode: 0, type };
    const { evidence } = await take(bucket, readings, { entries: [...bucket.entries(), odd] });
    expect(evidence.artifacts[3]).toMatchObject({ path: 'odd', status: 'refused', reason: expect.any(String), sha256: null });
    expect(bucket.reads).not.toContain('odd');
  });

  it('is which files may be cut off, which are still being written, and what Chimera wrote itself', async () => {
    const { bucket, readings } = setUp({ ...THREE, 'cut.json': '{"ms": [1, 2', 'own.json': '{"schema": "chimera.report/v1"}' });
    const unsettled = [{ path: 'z.csv', reason: 'it is still being written' }];
    const first = await take(bucket, readings, { unsettled });
    expect([first.cut, first.skipped, first.observations.unsettled]).toEqual([['cut.json'], ['own.json'], unsettled]);
    expect(Observations.parse(first.observations)).toEqual(first.observations);
    const second = await take(bucket, readings);
    expect([second.cut, second.skipped, 'unsettled' in second.observations]).toEqual([['cut.json'], ['own.json'], false]);
  });

  it('is when each file was first seen', async () => {
    const { bucket, readings } = setUp(THREE);
    const seen = '2020-01-01T00:00:00.000Z';
    const { observations } = await take(bucket, readings, { firstSeen: (path) => (path === 'b.json' ? seen : null) });
    expect(observations.modified.map(({ path, modified }) => [path, modified])).toEqual([
      ['a.csv', '1970-01-01T00:16:41.000Z'],
      ['b.json', seen],
      ['c.csv', '1970-01-01T00:16:43.000Z'],
    ]);
    expect(observations.facts.find((f) => Object.keys(f.labels).length === 0)).toMatchObject({ value: seen, n: 3 });
  });
});

describe('what is remembered', () => {
  it('is the very facts of artifacts that are the same', async () => {
    const { bucket, readings } = setUp(THREE);
    const before = await take(bucket, readings);
    bucket.put('A.csv', 'latency_ms\n1\n2\n');
    const after = await take(bucket, readings);
    const old = new Set(before.evidence.facts);
    const anew = after.evidence.facts.filter((f) => !old.has(f) && f.scope !== '/');
    expect(new Set(anew.map((f) => f.scope))).toEqual(new Set(['A.csv', 'a.csv']));
    expect(anew.filter((f) => f.scope === 'a.csv').map((f) => f.kind)).toEqual(['duplicate']);
  });

  it('is one reading for all datasets that have a content, until none has it', async () => {
    const { bucket, book, readings } = setUp(THREE);
    await take(bucket, readings);
    await take(bucket, readings, { dataset: 'other' });
    expect([...book.rows.values()].map((rows) => rows.length)).toEqual([2, 2]);
    for (const path of Object.keys(THREE)) bucket.remove(path);
    bucket.put('z.csv', 'x\n1\n');
    await take(bucket, readings);
    expect(book.rows.size).toBe(3);
    await readings.forget('other');
    expect(book.rows.size).toBe(1);
    await take(bucket, readings, { dataset: 'other' });
    expect([book.rows.size, book.opened]).toEqual([1, 1]);
  });

  it('is nothing that was before', async () => {
    const { bucket, book, readings } = setUp(THREE);
    for (let i = 0; i < 5; i++) {
      bucket.put('b.json', `{"ms": [${i}, 2]}`);
      await take(bucket, readings);
      expect([...book.rows.values()].map((rows) => rows.length)).toEqual([2, 2]);
    }
  });

  it('is a content that goes from one path to another', async () => {
    const { bucket, readings } = setUp({ 'a.csv': CSV, 'b.csv': 'x\n1\n' });
    await take(bucket, readings);
    bucket.put('a.csv', 'x\n2\n');
    bucket.put('b.csv', CSV);
    expect(textOf(await take(bucket, readings))).toEqual(textOf(await fresh(bucket)));
  });

  it('is not what a path says besides its extension', async () => {
    const { bucket, book, readings } = setUp({ 'a.csv': CSV, 'b/c.CSV': CSV, 'd.tsv': CSV, csv: CSV, 'e.f/csv': CSV });
    await take(bucket, readings);
    expect(book.rows.size).toBeLessThanOrEqual(3);
    expect((await take(bucket, readings)).evidence.artifacts.map((a) => a.kind)).toEqual(['csv', 'csv', 'text', 'csv', 'text']);
  });
});

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
