import { openS3 } from '@chimera/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeOnEachS3 } from '../../../test/support/s3.ts';
import { type S3Double, startS3Double, storedNow } from '../../../test/support/s3-double.ts';
import type { S3Server } from '../../../test/support/s3-front.ts';
import { type Bucket, Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';
import { s3Bucket } from './s3-bucket.ts';
import { signatureOf } from './settling.ts';

const PATIENCE_MS = 60_000;
const QUICK = { connectMs: 5_000, idleMs: 20_000, attempts: 1 };

async function open(server: S3Server, bucket: string, elapsed = () => 0): Promise<Bucket> {
  return s3Bucket(await openS3(`s3://${bucket}/runs`, server.env, QUICK), { patienceMs: PATIENCE_MS, elapsed });
}

async function entryOf(bucket: Bucket, path: string): Promise<Entry> {
  const entry = (await bucket.scan()).entries.find((one) => one.path === path);
  if (entry === undefined) throw new Error(`${path} is not listed.`);
  return entry;
}

const outcomeOf = (bucket: Bucket, entry: Entry) => bucket.read(entry).catch((error: unknown) => error);

describeOnEachS3('a bucket in S3', (start) => {
  let server: S3Server;
  let name = '';
  let bucket: Bucket;
  beforeEach(async () => {
    server = await start();
    name = await server.bucket();
    bucket = await open(server, name);
  });
  afterEach(() => server.close());

  const put = (path: string, content: string) => server.put(name, `runs/${path}`, content);

  it('reads exactly what it listed', async () => {
    await put('deep/a b+c%.csv', 'n_ms\n1\n');
    await put('empty.csv', '');
    await put('.done', '');
    await server.put(name, 'elsewhere/x.csv', 'n_ms\n1\n');
    const { entries, done } = await bucket.scan();
    expect(entries.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['deep/a b+c%.csv', 7],
      ['empty.csv', 0],
    ]);
    expect([...done.keys()]).toEqual(['']);
    expect(await Promise.all(entries.map(async (entry) => Buffer.from(await bucket.read(entry)).toString()))).toEqual(['n_ms\n1\n', '']);
  });

  it('gives in pieces what it reads, and says of what was replaced or went away that it is not at rest', async () => {
    const content = 'n_ms\n1\n'.repeat(50_000);
    await put('a.csv', content);
    await put('b.csv', content);
    const [a, b] = [await entryOf(bucket, 'a.csv'), await entryOf(bucket, 'b.csv')];
    const inPieces = async (entry: Entry) => {
      const parts: Uint8Array[] = [];
      for await (const piece of bucket.pieces(entry)) parts.push(Uint8Array.from(piece));
      return Buffer.concat(parts).toString();
    };
    expect(await inPieces(a)).toBe(content);
    await put('a.csv', content.replace('1', '2'));
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await server.client.send(new DeleteObjectCommand({ Bucket: name, Key: 'runs/b.csv' }));
    for (const entry of [a, b]) await expect(inPieces(entry)).rejects.toThrow(Unstable);
    server.falsify = () => ({ status: 403, code: 'AccessDenied' });
    await expect(inPieces(a)).rejects.toThrow(Unreadable);
  });

  it('hazard 6: says of an object that was replaced or went away since it was listed that it is not at rest', async () => {
    await put('a.csv', 'one');
    await put('b.csv', 'one');
    const [a, b] = [await entryOf(bucket, 'a.csv'), await entryOf(bucket, 'b.csv')];
    await put('a.csv', 'two');
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await server.client.send(new DeleteObjectCommand({ Bucket: name, Key: 'runs/b.csv' }));
    for (const entry of [a, b]) expect(await outcomeOf(bucket, entry)).toBeInstanceOf(Unstable);
    const later = await entryOf(bucket, 'a.csv');
    expect(signatureOf(later)).not.toBe(signatureOf(a));
    expect(Buffer.from(await bucket.read(later)).toString()).toBe('two');
    expect((await bucket.scan()).entries).toHaveLength(1);
  });

  it('refuses one object that S3 does not give, with the reason, and throws where it gives none to anybody', async () => {
    await put('a.csv', 'one');
    const entry = await entryOf(bucket, 'a.csv');
    for (const [code, reason] of [
      ['AccessDenied', /permission denied.*s3:GetObject/],
      ['InvalidObjectState', /archive.*restored/],
      ['KMS.DisabledException', /S3 does not give it/],
    ] as const) {
      server.falsify = () => ({ status: 403, code });
      const outcome = await outcomeOf(bucket, entry);
      expect(outcome).toBeInstanceOf(Unreadable);
      expect((outcome as Error).message).toMatch(reason);
    }
    for (const code of ['ExpiredToken', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'RequestTimeTooSkewed']) {
      server.falsify = () => ({ status: 403, code });
      const outcome = await outcomeOf(bucket, entry);
      expect(outcome).not.toBeInstanceOf(Unreadable);
      expect((outcome as Error).message).toContain(code);
    }
  });

  it('never takes a part of a listing for the whole', async () => {
    for (let i = 0; i < 3; i++) await put(`${i}.csv`, '1');
    server.falsify = () => ({ cutAfter: 400 });
    await expect(bucket.scan()).rejects.toThrow();
    server.falsify = () => ({ status: 503, code: 'SlowDown' });
    await expect(bucket.scan()).rejects.toThrow(/SlowDown/);
    server.falsify = null;
    expect((await bucket.scan()).entries).toHaveLength(3);
  });
});

