import type { Bytes } from './content-hash.ts';

/**
 * The content-addressed store of evidence, analyses, transcripts and reports.
 * A blob's name is the SHA-256 of its bytes, so putting it twice has no effect.
 */
export type Blobs = {
  /** Stores bytes durably; returns their SHA-256. Bytes that are there already count as stored anew: whoever clears the store away leaves them. */
  put(bytes: Bytes): Promise<string>;
  /** The bytes of a blob. Throws BlobMissing, or BlobDamaged when the bytes do not have that hash. */
  get(id: string): Promise<Uint8Array>;
  has(id: string): Promise<boolean>;
  /** Gives a blob a name, such as the hash of what it answers; a name that was given before leads to the new blob. `[a-z0-9-]+` */
  name(name: string, id: string): Promise<void>;
  /** The blob that a name leads to, or null. */
  named(name: string): Promise<string | null>;
  /** All blobs there are, in no order, one that comes or goes meanwhile perhaps. For upkeep. */
  list(): AsyncIterable<StoredBlob>;
  /** All names that begin so, in no order. */
  names(beginning?: string): AsyncIterable<StoredName>;
  /** Removes a blob that was stored last before `before` (ms since 1970); one that was stored anew since stays. True where it was removed. */
  remove(id: string, before: number): Promise<boolean>;
  /** Takes a name away that was given last before `before` (ms since 1970), as `remove` does; the blob stays. */
  unname(name: string, before: number): Promise<boolean>;
  /** The other blobs without which this one cannot be read, because it was stored as parts of them; mostly none. */
  partsOf(id: string): Promise<string[]>;
};

/** A store in which each blob lies by itself. */
export type WholeBlobs = Omit<Blobs, 'partsOf'> & {
  /** Has a blob count as stored anew; false where it is not there. */
  renew(id: string): Promise<boolean>;
  /** how people are told where it is */
  where: string;
};

/** A blob as a store lists it; `storedAt`: when it was last put, in ms since 1970. */
export type StoredBlob = { id: string; bytes: number; storedAt: number };
/** A name as a store lists it; `namedAt`: when it was last given, in ms since 1970. */
export type StoredName = { name: string; namedAt: number };

/**
 * A store that cannot renew the time of a blob in place writes it again where it is put and is older than this (ms). Upkeep leaves
 * alone what is younger than its grace, which is longer.
 */
export const RENEW_AFTER_MS = 3_600_000;

/** The object store of NATS in which blobs lie, where they lie there. */
export const BLOBS_BUCKET = 'chimera_blobs';

export class BlobMissing extends Error {
  override name = 'BlobMissing';
  constructor(id: string, where: string, options?: ErrorOptions) {
    super(
      `Blob ${id} is not in ${where}: it was removed, or this service looks at another store; check CHIMERA_BLOBS on every host.`,
      options,
    );
  }
}

export class BlobDamaged extends Error {
  override name = 'BlobDamaged';
  constructor(id: string, where: string, options?: ErrorOptions) {
    super(`Blob ${id} in ${where} has other content than its name says: the file is damaged; delete it and let it be made again.`, options);
  }
}

/** The name, where it is one that every store can keep. Throws a TypeError. */
export function requireName(name: string): string {
  if (/^[a-z0-9-]{3,200}$/.test(name)) return name;
  throw new TypeError(`"${name}" is no name for a blob: 3 to 200 of a-z, 0-9 and - are.`);
}
