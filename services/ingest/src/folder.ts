import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, OUTPUT_MARKER } from '@chimera/shared/domain';

/** One entry of a bucket as a look at it found it; nothing of its content. `path` is relative, with `/`. */
export type Entry = { path: string; bytes: number; modifiedMs: number; inode: number; type: 'file' | 'link' | 'special' };

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
    let names: import('node:fs').Dirent[];
    try {
      names = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      if (folder !== '' && vanished(error)) return;
      throw error;
    }
    if (names.some((n) => n.name === OUTPUT_MARKER)) return;
    if (names.some((n) => n.name === DONE_FILE)) done.add(folder);
    for (const name of names) {
      if (UNFINISHED.test(name.name)) continue;
      const path = folder === '' ? name.name : `${folder}/${name.name}`;
      if (name.isDirectory()) await visit(path);
      else {
        const entry = await look(root, path);
        if (entry) entries.push(entry);
      }
    }
  };
  await visit('');
  return { entries: entries.sort((a, b) => byCodeUnit(a.path, b.path)), done };
}

async function look(root: string, path: string): Promise<Entry | null> {
  try {
    const stat = await lstat(join(root, path));
    const type = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'special';
    return { path, bytes: type === 'file' ? stat.size : 0, modifiedMs: Math.trunc(stat.mtimeMs), inode: stat.ino, type };
  } catch (error) {
    if (vanished(error)) return null;
    throw error;
  }
}

/** A file changed, shrank, grew or went away while it was read: look again later. */
export class Unstable extends Error {
  override name = 'Unstable';
}

/**
 * Reads a regular file whole, without following a link, and checks that it was the same before and after.
 * Throws Unstable when it was not.
 */
export async function readEntry(root: string, entry: Entry): Promise<Uint8Array> {
  const path = join(root, entry.path);
  let file: import('node:fs/promises').FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (vanished(error) || (error as NodeJS.ErrnoException).code === 'ELOOP')
      throw new Unstable(`${entry.path} went away or was replaced by a link before it was read.`, { cause: error });
    throw error;
  }
  try {
    const before = await file.stat();
    const bytes = await file.readFile();
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

function vanished(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
