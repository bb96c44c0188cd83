import type { _Object, GetObjectCommandOutput, ListObjectsV2CommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { openS3Client, S3_PATIENCE, type S3Patience } from './s3-client.ts';
import { BROKEN_OFF, faultOf, isAbsent, isConditionFailed, S3Fault } from './s3-fault.ts';
import { decodeListedKey } from './s3-key.ts';
import type { S3Values } from './s3-settings.ts';
import { parseS3Url, s3Url } from './s3-url.ts';

/** What is said of an object. `etag` is the server's name for this content, without its quotes, and no hash of it; null where it gives none. */
export type S3Status = { bytes: number; modifiedMs: number; etag: string | null };

/** An object as it is listed. `key` is relative to the place; not `exact` where it is no UTF-8, so that it leads back to nothing. */
export type S3Listed = S3Status & { key: string; exact: boolean };

/** The objects in one place of S3. Keys are relative to it. Everything throws S3Fault. */
export type S3Store = {
  /** `s3://bucket/prefix` */
  readonly url: string;
  /** All objects whose keys begin so, page by page. A listing that breaks off throws: what came before is then no listing. */
  pages(beginning?: string, perPage?: number): AsyncGenerator<S3Listed[]>;
  /** What is said of an object; null where there is none. */
  head(key: string): Promise<S3Status | null>;
  /**
   * An object's bytes, all of them. With `etag` only as long as it has that content (412 otherwise, where the server knows
   * conditions: compare what comes back); never more than `most` bytes.
   */
  get(key: string, options?: { etag?: string | null; most?: number }): Promise<S3Status & { content: Uint8Array }>;
  /**
   * The same bytes in their order, as they come; `onAnswer` is told first how the object is called and how old it is, and may throw. An answer
   * that breaks off is gone on with from there, told of anew.
   */
  pieces(key: string, options: { etag: string | null; onAnswer: (status: Omit<S3Status, 'bytes'>) => void }): AsyncGenerator<Uint8Array>;
  /** Stores an object; with `ifAbsent` only where there is none, if the server knows conditions. False where there was one. */
  put(key: string, content: Uint8Array, options?: { ifAbsent?: boolean }): Promise<boolean>;
  /** Removes an object, or nothing where there is none. */
  remove(key: string): Promise<void>;
};

/** Why an object was not read to its end: it is larger than was asked for. */
export class S3Oversized extends Error {
  override name = 'S3Oversized';
}

// The SDK repeats a request that fails; what breaks off in the middle of an answer is repeated here.
const READINGS = 3;
const PROGRESS_BYTES = 1_048_576;
const PER_PAGE = 1_000;

/** Opens the place that a URL names. Nothing is contacted yet. Throws a TypeError for what is no such URL. */
export async function openS3(url: string, settings: S3Values, patience: S3Patience = S3_PATIENCE): Promise<S3Store> {
  const { bucket, prefix } = parseS3Url(url);
  const { client, sdk } = await openS3Client(settings, patience);
  const where = settings.CHIMERA_S3_ENDPOINT ?? `AWS in ${settings.AWS_REGION}`;
  const place = (key: string) => ({ Bucket: bucket, Key: prefix + key });
  const nameOf = (key: string) => s3Url({ bucket, prefix: prefix + key });
  let conditions = true;

  async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw faultOf(what, where, error);
    }
  }

  async function write(key: string, content: Uint8Array, condition: Partial<PutObjectCommandInput>): Promise<void> {
    await asking(`Writing ${nameOf(key)}`, () =>
      client.send(new sdk.PutObjectCommand({ ...place(key), ...condition, Body: content, ContentLength: content.length })),
    );
  }

  const listing = `Listing ${s3Url({ bucket, prefix })}`;
  const noListing = (said: string) => new S3Fault(listing, where, { code: 'no listing', status: 200, said });

  /** `asked`: where this listing went on before; the token is put among them. */
  async function listPage(beginning: string, perPage: number, token: string | undefined, asked: Set<string>) {
    if (token !== undefined) asked.add(token);
    const request = { Bucket: bucket, Prefix: beginning, EncodingType: 'url' as const, MaxKeys: perPage };
    const page = await asking(listing, () =>
      client.send(new sdk.ListObjectsV2Command({ ...request, ...(token === undefined ? {} : { ContinuationToken: token }) })),
    );
    const wrong = faultOfPage(page, asked);
    if (wrong !== null) throw noListing(wrong);
    return page;
  }

  function listedOf({ Key = '', LastModified, Size, ETag }: _Object, isEncoded: boolean): S3Listed {
    const { key, exact } = decodeListedKey(Key, isEncoded);
    if (LastModified === undefined || Size === undefined || !key.startsWith(prefix))
      throw noListing(`an object is listed as ${JSON.stringify({ Key, LastModified, Size })}`);
    return { key: key.slice(prefix.length), exact, bytes: Size, modifiedMs: LastModified.getTime(), etag: bareTag(ETag) };
  }

  return {
    url: s3Url({ bucket, prefix }),
    async *pages(beginning = '', perPage = PER_PAGE) {
      const asked = new Set<string>();
      let token: string | undefined;
      do {
        const page = await listPage(prefix + beginning, perPage, token, asked);
        yield (page.Contents ?? []).map((object) => listedOf(object, page.EncodingType === 'url'));
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async head(key) {
      try {
        return statusOf(await asking(`Looking at ${nameOf(key)}`, () => client.send(new sdk.HeadObjectCommand(place(key)))));
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    async get(key, { etag = null, most = Number.POSITIVE_INFINITY } = {}) {
      const condition = etag === null ? {} : { IfMatch: `"${etag}"` };
      for (let reading = 1; ; reading++) {
        const answer = await asking(`Reading ${nameOf(key)}`, () => client.send(new sdk.GetObjectCommand({ ...place(key), ...condition })));
        try {
          return { ...statusOf(answer), content: await contentOf(answer, most) };
        } catch (error) {
          if (error instanceof S3Oversized) throw error;
          const said = (error as Error).message;
          if (reading === READINGS) throw new S3Fault(`Reading ${nameOf(key)}`, where, { code: BROKEN_OFF, status: 200, said }, error);
        }
      }
    },
    async *pieces(key, { etag, onAnswer }) {
      const condition = etag === null ? {} : { IfMatch: `"${etag}"` };
      let at = 0;
      for (let reading = 1; ; reading++) {
        const began = at;
        const range = at === 0 ? {} : { Range: `bytes=${at}-` };
        const answer = await asking(`Reading ${nameOf(key)}`, () =>
          client.send(new sdk.GetObjectCommand({ ...place(key), ...condition, ...range })),
        );
        onAnswer(statusOf(answer));
        // A server that knows no ranges begins anew.
        let next = answer.ContentRange === undefined ? 0 : at;
        const whole = next + (answer.ContentLength ?? Number.NaN);
        try {
          for await (const part of bodyOf(answer)) {
            const fresh = part.subarray(Math.min(part.length, Math.max(0, at - next)));
            next += part.length;
            at = Math.max(at, next);
            if (fresh.length > 0) yield fresh;
          }
          if (next < whole) throw new Error(`${next} of ${whole} bytes came`);
          return;
        } catch (error) {
          if (at === whole) return;
          const said = (error as Error).message;
          // A large object may break off as often as it likes, as long as it goes on.
          if (at - began >= PROGRESS_BYTES) reading = 0;
          else if (reading === READINGS) throw new S3Fault(`Reading ${nameOf(key)}`, where, { code: BROKEN_OFF, status: 200, said }, error);
        }
      }
    },
    async put(key, content, { ifAbsent = false } = {}) {
      try {
        await write(key, content, ifAbsent && conditions ? { IfNoneMatch: '*' } : {});
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        // A server that knows no conditions says so; one that does not even say so ignores them.
        if (!(error instanceof S3Fault && ifAbsent && conditions && (error.status === 501 || error.code === 'NotImplemented'))) throw error;
        conditions = false;
        await write(key, content, {});
        return true;
      }
    },
    async remove(key) {
      await asking(`Removing ${nameOf(key)}`, () => client.send(new sdk.DeleteObjectCommand(place(key))));
    },
  };
}

/** Why an answer is no listing, or one that leads nowhere: a server of another kind may answer anything with 200. */
function faultOfPage(page: ListObjectsV2CommandOutput, asked: ReadonlySet<string>): string | null {
  if (page.Name === undefined && page.KeyCount === undefined && page.IsTruncated === undefined)
    return 'the answer is no listing of a bucket; check CHIMERA_S3_ENDPOINT';
  if (!page.IsTruncated) return null;
  if (page.NextContinuationToken === undefined) return 'the listing goes on, and the server does not say where';
  return asked.has(page.NextContinuationToken) ? 'the listing goes on where it went on before' : null;
}

function statusOf(answer: { ContentLength?: number | undefined; LastModified?: Date | undefined; ETag?: string | undefined }): S3Status {
  return { bytes: answer.ContentLength ?? 0, modifiedMs: answer.LastModified?.getTime() ?? 0, etag: bareTag(answer.ETag) };
}

/** Servers differ in quotes, also between a listing and an answer. */
function bareTag(tag: string | undefined): string | null {
  return tag?.replace(/^(W\/)?"(.*)"$/, '$2') || null;
}

/** All bytes of an answer, held once. */
async function contentOf(answer: GetObjectCommandOutput, most: number): Promise<Uint8Array> {
  const { ContentLength: whole } = answer;
  const limit = Math.min(most, whole ?? most);
  const parts: Uint8Array[] = [];
  const content = whole !== undefined && whole <= most ? Buffer.allocUnsafe(whole) : null;
  let bytes = 0;
  // Leaving this loop in any way ends the transfer.
  for await (const part of bodyOf(answer)) {
    if (bytes + part.length > limit || (whole ?? 0) > most)
      throw new S3Oversized(`${Math.max(bytes + part.length, whole ?? 0)} bytes or more: larger than the ${most} that were asked for`);
    if (content === null) parts.push(part);
    else content.set(part, bytes);
    bytes += part.length;
  }
  if (whole !== undefined && bytes !== whole) throw new Error(`${bytes} of ${whole} bytes came`);
  return content ?? Buffer.concat(parts, bytes);
}

function bodyOf({ Body }: GetObjectCommandOutput): AsyncIterable<Uint8Array> {
  if (Body === undefined) throw new Error('the answer has no content');
  return Body as AsyncIterable<Uint8Array>;
}
