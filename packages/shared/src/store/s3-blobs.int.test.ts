import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allOf } from '../../../../test/support/all-of.ts';
import { describeOnEachS3 } from '../../../../test/support/s3.ts';
import { type S3Double, startS3Double, storedNow } from '../../../../test/support/s3-double.ts';
import type { S3Server } from '../../../../test/support/s3-front.ts';
import { BlobDamaged, BlobMissing, type Blobs, RENEW_AFTER_MS } from './blobs.ts';
import { sha256 } from './content-hash.ts';
import { getJson, putJson } from './json-blobs.ts';
import { s3Blobs } from './s3-blobs.ts';
import { openS3, type S3Store } from './s3-store.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const bytes = (text: string) => Buffer.from(text);
const LATER = () => Date.now() + 3_600_000;

describeOnEachS3('blobs in S3', (start) => {
  let server: S3Server;
  let bucket = '';
  let s3: S3Store;
  let blobs: Blobs;
  beforeEach(async () => {
    server = await start();
    bucket = await server.bucket();
    s3 = await openS3(`s3://${bucket}/chimera`, server.env);
    blobs = s3Blobs(s3);
  });
  afterEach(() => server.close());

  const keys = async () => (await allOf(s3.pages())).flat().map(({ key }) => key);

  it('names bytes by their hash and gives them back', async () => {
    expect(await blobs.has(ABC)).toBe(false);
    expect(await blobs.put(bytes('abc'))).toBe(ABC);
    expect(await blobs.has(ABC)).toBe(true);
    expect(Buffer.from(await blobs.get(ABC)).toString()).toBe('abc');
    expect(await keys()).toEqual([`blobs/ba/${ABC}`]);
    const empty = await blobs.put(new Uint8Array());
    expect((await blobs.get(empty)).length).toBe(0);
    const large = Buffer.alloc(9_000_000, 'chimera');
    expect(await blobs.put(large)).toBe(sha256(large));
    expect(Buffer.from(await blobs.get(sha256(large))).equals(large)).toBe(true);
  });

  it('keeps one object of what is put twice, also at once, and sends it once where it is there', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => blobs.put(bytes('abc'))));
    expect(new Set(ids)).toEqual(new Set([ABC]));
    server.requests.length = 0;
    await blobs.put(bytes('abc'));
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
    // What was written ten times at once may be listed more than once (rclone does at times); one object is gone when it is removed once.
    expect(new Set(await keys())).toEqual(new Set([`blobs/ba/${ABC}`]));
    expect(await blobs.remove(ABC, LATER())).toBe(true);
    expect(await blobs.has(ABC)).toBe(false);
    await expect(blobs.get(ABC)).rejects.toThrow(BlobMissing);
  });

  it('says what is missing and where it was looked for', async () => {
    await expect(blobs.get(ABC)).rejects.toThrow(BlobMissing);
    await expect(blobs.get(ABC)).rejects.toThrow(new RegExp(`Blob ${ABC} is not in s3://${bucket}/chimera: .*CHIMERA_BLOBS`));
  });

  it('never gives damaged bytes out', async () => {
    for (const damaged of ['abd', '']) {
      await server.put(bucket, `chimera/blobs/ba/${ABC}`, damaged);
      await expect(blobs.get(ABC)).rejects.toThrow(BlobDamaged);
    }
  });

  it('reads a blob whole over answers that break off', async () => {
    const large = Buffer.alloc(400_000, 'chimera');
    const id = await blobs.put(large);
    let cuts = 2;
    server.falsify = ({ method }) => (method === 'GET' && cuts-- > 0 ? { cutAfter: 100_000 } : null);
    expect(Buffer.from(await blobs.get(id)).equals(large)).toBe(true);
    expect(cuts).toBe(-1);
  });

  it('says why a blob could not be written or looked for', async () => {
    server.falsify = () => ({ status: 403, code: 'AccessDenied' });
    await expect(blobs.put(bytes('abc'))).rejects.toThrow(/s3:\/\/.*403/);
    await expect(blobs.has(ABC)).rejects.toThrow(/s3:\/\/.*403/);
    await expect(blobs.get(ABC)).rejects.toThrow(/AccessDenied, 403.*docs\/operations\/s3.md/);
  });

  it('leads from a name to a blob, also for whoever opens the store anew; a name that is given again leads to the new blob', async () => {
    expect(await blobs.named('answer-1f')).toBeNull();
    await blobs.name('answer-1f', ABC);
    await blobs.name('answer-2f', 'b'.repeat(64));
    const elsewhere = s3Blobs(await openS3(`s3://${bucket}/chimera/`, server.env));
    expect(await elsewhere.named('answer-1f')).toBe(ABC);
    await blobs.name('answer-1f', 'c'.repeat(64));
    expect([await elsewhere.named('answer-1f'), await blobs.named('answer-2f')]).toEqual(['c'.repeat(64), 'b'.repeat(64)]);
    expect(await blobs.has('answer-1f')).toBe(false);
  });

  it.each(['', 'ab', 'a/b', '../abc', 'ABC', 'a.b', 'x'.repeat(201)])('refuses a name that could lead elsewhere: %j', async (name) => {
    await expect((async () => blobs.name(name, ABC))()).rejects.toThrow(TypeError);
    await expect((async () => blobs.named(name))()).rejects.toThrow(TypeError);
  });

  it('stores JSON as canonical text, and checks its shape when it is read', async () => {
    const id = await putJson(blobs, { b: 1, a: [true] });
    const elsewhere = s3Blobs(s3);
    expect(await getJson(elsewhere, id, z.strictObject({ a: z.array(z.boolean()), b: z.number() }))).toEqual({ a: [true], b: 1 });
    await expect(getJson(s3Blobs(s3), id, z.strictObject({ a: z.string() }))).rejects.toThrow(z.ZodError);
  });

  it('lists, removes and takes names away; what was put or named after the time that is asked for stays', async () => {
    const ids = await Promise.all(['one', 'two', 'three'].map((one) => blobs.put(bytes(one))));
    const [one = '', two = '', three = ''] = ids;
    await blobs.name('answer-1f', one);
    await blobs.name('report-2', two);
    const listed = async () => (await allOf(blobs.list())).map(({ id }) => id).sort();
    const names = async (beginning?: string) => (await allOf(blobs.names(beginning))).map(({ name }) => name).sort();
    expect(await listed()).toEqual([...ids].sort());
    expect((await allOf(blobs.list())).find(({ id }) => id === three)?.bytes).toBe(5);
    expect([await names(), await names('report-')]).toEqual([['answer-1f', 'report-2'], ['report-2']]);
    expect([await blobs.remove(one, Date.now() - 3_600_000), await blobs.unname('answer-1f', 1)]).toEqual([false, false]);
    expect([await blobs.remove(one, LATER()), await blobs.remove(one, LATER()), await blobs.unname('answer-1f', LATER())]).toEqual([
      true,
      false,
      true,
    ]);
    expect([await listed(), await names(), await blobs.named('answer-1f')]).toEqual([[two, three].sort(), ['report-2'], null]);
    await expect(blobs.get(one)).rejects.toThrow(BlobMissing);
    expect((await keys()).filter((key) => key.startsWith('going'))).toEqual([]);
    expect(await blobs.put(bytes('one'))).toBe(one);
    expect(Buffer.from(await blobs.get(one)).toString()).toBe('one');
  });
});

