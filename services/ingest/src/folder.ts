import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnit, OUTPUT_MARKER } from '@chimera/shared/domain';
import type { Bucket, Scan } from './bucket.ts';
import { type Entry, entryOf } from './entry.ts';
import { entryPieces, readEntry } from './entry-content.ts';
import { denied, vanished } from './file-fault.ts';
import { DONE_FILE, isLeftOut } from './left-out.ts';

// Looking is done in bursts of calls that do not wait: several times faster than one by one; between bursts others get their turn.
const BURST_MS = 20;

/** What stands for bytes that are no UTF-8, and may stand in a name by itself. */
const REPLACED = '\uFFFD';

/** A bucket that is a folder. */
export function folderBucket(root: string): Bucket {
  return { scan: () => scanFolder(root), read: (entry) => readEntry(root, entry), pieces: (entry) => entryPieces(root, entry) };
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
    for (const { name, exact } of found) {
      if (performance.now() > burstEnds) {
        await new Promise(setImmediate);
        burstEnds = performance.now() + BURST_MS;
      }
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === DONE_FILE) done.set(folder, markOf(root, path));
      if (isLeftOut(name)) continue;
      if (!exact) entries.push(unseen(path, 'unnamed'));
      else {
        const stat = lookAt(root, path);
        if (stat === 'gone') continue;
        if (stat !== 'denied' && stat.isDirectory()) {
          folders.push(path);
          continue;
        }
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

/** Tells one `.done` from a later one. */
function markOf(root: string, path: string): string {
  const stat = lookAt(root, path);
  return typeof stat === 'string' ? stat : `${stat.ino} ${stat.ctimeMs}`;
}

type Name = { name: string; exact: boolean };

/** The names in a folder; `exact` is false for one whose bytes are no UTF-8. The bucket's own folder must be readable. */
function listFolder(root: string, folder: string): Name[] | 'gone' | 'denied' {
  try {
    const names = readdirSync(join(root, folder));
    if (!names.some((name) => name.includes(REPLACED))) return names.map((name) => ({ name, exact: true }));
    return readdirSync(join(root, folder), { encoding: 'buffer' }).map((bytes) => {
      const name = bytes.toString('utf8');
      return { name, exact: Buffer.from(name, 'utf8').equals(bytes) };
    });
  } catch (error) {
    if (folder !== '' && vanished(error)) return 'gone';
    if (folder !== '' && denied(error)) return 'denied';
    throw error;
  }
}

function lookAt(root: string, path: string): Stats | 'gone' | 'denied' {
  try {
    // Of a hundred thousand paths that need no tidying.
    return lstatSync(`${root}/${path}`);
  } catch (error) {
    if (vanished(error)) return 'gone';
    if (denied(error)) return 'denied';
    throw error;
  }
}
