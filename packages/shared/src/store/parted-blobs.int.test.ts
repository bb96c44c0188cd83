import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { natsServers, startNats } from '../../../../test/support/nats.ts';
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
        const bus = await connectBus({ url: nats.url, name: 'parts', connectTimeoutMs: 10_000 });
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
});
