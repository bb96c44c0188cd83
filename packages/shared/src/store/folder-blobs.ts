import { randomUUID } from 'node:crypto';
import { access, type FileHandle, mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlobDamaged, BlobMissing, type Blobs, requireName, type WholeBlobs } from './blobs.ts';
import { type Bytes, sha256 } from './content-hash.ts';
import { folderUpkeep } from './folder-upkeep.ts';
import { partedBlobs } from './parted-blobs.ts';

/** A blob store in a folder: `<root>/ab/<sha256>`, written to a temporary name, synced, then renamed. */
export function folderBlobs(root: string): Blobs {
  return partedBlobs(wholeBlobsIn(root));
}

function wholeBlobsIn(root: string): WholeBlobs {
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
    where: root,
    has,
    renew: (id) => renewed(pathOf(id)),
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
