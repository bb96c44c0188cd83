import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, OUTPUT_MARKER } from '@chimera/shared/domain';

/** One entry of a bucket as a look at it found it; nothing of its content. `path` is relative, with `/`. */
export type Entry = {
  path: string;
  bytes: number;
  modifiedMs: number;
  inode: number;
  /** `denied`: this process may not look at it; `unnamed`: its name is no UTF-8, so no path can lead back to it */
  type: 'file' | 'link' | 'special' | 'denied' | 'unnamed';
};

/** Its presence says that a dataset is complete. */
export const DONE_FILE = '.done';
/** A dataset's own settings: no artifact. */
export const DATASET_FILE = 'chimera.yaml';

// Names under which programs and editors keep what is not finished.
const UNFINISHED = /(^~|~$|\.(part|partial|tmp|temp|swp|swo|swx|crdownload)$|^#.*#$|^\.)/i;

/**
 * Lists a bucket's entries, sorted by path, without following links. Hidden names, unfinished names and Chimera's
 * own output are left out. `done` holds the folders ('' for the top) in which a `.done` lies.
 * Throws when the bucket itself cannot be read.
 */
export async function scanFolder(root: string): Promise<{ entries: Entry[]; done: Set<string> }> {
  const entries: Entry[] = [];
  const done = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    const found = await listFolder(root, folder);
    if (found === 'gone') return;
    if (found === 'denied') {
      entries.push({ path: folder, bytes: 0, modifiedMs: 0, inode: 0, type: 'denied' });
      return;
    }
    if (found.some((n) => n.name === OUTPUT_MARKER)) return;
    if (found.some((n) => n.name === DONE_FILE)) done.add(folder);
    for (const { name, exact, directory } of found) {
      if (UNFINISHED.test(name)) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!exact) entries.push({ path, bytes: 0, modifiedMs: 0, inode: 0, type: 'unnamed' });
      else if (directory) await visit(path);
      else {
        const entry = await look(root, path);
        if (entry) entries.push(entry);
      }
    }
  };
  await visit('');
  return { entries: entries.sort((a, b) => byCodeUnit(a.path, b.path)), done };
}

type Name = { name: string; exact: boolean; directory: boolean };

/** The names in a folder; `exact` is false for one whose bytes are no UTF-8. The bucket's own folder must be readable. */
async function listFolder(root: string, folder: string): Promise<Name[] | 'gone' | 'denied'> {
  try {
    const found = await readdir(join(root, folder), { withFileTypes: true, encoding: 'buffer' });
    return found.map((entry) => {
      const name = entry.name.toString('utf8');
      return { name, exact: Buffer.from(name, 'utf8').equals(entry.name), directory: entry.isDirectory() };
    });
  } catch (error) {
    if (folder !== '' && vanished(error)) return 'gone';
    if (folder !== '' && denied(error)) return 'denied';
    throw error;
  }
}

async function look(root: string, path: string): Promise<Entry | null> {
  try {
    const stat = await lstat(join(root, path));
    const type = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'special';
    return { path, bytes: type === 'file' ? stat.size : 0, modifiedMs: Math.trunc(stat.mtimeMs), inode: stat.ino, type };
  } catch (error) {
    if (vanished(error)) return null;
    if (denied(error)) return { path, bytes: 0, modifiedMs: 0, inode: 0, type: 'denied' };
    throw error;
  }
}

/** A file changed, shrank, grew or went away while it was read: look again later. */
export class Unstable extends Error {
  override name = 'Unstable';
}

/** A file that is there and cannot be read: no rights, or a fault of the disk. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/**
 * Reads a regular file whole, without following a link, and checks that it was the same before and after.
 * Throws Unstable when it was not, and Unreadable when it cannot be read.
 */
export async function readEntry(root: string, entry: Entry): Promise<Uint8Array> {
  const path = join(root, entry.path);
  let file: import('node:fs/promises').FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (vanished(error) || (error as NodeJS.ErrnoException).code === 'ELOOP')
      throw new Unstable(`${entry.path} went away or was replaced by a link before it was read.`, { cause: error });
    throw unreadable(error);
  }
  try {
    const before = await file.stat();
    const bytes = await file.readFile().catch((error: unknown) => {
      throw unreadable(error);
    });
    const after = await file.stat();
    const same =
      before.isFile() &&
      [before, after].every((s) => s.size === entry.bytes && Math.trunc(s.mtimeMs) === entry.modifiedMs && s.ino === entry.inode);
    if (!same || bytes.length !== entry.bytes) throw new Unstable(`${entry.path} changed while it was read.`);
    return bytes;
  } finally {
    await file.close();
  }
}

function unreadable(error: unknown): Error {
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
