import { closeSync, constants, fstatSync, openSync, read, readFileSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Unreadable, Unstable } from './bucket.ts';
import { type Entry, entryOf } from './entry.ts';
import { denied, vanished } from './file-fault.ts';
import { leadsBelow } from './relative-path.ts';

// What is larger is read piece by piece, so that nobody waits for the disk.
const SMALL_BYTES = 1_048_576;

/**
 * Reads a regular file whole, without following a link, and checks that it is the one that was scanned, before and after.
 * Throws Unstable when it was not, and Unreadable when it cannot be read.
 */
export async function readEntry(root: string, entry: Entry): Promise<Uint8Array> {
  const descriptor = opened(root, entry);
  let bytes: Uint8Array;
  try {
    if (!isAsScanned(fstatSync(descriptor), entry) || !liesWithin(root, entry.path, descriptor))
      throw new Unstable(entry.path, 'is not what it was when it was found.');
    bytes = entry.bytes <= SMALL_BYTES ? readFileSync(descriptor) : await readPieces(root, entry);
    if (!isAsScanned(fstatSync(descriptor), entry) || bytes.length !== entry.bytes)
      throw new Unstable(entry.path, 'changed while it was read.');
    return bytes;
  } catch (error) {
    throw unreadable(error);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The bytes of a regular file in their order, in pieces of at most a MiB, with the checks of `readEntry`: only what was gone
 * through to its end is the file that was scanned. A piece holds only until the next one is asked for. Throws as `readEntry` does,
 * at any piece.
 */
export async function* entryPieces(root: string, entry: Entry): AsyncGenerator<Uint8Array> {
  const descriptor = opened(root, entry);
  let ahead: Promise<Uint8Array> = Promise.resolve(new Uint8Array());
  try {
    if (!isAsScanned(fstatSync(descriptor), entry) || !liesWithin(root, entry.path, descriptor))
      throw new Unstable(entry.path, 'is not what it was when it was found.');
    let at = 0;
    // One is worked on while the other is filled.
    const [one, other] = [Buffer.allocUnsafeSlow(SMALL_BYTES), Buffer.allocUnsafeSlow(SMALL_BYTES)];
    ahead = pieceAt(descriptor, at, one);
    for (let fill = other; ; fill = fill === one ? other : one) {
      const piece: Uint8Array = await ahead;
      at += piece.length;
      if (piece.length === 0 || at > entry.bytes) break;
      ahead = pieceAt(descriptor, at, fill);
      ahead.catch(() => undefined);
      yield piece;
    }
    if (!isAsScanned(fstatSync(descriptor), entry) || at !== entry.bytes) throw new Unstable(entry.path, 'changed while it was read.');
  } catch (error) {
    throw unreadable(error);
  } finally {
    // Its number may be another file's as soon as it is closed.
    await ahead.catch(() => undefined);
    closeSync(descriptor);
  }
}

const readAt = promisify(read);

/** As many bytes as fit. Empty at the end. */
async function pieceAt(descriptor: number, at: number, piece: Uint8Array): Promise<Uint8Array> {
  const { bytesRead } = await readAt(descriptor, piece, 0, piece.length, at);
  return piece.subarray(0, bytesRead);
}

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function opened(root: string, entry: Entry): number {
  // An entry may come with a message, and not from a look at the bucket.
  if (!leadsBelow(entry.path)) throw new Unstable(entry.path, 'leads to no place below the bucket.');
  try {
    return openSync(join(root, entry.path), FLAGS);
  } catch (error) {
    if (vanished(error) || (error as NodeJS.ErrnoException).code === 'ELOOP')
      throw new Unstable(entry.path, 'went away or was replaced by a link before it was read.', { cause: error });
    throw unreadable(error);
  }
}

async function readPieces(root: string, entry: Entry): Promise<Uint8Array> {
  const file = await open(join(root, entry.path), FLAGS);
  try {
    // It may be another file by now.
    if (!isAsScanned(await file.stat(), entry)) throw new Unstable(entry.path, 'was replaced while it was read.');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function isAsScanned(stat: Stats, entry: Entry): boolean {
  const now = entryOf(entry.path, stat);
  return (
    now.type === 'file' &&
    now.bytes === entry.bytes &&
    now.modifiedMs === entry.modifiedMs &&
    now.changedMs === entry.changedMs &&
    now.inode === entry.inode
  );
}

/** No folder on the way was replaced by a link that leads out of the bucket. */
function liesWithin(root: string, path: string, descriptor: number): boolean {
  const wanted = join(realpathSync.native(root), path);
  // On Linux the open file itself tells where it lies, whatever happens to its folders meanwhile.
  return process.platform === 'linux'
    ? readlinkSync(`/proc/self/fd/${descriptor}`) === wanted
    : realpathSync.native(join(root, path)) === wanted;
}

function unreadable(error: unknown): Error {
  if (error instanceof Unstable || error instanceof Unreadable) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (denied(error)) return new Unreadable('permission denied: this process may not read it', { cause: error });
  return code === undefined ? (error as Error) : new Unreadable(`it cannot be read (${message})`, { cause: error });
}
