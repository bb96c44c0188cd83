import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, OUTPUT_MARKER } from '@chimera/shared/domain';
import { type Bucket, type Scan, Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';

/** Its presence says that a dataset is complete. */
export const DONE_FILE = '.done';

// Names under which programs and editors keep what is not finished.
const UNFINISHED = /(^~|~$|\.(part|partial|tmp|temp|swp|swo|swx|crdownload)$|^#.*#$|^\.)/i;
// Looking is done in bursts of calls that do not wait: several times faster than one by one; between bursts others get their turn.
const BURST_MS = 20;
// What is larger is read piece by piece, so that nobody waits for the disk.
const SMALL_BYTES = 1_048_576;

/** A bucket that is a folder. */
export function folderBucket(root: string): Bucket {
  return { scan: () => scanFolder(root), read: (entry) => readEntry(root, entry) };
}

/**
 * Lists a folder's entries, sorted by path, without following links. Hidden names, unfinished names and Chimera's
 * own output are left out. Throws when the folder itself cannot be read.
 */
export async function scanFolder(root: string): Promise<Scan> {
  const entries: Entry[] = [];
  const links: { entry: Entry; key: string; names: number }[] = [];
  const done = new Map<string, string>();
  const folders = [''];
  let burstEnds = performance.now() + BURST_MS;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const found = listFolder(root, folder);
    if (found === 'denied') entries.push(unseen(folder, 'denied'));
    if (!Array.isArray(found) || found.some(({ name }) => name === OUTPUT_MARKER)) continue;
    for (const { name, exact, directory } of found) {
      if (performance.now() > burstEnds) {
        await new Promise(setImmediate);
        burstEnds = performance.now() + BURST_MS;
      }
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === DONE_FILE) done.set(folder, markOf(root, path));
      if (UNFINISHED.test(name)) continue;
      if (!exact) entries.push(unseen(path, 'unnamed'));
      else if (directory) folders.push(path);
      else {
        const stat = lookAt(root, path);
        if (stat === 'gone') continue;
        const entry = stat === 'denied' ? unseen(path, 'denied') : entryOf(path, stat);
        entries.push(entry);
        if (stat !== 'denied' && entry.type === 'file' && stat.nlink > 1)
          links.push({ entry, key: `${stat.dev} ${stat.ino}`, names: stat.nlink });
      }
    }
  }
  markLinked(links);
  return { entries: entries.sort((a, b) => byCodeUnit(a.path, b.path)), done };
}

/** A file of more names than the bucket has of it: whoever holds another one can change it, or did not mean to share it. */
function markLinked(links: readonly { entry: Entry; key: string; names: number }[]): void {
  const inside = new Map<string, number>();
  for (const { key } of links) inside.set(key, (inside.get(key) ?? 0) + 1);
  for (const { entry, key, names } of links) if ((inside.get(key) ?? 0) < names) entry.type = 'linked';
}

function unseen(path: string, type: Entry['type']): Entry {
  return { path, bytes: 0, modifiedMs: 0, changedMs: 0, inode: 0, type };
}

function entryOf(path: string, stat: Stats): Entry {
  const type = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'special';
  return {
    path,
    bytes: type === 'file' ? stat.size : 0,
    modifiedMs: Math.trunc(stat.mtimeMs),
    changedMs: Math.trunc(stat.ctimeMs),
    inode: stat.ino,
    type,
  };
}

/** Tells one `.done` from a later one. */
function markOf(root: string, path: string): string {
  const stat = lookAt(root, path);
  return typeof stat === 'string' ? stat : `${stat.ino} ${stat.ctimeMs}`;
}

type Name = { name: string; exact: boolean; directory: boolean };

/** The names in a folder; `exact` is false for one whose bytes are no UTF-8. The bucket's own folder must be readable. */
function listFolder(root: string, folder: string): Name[] | 'gone' | 'denied' {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true, encoding: 'buffer' }).map((entry) => {
      const name = entry.name.toString('utf8');
      return { name, exact: Buffer.from(name, 'utf8').equals(entry.name), directory: entry.isDirectory() };
    });
  } catch (error) {
    if (folder !== '' && vanished(error)) return 'gone';
    if (folder !== '' && denied(error)) return 'denied';
    throw error;
  }
}

function lookAt(root: string, path: string): Stats | 'gone' | 'denied' {
  try {
    return lstatSync(join(root, path));
  } catch (error) {
    if (vanished(error)) return 'gone';
    if (denied(error)) return 'denied';
    throw error;
  }
}

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

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function opened(root: string, entry: Entry): number {
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

function denied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function vanished(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
