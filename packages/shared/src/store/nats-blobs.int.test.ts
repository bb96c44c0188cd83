import { afterEach, beforeEach, expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from '../bus/connection.ts';
import { BlobMissing, type Blobs } from './blobs.ts';
import { sha256 } from './content-hash.ts';
import { openBlobs } from './open-blobs.ts';

describeOnEachNats('blobs in NATS', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  let blobs: Blobs;
  beforeEach(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'blobs', connectTimeoutMs: PATIENT_MS });
    blobs = await openBlobs('nats', '/nowhere', bus.connection);
  });
  afterEach(async () => {
    await bus.close();
    await nats.close();
  });

  it('keeps bytes under their hash, once, also those larger than a message', async () => {
    const bytes = Buffer.alloc(3_000_000, 'chimera');
    const id = await blobs.put(bytes);
    expect(id).toBe(sha256(bytes));
    expect(await blobs.put(bytes)).toBe(id);
    expect(await blobs.has(id)).toBe(true);
    expect(Buffer.from(await blobs.get(id)).equals(bytes)).toBe(true);
  });

  it('says which blob is missing', async () => {
    const id = sha256('nothing');
    expect(await blobs.has(id)).toBe(false);
    await expect(blobs.get(id)).rejects.toThrow(BlobMissing);
    await expect(blobs.get(id)).rejects.toThrow(id);
  });

  it('leads from a name to a blob; a name that is given again leads to the new one', async () => {
    expect(await blobs.named('answer-1f')).toBeNull();
    const [one, two] = [sha256('one'), sha256('two')];
    await blobs.name('answer-1f', one);
    await blobs.name('answer-2f', one);
    expect(await blobs.named('answer-1f')).toBe(one);
    await blobs.name('answer-1f', two);
    const elsewhere = await openBlobs('nats', '/nowhere', bus.connection);
    expect([await elsewhere.named('answer-1f'), await elsewhere.named('answer-2f')]).toEqual([two, one]);
    await expect(blobs.name('a/b', one)).rejects.toThrow(TypeError);
    await expect(blobs.named('a/b')).rejects.toThrow(TypeError);
  });

  it('lists, removes and takes names away; what was put or named after the time that is asked for stays', async () => {
    const ids = await Promise.all(['one', 'two', 'three'].map((text) => blobs.put(Buffer.from(text))));
    const [one = '', two = '', three = ''] = ids;
    const large = await blobs.put(Buffer.alloc(300_000, 'x'));
    await blobs.name('answer-1f', one);
    await blobs.name('report-2', two);
    const listed = async () => (await allOf(blobs.list())).map(({ id }) => id).sort();
    const names = async (beginning?: string) => (await allOf(blobs.names(beginning))).map(({ name }) => name).sort();
    expect(await listed()).toEqual([...ids, large].sort());
    expect((await allOf(blobs.list())).find(({ id }) => id === large)?.bytes).toBe(300_000);
    expect([await names(), await names('report-')]).toEqual([['answer-1f', 'report-2'], ['report-2']]);

    const before = (await allOf(blobs.list())).map(({ storedAt }) => storedAt);
    expect(await blobs.remove(one, Math.min(...before))).toBe(false);
    const later = Date.now() + 60_000;
    expect([await blobs.remove(one, later), await blobs.remove(one, later), await blobs.remove(large, later)]).toEqual([true, false, true]);
    expect([await blobs.unname('answer-1f', 1), await blobs.unname('answer-1f', later)]).toEqual([false, true]);
    expect([await listed(), await names(), await blobs.named('answer-1f')]).toEqual([[two, three].sort(), ['report-2'], null]);
    await expect(blobs.get(one)).rejects.toThrow(BlobMissing);
    // Nothing is left of the bytes, and what was removed can be put again.
    const { state } = await bus.manager.streams.info('OBJ_chimera_blobs');
    expect(state.bytes).toBeLessThan(10_000);
    expect(await blobs.put(Buffer.from('one'))).toBe(one);
    expect(Buffer.from(await blobs.get(one)).toString()).toBe('one');
  });

  it('hazard 3: takes blobs again after the server came back empty', async () => {
    await blobs.put(Buffer.from('before'));
    await nats.kill();
    await nats.wipe();
    await nats.restart();
    await until('the connection', () => bus.ready() && !bus.connection.isClosed());
    expect(await allOf(blobs.names())).toEqual([]);
    const id = await blobs.put(Buffer.from('after'));
    expect(Buffer.from(await blobs.get(id)).toString()).toBe('after');
    await blobs.name('answer-1f', id);
    expect(await blobs.named('answer-1f')).toBe(id);
  });
});
