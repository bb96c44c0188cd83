import { BlobDamaged, BlobMissing, type Blobs, sha256 } from '@chimera/shared/store';
import { type ContentId, contentKey, type FoundReading } from './content-reading.ts';
import { READING_SCHEMA, readingBytes, readingIn } from './reading-blob.ts';

/** Readings in the blob store: whoever reads the same content again, in whichever process, takes what is there. */
export type StoredReadings = {
  /** Stores a reading under its content; returns its blob. */
  put(id: ContentId, found: FoundReading): Promise<string>;
  /** The reading of a content, with its blob, or null where there is none that can be used. */
  find(id: ContentId): Promise<{ blob: string; found: FoundReading } | null>;
  /** The reading in a blob, if it is one of a file of that name and size under these limits; null where it cannot be used. */
  get(blob: string, of: Omit<ContentId, 'sha256'> & { bytes: number }): Promise<FoundReading | null>;
  /** Notes that a request was given up, and why. */
  giveUp(request: string, reason: string): Promise<void>;
  /** Why a request was given up; null where it was not. */
  givenUp(request: string): Promise<string | null>;
  /** A request that was given up was done after all. */
  done(request: string): Promise<void>;
};

/** `onUnusable` is told of a blob that is there and cannot be used: its content is read again. */
export function storedReadings(blobs: Blobs, onUnusable: (error: Error) => void): StoredReadings {
  const nameOf = (key: string) => `reading-${sha256(`${READING_SCHEMA} ${key}`)}`;
  const givenUpName = (request: string) => `reading-given-up-${request}`;

  async function read<T>(blob: string, understand: (bytes: Uint8Array) => T): Promise<T | null> {
    let bytes: Uint8Array;
    try {
      bytes = await blobs.get(blob);
    } catch (error) {
      if (error instanceof BlobMissing || error instanceof BlobDamaged) return null;
      throw error;
    }
    try {
      return understand(bytes);
    } catch (error) {
      onUnusable(error as Error);
      return null;
    }
  }

  return {
    async put(id, found) {
      const key = contentKey(id);
      const blob = await blobs.put(readingBytes(key, found));
      await blobs.name(nameOf(key), blob);
      return blob;
    },
    async find(id) {
      const key = contentKey(id);
      const blob = await blobs.named(nameOf(key));
      if (blob === null) return null;
      const found = await read(blob, (bytes) => readingIn(bytes, (stored) => stored === key));
      return found === null ? null : { blob, found };
    },
    get: (blob, { bytes: size, ...of }) =>
      read(blob, (bytes) => {
        const found = readingIn(bytes, (key, hash) => key === contentKey({ ...of, sha256: hash }));
        if (found.bytes !== size) throw new Error(`a stored reading is of a file of ${found.bytes} bytes, and not of ${size}`);
        return found;
      }),
    async giveUp(request, reason) {
      await blobs.name(givenUpName(request), await blobs.put(Buffer.from(reason)));
    },
    async givenUp(request) {
      const blob = await blobs.named(givenUpName(request));
      return blob === null ? null : read(blob, (bytes) => Buffer.from(bytes).toString('utf8'));
    },
    async done(request) {
      const name = givenUpName(request);
      if ((await blobs.named(name)) !== null) await blobs.unname(name, Number.POSITIVE_INFINITY);
    },
  };
}
