import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, startNats } from '../../../../test/support/nats.ts';
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
    bus = await connectBus({ url: nats.url, name: 'blobs', connectTimeoutMs: 10_000 });
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

  it('hazard 3: takes blobs again after the server came back empty', async () => {
    await blobs.put(Buffer.from('before'));
    await nats.kill();
    await nats.wipe();
    await nats.restart();
    await until('the connection', () => bus.ready() && !bus.connection.isClosed());
    const id = await blobs.put(Buffer.from('after'));
    expect(Buffer.from(await blobs.get(id)).toString()).toBe('after');
    await blobs.name('answer-1f', id);
    expect(await blobs.named('answer-1f')).toBe(id);
  });
});