describe('a bucket in S3 that misbehaves', () => {
  let server: S3Double;
  let name = '';
  let now = 0;
  let bucket: Bucket;
  beforeEach(async () => {
    server = await startS3Double();
    name = await server.bucket();
    now = 0;
    bucket = await open(server, name, () => now);
  });
  afterEach(() => server.close());

  const set = (path: string, content: string, etag?: string) => server.objects(name).set(`runs/${path}`, storedNow(content, etag));

  it('notices another content of the same size within the same second, by its tag alone', async () => {
    set('a.csv', 'one', '"1"');
    const before = await entryOf(bucket, 'a.csv');
    server.objects(name).set('runs/a.csv', { ...storedNow('two', '"2"'), modified: new Date(before.modifiedMs) });
    expect(await outcomeOf(bucket, before)).toBeInstanceOf(Unstable);
    const after = await entryOf(bucket, 'a.csv');
    expect({ ...after, entityTag: before.entityTag }).toEqual(before);
    expect(signatureOf(after)).not.toBe(signatureOf(before));
  });

  it('notices it too where the server ignores conditions', async () => {
    server.conditions = 'ignored';
    set('a.csv', 'one');
    const before = await entryOf(bucket, 'a.csv');
    set('a.csv', 'two');
    expect(await outcomeOf(bucket, before)).toBeInstanceOf(Unstable);
    set('a.csv', 'longer');
    expect(await outcomeOf(bucket, before)).toBeInstanceOf(Unstable);
  });

  it('takes no tag for a hash: the content may be the same', async () => {
    set('a.csv', 'one');
    set('b.csv', 'one');
    const { entries } = await bucket.scan();
    expect(new Set(entries.map(({ entityTag }) => entityTag)).size).toBe(2);
    expect((await Promise.all(entries.map((entry) => bucket.read(entry)))).map((bytes) => Buffer.from(bytes).toString())).toEqual([
      'one',
      'one',
    ]);
  });

  it('hazard 6: refuses, after a while, an object that the listing goes on showing as it is not, or that S3 cannot read', async () => {
    set('a.csv', 'one');
    set('b.csv', 'one');
    const [a, b] = [await entryOf(bucket, 'a.csv'), await entryOf(bucket, 'b.csv')];
    server.falsify = ({ key }) => {
      if (key === 'runs/a.csv') return { status: 404, code: 'NoSuchKey' };
      return key === 'runs/b.csv' ? { status: 500, code: 'InternalError' } : null;
    };
    for (const at of [0, PATIENCE_MS / 2, PATIENCE_MS - 1]) {
      now = at;
      await bucket.scan();
      expect(await outcomeOf(bucket, a)).toBeInstanceOf(Unstable);
      expect(await outcomeOf(bucket, b)).not.toBeInstanceOf(Unreadable);
    }
    now = PATIENCE_MS;
    expect(await outcomeOf(bucket, a)).toMatchObject({ name: 'Unreadable', message: expect.stringMatching(/lists it.*went away/) });
    expect(await outcomeOf(bucket, b)).toMatchObject({
      name: 'Unreadable',
      message: expect.stringMatching(/failed each time.*InternalError/),
    });
    // What is listed anew begins anew.
    set('a.csv', 'two');
    expect(await outcomeOf(bucket, await entryOf(bucket, 'a.csv'))).toBeInstanceOf(Unstable);
    server.falsify = null;
    expect(Buffer.from((await bucket.read(b)) as Uint8Array).toString()).toBe('one');
  });

  it('hazard 16: does not refuse an object because S3 is busy, nobody is there, or the credentials are gone, however long', async () => {
    set('a.csv', 'one');
    const entry = await entryOf(bucket, 'a.csv');
    const fails = async () => {
      for (const at of [0, 1, 2, 3]) {
        now += at * PATIENCE_MS;
        const outcome = await outcomeOf(bucket, entry);
        expect(outcome).toBeInstanceOf(Error);
        expect(outcome).not.toBeInstanceOf(Unreadable);
      }
    };
    server.falsify = () => ({ status: 503, code: 'SlowDown' });
    await fails();
    server.falsify = () => ({ status: 403, code: 'ExpiredToken' });
    await fails();
    const away = { ...server.env, CHIMERA_S3_ENDPOINT: 'http://127.0.0.1:9' };
    bucket = s3Bucket(await openS3(`s3://${name}/runs`, away, QUICK), { patienceMs: PATIENCE_MS, elapsed: () => now });
    await fails();
  });

  it('refuses, after a while, an object whose content always breaks off', async () => {
    set('a.csv', 'x'.repeat(100_000));
    const entry = await entryOf(bucket, 'a.csv');
    server.falsify = () => ({ cutAfter: 30_000 });
    const outcomes = [];
    for (const at of [0, 1, PATIENCE_MS]) {
      now = at;
      outcomes.push(((await outcomeOf(bucket, entry)) as Error).name);
    }
    expect(outcomes).toEqual(['S3Fault', 'S3Fault', 'Unreadable']);
  });

  it('does not refuse an object because of one outage, however long', async () => {
    set('a.csv', 'one');
    const entry = await entryOf(bucket, 'a.csv');
    server.falsify = () => ({ status: 500, code: 'InternalError' });
    await outcomeOf(bucket, entry);
    now = 100 * PATIENCE_MS;
    expect(await outcomeOf(bucket, entry)).not.toBeInstanceOf(Unreadable);
  });
});
