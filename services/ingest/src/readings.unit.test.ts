import { describe, expect, it } from 'vitest';
import { Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';
import { CSV, fresh, setUp, THREE, take, textOf } from './testing-readings.ts';

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
