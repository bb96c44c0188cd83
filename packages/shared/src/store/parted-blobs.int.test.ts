import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { natsServers, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { bestS3 } from '../../../../test/support/s3.ts';
import { connectBus } from '../bus/connection.ts';
import { BlobDamaged, BlobMissing, type Blobs } from './blobs.ts';
import { sha256 } from './content-hash.ts';
import { folderBlobs } from './folder-blobs.ts';
import { openBlobs } from './open-blobs.ts';

const MIB = 1_048_576;
const LATER = Date.now() + 3_600_000_000;

describe('blobs that lie in parts of others', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'chimera-parts-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    rmSync(root, { recursive: true });
  });

  /** Each call opens the store of the test once more, as another process would. */
  const kinds: [string, () => Promise<() => Promise<Blobs>>][] = [
    ['a folder', async () => async () => folderBlobs(root)],
    [
      `S3 (${bestS3.name})`,
      async () => {
        const s3 = await bestS3.start();
        closing.push(() => s3.close());
        const place = `s3://${await s3.bucket()}/of chimera`;
        return () => openBlobs(place, root, null, s3.env);
      },
    ],
    [
      'NATS',
      async () => {
        const [newest] = await natsServers();
        if (newest === undefined) throw new Error('There is a nats-server on every machine that runs these tests.');
        const nats = await startNats(newest);
        closing.push(() => nats.close());
        const bus = await connectBus({ url: nats.url, name: 'parts', connectTimeoutMs: PATIENT_MS });
        closing.push(() => bus.close());
        return () => openBlobs('nats', root, bus.connection);
      },
    ],
  ];
  const bytesIn = async (blobs: Blobs) => (await allOf(blobs.list())).reduce((sum, { bytes }) => sum + bytes, 0);
  /** 34 MiB in pieces, with small ones between them. */
  const pieces = () => Array.from({ length: 34 }, () => [randomBytes(MIB), Buffer.from(',')]).flat();
  const same = (bytes: Uint8Array, given: readonly Uint8Array[]) => Buffer.concat(given).equals(bytes);

  it.each(kinds)('are stored as what is new of them, and read as a whole, in %s', { timeout: 60_000 }, async (_, start) => {
    const open = await start();
    const [blobs, elsewhere] = [await open(), await open()];
    const first = pieces();
    const id = await blobs.put(first);
    const before = await bytesIn(blobs);
    // One piece is another, one is gone, and of one only the middle is there.
    const second: Buffer[] = [...first.slice(4), ...first.slice(0, 2)];
    second[10] = randomBytes(MIB);
    second[20] = (first[24] as Buffer).subarray(10, MIB - 10);
    const next = await blobs.put(second);
    expect(next).toBe(sha256(Buffer.concat(second)));
    expect((await bytesIn(blobs)) - before).toBeGreaterThan(MIB);
    expect((await bytesIn(blobs)) - before).toBeLessThan(1.1 * MIB);
    for (const one of [blobs, elsewhere]) {
      expect([await one.has(next), await one.has(id)]).toEqual([true, true]);
      expect([same(await one.get(next), second), same(await one.get(id), first)]).toEqual([true, true]);
      expect([(await one.partsOf(next)).includes(id), await one.partsOf(id)]).toEqual([true, []]);
    }
    // Once more, and out of that one.
    const stored = await bytesIn(blobs);
    expect(await blobs.put([...second])).toBe(next);
    const third = await blobs.put([...second, Buffer.from('!')]);
    expect(same(await elsewhere.get(third), [...second, Buffer.from('!')])).toBe(true);
    expect((await bytesIn(blobs)) - stored).toBeLessThan(0.1 * MIB);
    // A process that has stored nothing yet stores it whole.
    expect(await elsewhere.put(second.map((piece) => Buffer.from(piece)))).toBe(next);
    expect((await bytesIn(blobs)) - stored).toBeGreaterThan(33 * MIB);
  });

  it.each(kinds)('are stored whole again where parts were removed, in %s', { timeout: 60_000 }, async (_, start) => {
    const open = await start();
    const blobs = await open();
    const first = pieces();
    const id = await blobs.put(first);
    const second = [...first, Buffer.from('more')];
    const next = await blobs.put(second);
    expect(await blobs.remove(id, LATER)).toBe(true);
    await expect(blobs.get(next)).rejects.toThrow(BlobMissing);
    await expect(blobs.get(next)).rejects.toThrow(id);
    expect(await blobs.put([...second])).toBe(next);
    expect(same(await (await open()).get(next), second)).toBe(true);
  });

  it('are never given out with other content than their name says', async () => {
    const blobs = folderBlobs(root);
    const first = pieces();
    const id = await blobs.put(first);
    const next = await blobs.put([...first, Buffer.from('more')]);
    // Somebody gives the one the name of another that lies in the same parts.
    const other = await blobs.put([...first, Buffer.from('less')]);
    await blobs.name(`whole-${next}`, (await blobs.named(`whole-${other}`)) ?? '');
    await expect(blobs.get(next)).rejects.toThrow(BlobDamaged);
    expect(await blobs.put([...first, Buffer.from('more')])).toBe(next);
    expect((await blobs.get(next)).subarray(-4).toString()).toBe('more');
    expect(id).not.toBe(next);
  });

  it('are there as long as all of their parts are', async () => {
    const blobs = folderBlobs(root);
    const first = pieces();
    const id = await blobs.put(first);
    const next = await blobs.put([...first, Buffer.from('more')]);
    const parts = await blobs.partsOf(next);
    expect([parts.length, await blobs.has(next)]).toEqual([3, true]);
    for (const part of parts) {
      const bytes = await blobs.get(part);
      await blobs.remove(part, LATER);
      expect(await blobs.has(next)).toBe(false);
      await blobs.put(bytes);
      expect(await blobs.has(next)).toBe(true);
    }
    expect(await blobs.has(id)).toBe(true);
  });

  it.each([
    ['more bytes than there are', { bytes: 1e15, ranges: [[0, 0, MIB]] }],
    ['fewer bytes than there are', { bytes: 1, ranges: [[0, 0, MIB]] }],
    ['bytes behind the end of a part', { bytes: MIB, ranges: [[0, 1, MIB]] }],
    ['a part that is not there', { bytes: MIB, ranges: [[1, 0, MIB]] }],
  ] as const)('are damaged where the description tells of %s', async (_, lie) => {
    const blobs = folderBlobs(root);
    const part = await blobs.put(randomBytes(MIB));
    const description = await blobs.put(Buffer.from(JSON.stringify({ schema: 'chimera.parts.v1', parts: [part], ...lie })));
    const id = sha256('a blob');
    await blobs.name(`whole-${id}`, description);
    await expect(blobs.get(id)).rejects.toThrow(BlobDamaged);
    await expect(blobs.get(id)).rejects.toThrow(description);
  });

  it('are written once more where a part was lost, and not each time, whole pieces or cut ones', async () => {
    const blobs = folderBlobs(root);
    const first = pieces();
    const lost = await blobs.put(first);
    await blobs.remove(lost, LATER);
    const cut = first.flatMap((piece) => (piece.length < MIB ? [piece] : [piece.subarray(0, MIB / 2), piece.subarray(MIB / 2)]));
    const second = await blobs.put([...cut, Buffer.from('second')]);
    const stored = await bytesIn(blobs);
    const third = await blobs.put([...cut, Buffer.from('third')]);
    expect((await bytesIn(blobs)) - stored).toBeLessThan(0.1 * MIB);
    expect([
      same(await blobs.get(second), [...first, Buffer.from('second')]),
      same(await blobs.get(third), [...first, Buffer.from('third')]),
    ]).toEqual([true, true]);
  });

  it('are stored as nothing but what says where they lie, where nothing of them is new', async () => {
    const blobs = folderBlobs(root);
    const large = Array.from({ length: 34 }, () => randomBytes(MIB));
    await blobs.put(large);
    const before = (await allOf(blobs.list())).length;
    const turned = [...large.slice(1), ...large.slice(0, 1), new Uint8Array()];
    expect(same(await blobs.get(await blobs.put(turned)), turned)).toBe(true);
    expect((await allOf(blobs.list())).length).toBe(before + 1);
  });

  it('are in a copy made in the order of docs/operations/backup.md while they are stored', async () => {
    const [store, copy] = [join(root, 'store'), join(root, 'copy')];
    const blobs = folderBlobs(store);
    const first = pieces();
    await blobs.put(first);
    await blobs.name('report-early', await blobs.put(Buffer.from('early')));
    const copyOf = (what: (path: string) => boolean) =>
      cpSync(store, copy, { recursive: true, filter: (path) => path === store || what(path.slice(store.length + 1)) });
    copyOf((path) => path.startsWith('names'));
    // Stored when the folder in which its parts are told of has been copied already, and that in which it is named has not.
    const evidence = await blobs.put([...first, Buffer.from('more')]);
    await blobs.name('report-late', await blobs.put(Buffer.from(evidence)));
    copyOf((path) => ['names', 'names/te', 'names/te/report-late'].includes(path));
    copyOf((path) => /^names(\/..(\/whole-.*)?)?$/.test(path));
    copyOf((path) => !path.startsWith('names'));
    const restored = folderBlobs(copy);
    for (const name of ['report-early', 'report-late']) expect(await restored.get((await restored.named(name)) ?? '')).toBeDefined();
    expect(same(await restored.get(evidence), [...first, Buffer.from('more')])).toBe(true);
  });

  it('are stored whole in a store that came back empty, in NATS', { timeout: 60_000 }, async () => {
    const [newest] = await natsServers();
    if (newest === undefined) throw new Error('There is a nats-server on every machine that runs these tests.');
    const nats = await startNats(newest);
    closing.push(() => nats.close());
    const bus = await connectBus({ url: nats.url, name: 'parts', connectTimeoutMs: PATIENT_MS });
    closing.push(() => bus.close());
    const blobs = await openBlobs('nats', root, bus.connection);
    const first = pieces();
    await blobs.put(first);
    await bus.manager.streams.delete('OBJ_chimera_blobs');
    const second = [...first, Buffer.from('more')];
    const id = await blobs.put(second);
    expect(same(await blobs.get(id), second)).toBe(true);
    await bus.manager.streams.delete('OBJ_chimera_blobs');
    expect(await blobs.put([...second])).toBe(id);
    expect(same(await blobs.get(id), second)).toBe(true);
  });

  it('are stored whole in a folder that was removed', async () => {
    const blobs = folderBlobs(root);
    const first = pieces();
    await blobs.put(first);
    const second = [...first, Buffer.from('more')];
    for (let i = 0; i < 2; i++) {
      rmSync(root, { recursive: true });
      expect(same(await blobs.get(await blobs.put([...second])), second)).toBe(true);
    }
  });
});
