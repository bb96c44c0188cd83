import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** The key that the servers of tests know. */
export const KEY = 'TESTKEY';
export const SECRET = 'test-secret';

/** A request as it came, before anything is done about it. Keys are decoded. */
export type S3Request = { method: string; bucket: string; key: string; query: URLSearchParams; headers: IncomingMessage['headers'] };

/** What is answered in the server's place: a fault of S3, any other body, or the true answer cut off after so many bytes. */
export type S3Answer = { status: number; code: string } | { status: number; body: string } | { cutAfter: number };

/** A server of S3 for tests: what it was asked is counted, and what it answers can be falsified. */
export type S3Server = {
  endpoint: string;
  /** the environment that leads services to it */
  env: Record<string, string>;
  /** all requests so far, falsified ones included */
  requests: S3Request[];
  /** called for each request; what it returns is answered instead. Set it to `null` to let everything through */
  falsify: ((request: S3Request) => S3Answer | null | Promise<S3Answer | null>) | null;
  /** Makes a bucket with a name of its own. */
  bucket(): Promise<string>;
  /** Stores an object, as somebody else's program would. */
  put(bucket: string, key: string, content: string | Uint8Array): Promise<void>;
  /** how often each key of a bucket was read whole, failed requests included */
  reads(bucket: string): Map<string, number>;
  client: S3Client;
  close(): Promise<void>;
};

export type S3Handler = (request: S3Request, incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/** Puts a server that listens, counts and can be told to lie before what answers. */
export async function s3Front(handler: S3Handler, onClose: () => Promise<void> | void, [key, secret] = [KEY, SECRET]): Promise<S3Server> {
  const requests: S3Request[] = [];
  const http = createServer((incoming, outgoing) => {
    outgoing.on('error', () => undefined);
    void (async () => {
      const [path = '', query = ''] = (incoming.url ?? '').split('?', 2);
      const [, bucket = '', ...rest] = path.split('/');
      const request: S3Request = {
        method: incoming.method ?? '',
        bucket,
        key: decodeURIComponent(rest.join('/')),
        query: new URLSearchParams(query),
        headers: incoming.headers,
      };
      requests.push(request);
      const instead = (await server.falsify?.(request)) ?? null;
      if (instead === null) return handler(request, incoming, outgoing);
      if ('cutAfter' in instead) return handler(request, incoming, cutting(outgoing, instead.cutAfter));
      incoming.resume();
      if ('code' in instead) sendFault(outgoing, instead.status, instead.code);
      else outgoing.writeHead(instead.status, { 'content-type': 'text/html' }).end(instead.body);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: key, secretAccessKey: secret },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const server: S3Server = {
    endpoint,
    env: { CHIMERA_S3_ENDPOINT: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret },
    requests,
    falsify: null,
    client,
    async bucket() {
      const name = `test-${randomUUID().slice(0, 8)}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async put(bucket, key, content) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(content) }));
    },
    reads(bucket) {
      const counts = new Map<string, number>();
      for (const { method, bucket: of, key } of requests)
        if (method === 'GET' && of === bucket && key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts;
    },
    async close() {
      client.destroy();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await onClose();
    },
  };
  return server;
}

/** Breaks the connection once so many bytes of the body are out, or all of a shorter one. */
function cutting(outgoing: ServerResponse, bytes: number): ServerResponse {
  let left = bytes;
  const write = outgoing.write.bind(outgoing) as (chunk: Uint8Array, done?: () => void) => boolean;
  const pass = (chunk: unknown, isLast = false): boolean => {
    if (left <= 0) return false;
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    const now = part.subarray(0, left);
    left = isLast ? 0 : left - now.length;
    return write(now, left > 0 ? undefined : () => outgoing.destroy());
  };
  outgoing.write = (chunk: unknown) => pass(chunk);
  outgoing.end = (chunk: unknown = ' ') => {
    pass(chunk, true);
    return outgoing;
  };
  return outgoing;
}

export function sendFault(outgoing: ServerResponse, status: number, code: string): unknown {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code} was made up by a test.</Message></Error>`;
  return outgoing.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Passes everything on as it is, the name of the host included: it is signed. */
export function passOn(to: string): S3Handler {
  const { hostname, port } = new URL(to);
  return (_, incoming, outgoing) => {
    const onward = httpRequest({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk) => outgoing.write(chunk));
      answer.on('end', () => outgoing.end());
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
}
