import { afterEach, beforeEach, expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { describeOnEachS3 } from '../../../../test/support/s3.ts';
import { type S3Double, storedNow } from '../../../../test/support/s3-double.ts';
import type { S3Server } from '../../../../test/support/s3-front.ts';
import { isAbsent, isConditionFailed, S3Fault } from './s3-fault.ts';
import { openS3, S3Oversized, type S3Store } from './s3-store.ts';

const PATIENCE = { connectMs: 5_000, idleMs: 20_000, attempts: 3 };
const text = (content: Uint8Array) => Buffer.from(content).toString();
const keysOf = async (s3: S3Store, perPage?: number) => (await allOf(s3.pages('', perPage))).flat().map(({ key }) => key);

/** Keys that are paths, and that something on the way to S3 could get wrong. */
const ODD = [
  ...['plain.csv', 'a b/c+d.csv', '100%.csv', '%2F.csv', '#?&=.csv', 'a&amp;<x>.md', 'it\'s "quoted".csv', 'back\\slash.csv'],
  ...['caf\u00e9.csv', 'cafe\u0301.csv', '\u{1f600}.json', '~.csv', 'end.', '日本/語.csv'],
];

/** Of other servers it is not known beforehand: those of rclone do in some versions. */
const knowsConditions = (server: S3Server) => 'objects' in server;

describeOnEachS3('S3', (start) => {
  let server: S3Server;
  let bucket = '';
  let s3: S3Store;
  beforeEach(async () => {
    server = await start();
    bucket = await server.bucket();
    s3 = await openS3(`s3://${bucket}/some prefix+`, server.env, PATIENCE);
  });
  afterEach(() => server.close());

  it('lists, reads and looks at every key as it was written, whoever wrote it', async () => {
    for (const [i, key] of ODD.entries())
      if (i % 2) await s3.put(key, Buffer.from(key));
      else await server.put(bucket, `some prefix+/${key}`, key);
    await server.put(bucket, 'some prefix+-other/x', '');
    const listed = (await allOf(s3.pages('', 4))).flat();
    expect(listed.map(({ key }) => key).sort()).toEqual([...ODD].sort());
    for (const { key, exact, bytes, etag, modifiedMs } of listed) {
      expect([exact, bytes]).toEqual([true, Buffer.byteLength(key)]);
      const { content, ...is } = await s3.get(key, { etag, most: bytes });
      expect([text(content), is.etag]).toEqual([key, etag]);
      expect(Math.abs(is.modifiedMs - modifiedMs)).toBeLessThan(1_000);
      expect(await s3.head(key)).toEqual({ bytes, etag, modifiedMs: is.modifiedMs });
    }
  });

  it('lists a place of many pages whole, each object once', async () => {
    const keys = Array.from({ length: 1_203 }, (_, i) => `${(i * 7919) % 1_203}/x.csv`).sort();
    await Promise.all(
      Array.from({ length: 16 }, async (_, w) => {
        for (let i = w; i < keys.length; i += 16) await s3.put(keys[i] ?? '', Buffer.from('1'));
      }),
    );
    server.requests.length = 0;
    expect((await keysOf(s3)).sort()).toEqual(keys);
    expect(server.requests.length).toBeGreaterThan(1);
    expect((await keysOf(s3, 100)).sort()).toEqual(keys);
  });

  it('reads an object of several parts, which its tag is no hash of', async () => {
    const { CreateMultipartUploadCommand, UploadPartCommand, CompleteMultipartUploadCommand } = await import('@aws-sdk/client-s3');
    const at = { Bucket: bucket, Key: 'some prefix+/big.csv' };
    const content = Buffer.alloc(6_000_000, 'n_ms\n1\n');
    if ('objects' in server) (server as S3Double).objects(bucket).set(at.Key, storedNow(content));
    else {
      const { UploadId } = await server.client.send(new CreateMultipartUploadCommand(at));
      const Parts = [];
      for (const [i, part] of [content.subarray(0, 5_242_880), content.subarray(5_242_880)].entries()) {
        const PartNumber = i + 1;
        const { ETag } = await server.client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body: part }));
        Parts.push({ ETag, PartNumber });
      }
      await server.client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
    }
    const [object] = (await allOf(s3.pages())).flat();
    expect(object?.bytes).toBe(content.length);
    expect(Buffer.from((await s3.get('big.csv', { etag: object?.etag ?? null })).content).equals(content)).toBe(true);
  });

  it('gives nothing of an object that is another one by now, is gone, or is larger than was asked for', async () => {
    await s3.put('a.csv', Buffer.from('one'));
    const etag = (await s3.head('a.csv'))?.etag ?? null;
    await server.put(bucket, 'some prefix+/a.csv', 'two');
    const changed = await s3.get('a.csv', { etag }).catch((error: unknown) => error);
    // A server that knows no conditions gives the other one, and says that it is another one.
    if (knowsConditions(server)) expect(isConditionFailed(changed)).toBe(true);
    else expect(isConditionFailed(changed) || (changed as { etag: string }).etag !== etag).toBe(true);
    await expect(s3.get('a.csv', { most: 2 })).rejects.toThrow(S3Oversized);
    expect(text((await s3.get('a.csv', { most: 3 })).content)).toBe('two');
    await s3.remove('a.csv');
    await s3.remove('a.csv');
    expect(isAbsent(await s3.get('a.csv').catch((error: unknown) => error))).toBe(true);
    expect(await s3.head('a.csv')).toBeNull();
  });

  it('writes where nothing is, and says where something was', async () => {
    expect(await s3.put('a', Buffer.from('one'), { ifAbsent: true })).toBe(true);
    const written = await s3.put('a', Buffer.from('two'), { ifAbsent: true });
    if (knowsConditions(server)) expect(written).toBe(false);
    // What is said of the write is what became of it.
    expect(text((await s3.get('a')).content)).toBe(written ? 'two' : 'one');
    expect(await s3.put('a', Buffer.from('three'))).toBe(true);
    expect(text((await s3.get('a')).content)).toBe('three');
    await s3.put('empty', new Uint8Array());
    expect((await s3.get('empty')).content.length).toBe(0);
  });

  it('asks again when S3 is busy or an answer breaks off, and gives up after a while', async () => {
    await s3.put('a.csv', Buffer.alloc(500_000, 'x'));
    let left = 2;
    server.falsify = () => (left-- > 0 ? { status: 503, code: 'SlowDown' } : null);
    expect(await keysOf(s3)).toEqual(['a.csv']);
    left = 2;
    server.falsify = () => (left-- > 0 ? { cutAfter: 100_000 } : null);
    expect((await s3.get('a.csv')).content.length).toBe(500_000);
    server.falsify = () => ({ cutAfter: 100_000 });
    server.requests.length = 0;
    await expect(s3.get('a.csv')).rejects.toThrow(S3Fault);
    expect(server.requests.length).toBe(3);
    server.falsify = () => ({ status: 503, code: 'SlowDown' });
    server.requests.length = 0;
    await expect(keysOf(s3)).rejects.toThrow(/Listing s3:\/\/.*failed at http.*SlowDown, 503/);
    expect(server.requests.length).toBe(PATIENCE.attempts);
  });

  it('gives an object in pieces, goes on where they break off, and never with those of another one', async () => {
    const content = Buffer.from(Array.from({ length: 500_000 }, (_, i) => i % 251));
    await s3.put('a.csv', content);
    await s3.put('empty.csv', new Uint8Array());
    const etag = (await s3.head('a.csv'))?.etag ?? null;
    const told: (string | null)[] = [];
    const inPieces = async (key: string, tag: string | null, onPiece: () => unknown = () => undefined) => {
      const parts: Uint8Array[] = [];
      for await (const piece of s3.pieces(key, { etag: tag, onAnswer: (is) => told.push(is.etag) })) {
        parts.push(Uint8Array.from(piece));
        await onPiece();
      }
      return Buffer.concat(parts);
    };
    expect(Buffer.compare(await inPieces('a.csv', etag), content)).toBe(0);
    expect((await inPieces('empty.csv', null)).length).toBe(0);
    let left = 2;
    server.falsify = () => (left-- > 0 ? { cutAfter: 90_000 } : null);
    told.length = 0;
    expect(Buffer.compare(await inPieces('a.csv', etag), content)).toBe(0);
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(new Set(told)).toEqual(new Set([etag]));
    server.falsify = () => ({ cutAfter: 1 });
    await expect(inPieces('a.csv', etag)).rejects.toThrow(S3Fault);
    server.falsify = null;
    expect(isAbsent(await inPieces('none.csv', null).catch((error: unknown) => error))).toBe(true);
    if (!knowsConditions(server)) return;
    await s3.put('a.csv', Buffer.alloc(500_000, 'y'));
    expect(isConditionFailed(await inPieces('a.csv', etag).catch((error: unknown) => error))).toBe(true);
  });

  it('throws where a listing breaks off in the middle: no part of it is taken for the whole', async () => {
    for (let i = 0; i < 6; i++) await s3.put(`${i}.csv`, Buffer.from('1'));
    const listing = () => keysOf(s3, 2);
    expect(await listing()).toHaveLength(6);
    const later =
      (answer: Awaited<ReturnType<NonNullable<S3Server['falsify']>>>): S3Server['falsify'] =>
      ({ query }) =>
        query.has('continuation-token') ? answer : null;
    for (const answer of [
      { status: 500, code: 'InternalError' },
      { status: 403, code: 'AccessDenied' },
      { cutAfter: 150 },
      { status: 200, body: '' },
    ]) {
      server.falsify = later(answer);
      await expect(listing(), JSON.stringify(answer)).rejects.toThrow(S3Fault);
    }
    server.falsify = null;
    expect(await listing()).toHaveLength(6);
  });

  it('says what is wrong and what to do: no such bucket, a wrong key, nobody there, a server of another kind', async () => {
    const open = async (url: string, env: Record<string, string> = {}) =>
      keysOf(await openS3(url, { ...server.env, ...env }, { ...PATIENCE, attempts: 1 }));
    await expect(open('s3://no-such-bucket-here')).rejects.toThrow(/NoSuchBucket, 404.*CHIMERA_BUCKET/);
    // Most servers call it so; one says 404.
    const nobody = open(`s3://${bucket}`, { AWS_ACCESS_KEY_ID: 'nobody' });
    await expect(nobody).rejects.toThrow(/InvalidAccessKeyId, 403.*AWS_ACCESS_KEY_ID|No user exists/);
    await expect(open(`s3://${bucket}`, { CHIMERA_S3_ENDPOINT: 'http://127.0.0.1:9' })).rejects.toThrow(
      /ECONNREFUSED.*CHIMERA_S3_ENDPOINT/,
    );
    for (const body of ['<html><body>welcome</body></html>', '{}', '']) {
      server.falsify = () => ({ status: 200, body });
      await expect(open(`s3://${bucket}`), body).rejects.toThrow(/failed at http:/);
    }
  });
});
