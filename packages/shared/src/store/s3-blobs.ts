import {
  BlobDamaged,
  BlobMissing,
  type Blobs,
  RENEW_AFTER_MS,
  requireName,
  type StoredBlob,
  type StoredName,
  type WholeBlobs,
} from './blobs.ts';
import { inOnePiece, sha256 } from './content-hash.ts';
import { partedBlobs } from './parted-blobs.ts';
import { isAbsent } from './s3-fault.ts';
import { S3_BLOB_FOLDERS } from './s3-settings.ts';
import type { S3Store } from './s3-store.ts';

const [BLOBS, NAMES, GOING] = S3_BLOB_FOLDERS;
/** A mark of an upkeep that died stands no longer than this (ms): its requests have ended by then. */
const GOING_MS = 600_000;
const PAUSE_MS = 250;

/**
 * A blob store in S3: `blobs/ab/<sha256>`, and names under `names/`. What is stored and younger than RENEW_AFTER_MS is not
 * stored again. Objects have no time that could be renewed in place, so an older one is written again.
 */
export function s3Blobs(s3: S3Store, options: Means = {}): Blobs {
  return partedBlobs(wholeBlobsIn(s3, options));
}

type Means = { now?: () => number; pause?: (ms: number) => Promise<void> };

function wholeBlobsIn(s3: S3Store, options: Means): WholeBlobs {
  const { now = Date.now, pause = (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = options;
  const keyOf = (id: string) => `${BLOBS}${id.slice(0, 2)}/${id}`;
  /** Spread by the last characters, as in a folder: hashes. */
  const keyOfName = (name: string) => `${NAMES}${requireName(name).slice(-2)}/${name}`;

  /**
   * Writes an object over one so old that upkeep may be removing it right now. S3 cannot remove on condition of a time, so upkeep
   * leaves a mark while it looks and removes; once the mark is gone and the object is there, it stays.
   */
  async function renew(key: string, content: Uint8Array): Promise<void> {
    do {
      await s3.put(key, content);
      while (isStanding(await s3.head(GOING + key))) await pause(PAUSE_MS);
    } while ((await s3.head(key)) === null);
  }

  const isStanding = (mark: { modifiedMs: number } | null) => mark !== null && now() - mark.modifiedMs < GOING_MS;

  async function takeAway(key: string, before: number): Promise<boolean> {
    const isOld = async () => ((await s3.head(key))?.modifiedMs ?? before) < before;
    if (!(await isOld())) return false;
    await s3.put(GOING + key, new Uint8Array());
    try {
      // Whoever wrote it anew before the mark was there is seen here; whoever does later sees the mark.
      if (!(await isOld())) return false;
      await s3.remove(key);
      return true;
    } finally {
      await s3.remove(GOING + key);
    }
  }

  async function* listed(beginning: string): AsyncGenerator<{ last: string; bytes: number; modifiedMs: number }> {
    for await (const page of s3.pages(beginning))
      for (const { key, bytes, modifiedMs } of page) yield { last: key.slice(key.lastIndexOf('/') + 1), bytes, modifiedMs };
  }

  const where = s3.url;
  const get = async (id: string) => {
    let content: Uint8Array;
    try {
      ({ content } = await s3.get(keyOf(id)));
    } catch (error) {
      if (isAbsent(error)) throw new BlobMissing(id, where, { cause: error });
      throw error;
    }
    if (sha256(content) !== id) throw new BlobDamaged(id, where);
    return content;
  };

  return {
    where,
    has: async (id) => (await s3.head(keyOf(id))) !== null,
    get,
    async renew(id) {
      const there = await s3.head(keyOf(id));
      if (there === null) return false;
      if (now() - there.modifiedMs < RENEW_AFTER_MS) return true;
      try {
        await renew(keyOf(id), await get(id));
        return true;
      } catch (error) {
        // What was removed meanwhile, or is damaged, is not there for whoever relies on it.
        if (error instanceof BlobMissing || error instanceof BlobDamaged) return false;
        throw error;
      }
    },
    async put(given) {
      const bytes = inOnePiece(given);
      const id = sha256(bytes);
      const there = await s3.head(keyOf(id));
      if (there === null) await s3.put(keyOf(id), bytes, { ifAbsent: true });
      else if (now() - there.modifiedMs >= RENEW_AFTER_MS) await renew(keyOf(id), bytes);
      return id;
    },
    async name(name, id) {
      const key = keyOfName(name);
      const content = Buffer.from(id);
      const there = await s3.head(key);
      if (there !== null && now() - there.modifiedMs >= RENEW_AFTER_MS) await renew(key, content);
      else await s3.put(key, content);
    },
    async named(name) {
      try {
        const { content } = await s3.get(keyOfName(name));
        return Buffer.from(content).toString('utf8').trim();
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    async *list(): AsyncGenerator<StoredBlob> {
      for await (const { last: id, bytes, modifiedMs } of listed(BLOBS))
        if (/^[0-9a-f]{64}$/.test(id)) yield { id, bytes, storedAt: modifiedMs };
    },
    async *names(beginning = ''): AsyncGenerator<StoredName> {
      for await (const { last: name, modifiedMs } of listed(NAMES))
        if (/^[a-z0-9-]{3,200}$/.test(name) && name.startsWith(beginning)) yield { name, namedAt: modifiedMs };
    },
    remove: (id, before) => takeAway(keyOf(id), before),
    unname: (name, before) => takeAway(keyOfName(name), before),
  };
}
