import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { KEY, type S3Request, type S3Server, s3Front, sendFault } from './s3-front.ts';

type Stored = { content: Buffer; etag: string; modified: Date };

/** What a test can do behind the back of the double's own interface. */
export type S3Double = S3Server & {
  /** the objects of a bucket; keys may be any text */
  objects(bucket: string): Map<string, Stored>;
  /** how many objects a listing has to the page at most */
  pageSize: number;
  /** whether `If-Match` and `If-None-Match` are heeded */
  conditions: 'heeded' | 'ignored' | 'refused';
};

/**
 * A server in memory that speaks the part of S3 that Chimera uses, as AWS speaks it and no real server of a test machine does: entity
 * tags that are no hashes and differ with each write, times in whole seconds, small pages, any key.
 */
export async function startS3Double(): Promise<S3Double> {
  const buckets = new Map<string, Map<string, Stored>>();
  const server = await s3Front(
    async (request, incoming, outgoing): Promise<unknown> => {
      const content = await bodyOf(incoming);
      if (!incoming.headers.authorization?.includes(`Credential=${KEY}/`)) return sendFault(outgoing, 403, 'InvalidAccessKeyId');
      const { method, bucket, key } = request;
      if (key === '' && method === 'PUT') buckets.set(bucket, new Map());
      const objects = buckets.get(bucket);
      if (objects === undefined) return sendFault(outgoing, 404, 'NoSuchBucket');
      if (key === '') return method === 'GET' ? list(bucket, objects, request.query, outgoing) : outgoing.writeHead(200).end();
      if (method === 'PUT') return put(objects, request, content, outgoing);
      if (method === 'DELETE') {
        objects.delete(key);
        return outgoing.writeHead(204).end();
      }
      const found = objects.get(key);
      if (found === undefined) return method === 'HEAD' ? outgoing.writeHead(404).end() : sendFault(outgoing, 404, 'NoSuchKey');
      if (double.conditions === 'heeded' && ![undefined, found.etag].includes(request.headers['if-match']))
        return sendFault(outgoing, 412, 'PreconditionFailed');
      outgoing.writeHead(200, {
        etag: found.etag,
        'last-modified': found.modified.toUTCString(),
        'content-length': found.content.length,
      });
      return outgoing.end(method === 'HEAD' ? undefined : found.content);
    },
    () => undefined,
  );

  function put(objects: Map<string, Stored>, { key, headers }: S3Request, content: Buffer, outgoing: ServerResponse): unknown {
    if (headers['if-none-match'] !== undefined && double.conditions === 'refused') return sendFault(outgoing, 501, 'NotImplemented');
    if (headers['if-none-match'] === '*' && double.conditions === 'heeded' && objects.has(key))
      return sendFault(outgoing, 412, 'PreconditionFailed');
    const stored = storedNow(content);
    objects.set(key, stored);
    return outgoing.writeHead(200, { etag: stored.etag }).end();
  }

  function list(bucket: string, objects: Map<string, Stored>, query: URLSearchParams, outgoing: ServerResponse): unknown {
    const after = query.get('continuation-token');
    const last = after === null ? null : Buffer.from(after.slice(8), 'base64url');
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(query.get('prefix') ?? ''))
      .map((key) => Buffer.from(key))
      .sort(Buffer.compare)
      .filter((key) => last === null || Buffer.compare(key, last) > 0);
    const page = keys.slice(0, Math.min(double.pageSize, Number(query.get('max-keys') ?? 1_000)));
    const truncated = page.length < keys.length;
    const encoded = query.get('encoding-type') === 'url';
    const items = page.map((bytes) => {
      const { content, etag, modified } = objects.get(bytes.toString()) as Stored;
      const key = encoded
        ? encodeURIComponent(bytes.toString()).replaceAll('%2F', '/').replaceAll('%20', '+')
        : escapeXml(bytes.toString());
      return `<Contents><Key>${key}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${content.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
    });
    // A token says nothing to whoever gets it, and is another one each time.
    const next = truncated ? `${randomBytes(4).toString('hex')}${page.at(-1)?.toString('base64url')}` : '';
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${truncated}</IsTruncated>${encoded ? '<EncodingType>url</EncodingType>' : ''}${truncated ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''}${items.join('')}</ListBucketResult>`;
    return outgoing.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) }).end(body);
  }

  const double: S3Double = Object.assign(server, {
    objects: (bucket: string) => buckets.get(bucket) ?? new Map<string, Stored>(),
    pageSize: 1_000,
    conditions: 'heeded' as const,
  });
  return double;
}

/** An object as the double keeps it, written now; with another tag than any before, as one of several parts or an encrypted one has. */
export function storedNow(content: string | Uint8Array, etag = `"${randomBytes(16).toString('hex')}-2"`): Stored {
  return { content: Buffer.from(content), etag, modified: new Date(Math.trunc(Date.now() / 1_000) * 1_000) };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
