import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { type S3Double, startS3Double, storedNow } from '../../../../test/support/s3-double.ts';
import { S3Fault } from './s3-fault.ts';
import { openS3, type S3Store } from './s3-store.ts';

const PATIENCE = { connectMs: 5_000, idleMs: 20_000, attempts: 3 };
const keysOf = async (s3: S3Store) => (await allOf(s3.pages(''))).flat().map(({ key }) => key);

describe('S3 that does what no server of this machine does', () => {
  let server: S3Double;
  let bucket = '';
  let s3: S3Store;
  beforeEach(async () => {
    server = await startS3Double();
    bucket = await server.bucket();
    s3 = await openS3(`s3://${bucket}`, server.env, PATIENCE);
  });
  afterEach(() => server.close());

  it('lists any key, also one that is no path', async () => {
    const keys = ['../../x', 'a//b', '/abs', './dot', 'new\nline', 'nul\u0000', 'folder/', 'bell\u0007'];
    for (const key of keys) server.objects(bucket).set(key, storedNow('x'));
    server.pageSize = 2;
    expect((await keysOf(s3)).sort()).toEqual([...keys].sort());
  });

  it('writes without a condition where the server refuses or ignores conditions', async () => {
    server.conditions = 'refused';
    expect(await s3.put('a', Buffer.from('one'), { ifAbsent: true })).toBe(true);
    expect(await s3.put('b', Buffer.from('two'), { ifAbsent: true })).toBe(true);
    expect(server.requests.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(1);
    expect([...server.objects(bucket).keys()]).toEqual(['a', 'b']);
  });

  it('does not follow a listing that leads in a circle or nowhere', async () => {
    const page = (next: string) =>
      `<ListBucketResult><Name>${bucket}</Name><KeyCount>0</KeyCount><IsTruncated>true</IsTruncated>${next}</ListBucketResult>`;
    server.falsify = () => ({ status: 200, body: page('<NextContinuationToken>again</NextContinuationToken>') });
    await expect(keysOf(s3)).rejects.toThrow(/where it went on before/);
    expect(server.requests.filter(({ query }) => query.has('continuation-token'))).toHaveLength(1);
    let asked = 0;
    server.falsify = () =>
      asked++ < 20
        ? { status: 200, body: page(`<NextContinuationToken>${asked % 3}</NextContinuationToken>`) }
        : { status: 403, code: 'AccessDenied' };
    await expect(keysOf(s3)).rejects.toThrow(/where it went on before/);
    server.falsify = () => ({ status: 200, body: page('') });
    await expect(keysOf(s3)).rejects.toThrow(/does not say where/);
  });

  it('does not read an answer that has no end, whatever was asked', async () => {
    const part = Buffer.alloc(1_048_576, ' ');
    let sent = 0;
    let status = 200;
    const endless: Server = createServer((_, answer) => {
      answer.writeHead(status).write('<ListBucketResult>');
      const more = () => {
        while (!answer.destroyed && sent < 256 * part.length && answer.write(part)) sent += part.length;
      };
      answer.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const env = { ...server.env, CHIMERA_S3_ENDPOINT: `http://127.0.0.1:${(endless.address() as AddressInfo).port}` };
    const from = await openS3(`s3://${bucket}`, env, { connectMs: 5_000, idleMs: 5_000, attempts: 1 });
    const asks: [number, () => Promise<unknown>][] = [
      [200, () => keysOf(from)],
      [403, () => from.get('a')],
      [200, () => from.put('a', Buffer.from('x'))],
    ];
    for (const [answered, ask] of asks) {
      [status, sent] = [answered, 0];
      await expect(ask()).rejects.toThrow(/the answer is larger than 16777216 bytes/);
      expect(sent).toBeLessThan(64 * part.length);
    }
    endless.closeAllConnections();
    endless.close();
  });

  it('does not wait for a server that falls silent in the middle of an answer', async () => {
    const silent: Server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-length': '1000', etag: '"x"' }).write('begun');
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const env = { ...server.env, CHIMERA_S3_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    const quiet = await openS3(`s3://${bucket}`, env, { connectMs: 5_000, idleMs: 200, attempts: 2 });
    await expect(quiet.get('a')).rejects.toThrow(/Reading .*timed out|TimeoutError/);
    silent.closeAllConnections();
    silent.close();
  });

  it('stays with the host that is configured when it is sent elsewhere', async () => {
    const asked: string[] = [];
    const elsewhere = createServer((incoming, answer) => {
      asked.push(incoming.url ?? '');
      answer.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const redirecting = createServer((_, answer) => {
      answer.writeHead(307, { location: `http://127.0.0.1:${port}/x`, 'x-amz-bucket-region': 'eu-west-1' }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const env = { ...server.env, CHIMERA_S3_ENDPOINT: `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}` };
    await expect(keysOf(await openS3(`s3://${bucket}`, env, { ...PATIENCE, attempts: 1 }))).rejects.toThrow(S3Fault);
    expect(asked).toEqual([]);
    for (const one of [elsewhere, redirecting]) {
      one.closeAllConnections();
      one.close();
    }
  });
});
