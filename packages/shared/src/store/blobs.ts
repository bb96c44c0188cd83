import { randomUUID } from 'node:crypto';
import { access, type FileHandle, mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bytes, canonicalJson, sha256 } from './content-hash.ts';
import { folderUpkeep } from './folder-upkeep.ts';

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
  constructor(id: string, where: string) {
    super(`Blob ${id} in ${where} has other content than its name says: the file is damaged; delete it and let it be made again.`);
  }
}

/** A blob store in a folder: `<root>/ab/<sha256>`, written to a temporary name, synced, then renamed. */
export function folderBlobs(root: string): Blobs {
  const pathOf = (id: string) => join(root, id.slice(0, 2), id);

  async function write(path: string, bytes: Bytes): Promise<void> {
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      const file = await openMakingFolder(temporary);
      try {
        for (const some of batches(bytes instanceof Uint8Array ? [bytes] : bytes)) await writeAll(file, some);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw new Error(`A blob could not be written to ${path}: ${(error as Error).message}. Check space and rights of ${root}.`, {
        cause: error,
      });
    }
  }

  const has = async (id: string) => {
    try {
      await access(pathOf(id));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  };

  /** Names lie beside the blobs, spread over folders by their last characters: hashes. */
  const pathOfName = (name: string) => join(root, 'names', requireName(name).slice(-2), name);

  return {
    has,
    ...folderUpkeep(root, { pathOf, pathOfName }),
    name: (name, id) => write(pathOfName(name), Buffer.from(id)),
    async named(name) {
      try {
        return (await readFile(pathOfName(name), 'utf8')).trim();
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async put(bytes) {
      const id = sha256(bytes);
      if (!(await renewed(pathOf(id)))) await write(pathOf(id), bytes);
      return id;
    },
    async get(id) {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(pathOf(id));
      } catch (error) {
        if (isMissing(error)) throw new BlobMissing(id, root, { cause: error });
        throw error;
      }
      if (sha256(bytes) !== id) throw new BlobDamaged(id, root);
      return bytes;
    },
  };
}

/** The name, where it is one that every store can keep. Throws a TypeError. */
export function requireName(name: string): string {
  if (/^[a-z0-9-]{3,200}$/.test(name)) return name;
  throw new TypeError(`"${name}" is no name for a blob: 3 to 200 of a-z, 0-9 and - are.`);
}

const REMEMBERED_DOCUMENTS = 8;
const documents = new WeakMap<Blobs, Map<string, unknown>>();

/** Content never changes under its hash, so a document that was parsed once need not be parsed again. */
function remember(blobs: Blobs, id: string, value: unknown): void {
  const known = documents.get(blobs) ?? new Map<string, unknown>();
  documents.set(blobs, known);
  known.delete(id);
  known.set(id, value);
  const oldest = known.size > REMEMBERED_DOCUMENTS ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
}

/** Stores a value as canonical JSON; returns its SHA-256. The value must not be changed afterwards. */
export async function putJson(blobs: Blobs, value: unknown): Promise<string> {
  const id = await blobs.put(Buffer.from(canonicalJson(value)));
  remember(blobs, id, value);
  return id;
}

/** Stores the canonical JSON of a value that somebody has made already; returns its SHA-256. The value must not be changed afterwards. */
export async function putJsonBytes(blobs: Blobs, value: unknown, bytes: Bytes): Promise<string> {
  const id = await blobs.put(bytes);
  remember(blobs, id, value);
  return id;
}

/** Reads a JSON blob and checks its shape. The last few are remembered, so the value must not be changed. Throws what `get` throws, or zod's error. */
export async function getJson<T>(blobs: Blobs, id: string, schema: { parse(value: unknown): T }): Promise<T> {
  const known = documents.get(blobs)?.get(id);
  if (known !== undefined) return known as T;
  const value = schema.parse(JSON.parse(Buffer.from(await blobs.get(id)).toString('utf8')));
  remember(blobs, id, value);
  return value;
}

// As many pieces as one call of the system takes, and not more bytes than others can wait for.
const PIECES_AT_ONCE = 1_000;
const BYTES_AT_ONCE = 64 * 1_048_576;

/** Pieces in their order, many small ones together. */
function* batches(pieces: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let some: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (some.length === PIECES_AT_ONCE || (some.length > 0 && bytes + piece.length > BYTES_AT_ONCE)) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(piece);
    bytes += piece.length;
  }
  if (some.length > 0) yield some;
}

/** Writes pieces behind what was written before. */
async function writeAll(file: FileHandle, pieces: Uint8Array[]): Promise<void> {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await file.writev(pieces);
  // The system may take fewer at once.
  if (bytesWritten < bytes) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}

/** Sets the time of a file to now; false where there is none, or it is somebody else's, whose time is only set by writing it anew. */
async function renewed(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
}

async function openMakingFolder(path: string) {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'wx');
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