describe('blobs in S3 and time', () => {
  let server: S3Double;
  let bucket = '';
  let s3: S3Store;
  beforeEach(async () => {
    server = await startS3Double();
    bucket = await server.bucket();
    s3 = await openS3(`s3://${bucket}`, server.env);
  });
  afterEach(() => server.close());

  const age = (key: string, ms: number) => {
    const found = server.objects(bucket).get(key);
    if (found === undefined) throw new Error(`${key} is not there.`);
    server.objects(bucket).set(key, { ...found, modified: new Date(Date.now() - ms) });
  };
  const KEY = `blobs/ba/${ABC}`;

  it('takes what is put once more for stored anew, and never removes it', async () => {
    const blobs = s3Blobs(s3);
    await blobs.put(bytes('abc'));
    age(KEY, 2 * RENEW_AFTER_MS);
    await blobs.put(bytes('abc'));
    expect(await blobs.remove(ABC, Date.now() - RENEW_AFTER_MS)).toBe(false);
    expect(Buffer.from(await blobs.get(ABC)).toString()).toBe('abc');
  });

  it('loses nothing that is put while it is being removed, in whatever order the two ask', async () => {
    const [upkeep, blobs] = [s3Blobs(s3, { pause: async () => undefined }), s3Blobs(s3, { pause: async () => undefined })];
    // Each request may be held up for as long as a few others take; by a seeded order of its own in each round.
    for (let round = 1; round <= 60; round++) {
      let seed = round;
      server.falsify = async () => {
        seed = (seed * 48_271) % 2_147_483_647;
        for (let turns = seed % 40; turns > 0; turns--) await new Promise(setImmediate);
        return null;
      };
      await blobs.put(bytes('abc'));
      await blobs.name('answer-1f', ABC);
      for (const key of [KEY, 'names/1f/answer-1f']) age(key, 3 * RENEW_AFTER_MS);
      const before = Date.now() - 2 * RENEW_AFTER_MS;
      await Promise.all([
        upkeep.remove(ABC, before),
        blobs.put(bytes('abc')),
        upkeep.unname('answer-1f', before),
        blobs.name('answer-1f', ABC),
      ]);
      expect([await blobs.has(ABC), await blobs.named('answer-1f')], `round ${round}`).toEqual([true, ABC]);
    }
  });

  it('does not wait for ever for an upkeep that died', async () => {
    const blobs = s3Blobs(s3, { pause: async () => Promise.reject(new Error('it waited')) });
    await blobs.put(bytes('abc'));
    age(KEY, 2 * RENEW_AFTER_MS);
    server.objects(bucket).set(`going/${KEY}`, storedNow(''));
    await expect(blobs.put(bytes('abc'))).rejects.toThrow('it waited');
    age(KEY, 2 * RENEW_AFTER_MS);
    age(`going/${KEY}`, RENEW_AFTER_MS);
    expect(await blobs.put(bytes('abc'))).toBe(ABC);
  });
});
