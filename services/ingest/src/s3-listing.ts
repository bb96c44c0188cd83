import { byCodeUnit, OUTPUT_MARKER } from '@chimera/shared/domain';
import type { S3Listed } from '@chimera/shared/store';
import type { Scan } from './bucket.ts';
import type { Entry } from './entry.ts';
import { DONE_FILE, isLeftOut } from './left-out.ts';
import { leadsBelow } from './relative-path.ts';

const CONTROL = /\p{Cc}/u;

/**
 * What a complete listing of a place in S3 comes to, as a look at a folder of the same files would. Left out are hidden and
 * unfinished names, Chimera's own output, and the empty objects that stand for folders. A key that is no path below the
 * place becomes an entry that is refused, under a name that is harmless.
 */
export function scanOf(objects: Iterable<S3Listed>): Scan {
  const byKey = new Map<string, S3Listed>();
  for (const object of objects) {
    // A key that is written while it is listed may come twice.
    const known = byKey.get(object.key);
    if (known === undefined || known.modifiedMs <= object.modifiedMs) byKey.set(object.key, object);
  }
  const own = new Set([...byKey.keys()].filter((key) => nameOf(key) === OUTPUT_MARKER).map(folderOf));
  const taken = new Map<string, Entry>();
  const refused: Entry[] = [];
  const done = new Map<string, string>();
  for (const object of byKey.values()) {
    const { key, exact } = object;
    if ((key === '' || key.endsWith('/')) && object.bytes === 0) continue;
    if (!isPath(key)) refused.push(entryOf(object, escaped(key), 'unsafe'));
    else if (foldersOf(key).some((folder) => own.has(folder) || isLeftOut(nameOf(folder)))) continue;
    else if (nameOf(key) === DONE_FILE) done.set(folderOf(key), `${object.etag} ${object.modifiedMs}`);
    else if (isLeftOut(nameOf(key))) continue;
    else if (exact) taken.set(key, entryOf(object, key, 'file'));
    else refused.push(entryOf(object, key, 'unnamed'));
  }
  for (const entry of refused) {
    const path = freeName(entry.path, taken);
    taken.set(path, { ...entry, path });
  }
  return { entries: [...taken.values()].sort((a, b) => byCodeUnit(a.path, b.path)), done };
}

function entryOf({ bytes, modifiedMs, etag }: S3Listed, path: string, type: Entry['type']): Entry {
  return { path, bytes, modifiedMs, changedMs: modifiedMs, inode: 0, type, ...(etag === null ? {} : { entityTag: etag }) };
}

/** True for a key that, as a relative path, leads to one place below its root and by one way. */
function isPath(key: string): boolean {
  return !CONTROL.test(key) && leadsBelow(key);
}

/** One name that leads nowhere, and from which the key can be told. */
function escaped(key: string): string {
  const name = encodeURIComponent(key.toWellFormed());
  return /^\.*$/.test(name) ? name.replaceAll('.', '%2E') || '%00' : name;
}

function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted} (${n})`;
  return name;
}

/** The folders on the way to a key, from the top (''). */
function foldersOf(key: string): string[] {
  const parts = key.split('/');
  return parts.map((_, i) => parts.slice(0, i).join('/'));
}

function folderOf(key: string): string {
  return key.slice(0, Math.max(key.lastIndexOf('/'), 0));
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
