import { lstat, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import type { Limits } from '@chimera/formats';
import type { Reading } from '@chimera/shared/domain';
import { type Bucket, Unreadable } from './bucket.ts';
import { type Entry, entryOf } from './entry.ts';
import { entryPieces, readEntry } from './entry-content.ts';
import { denied, vanished } from './file-fault.ts';
import { createPace } from './pace.ts';
import { REFUSED_UNREAD, refusalUnread, refusalWhole } from './reading.ts';
import { summaryOf } from './series-summary.ts';
import { readStream, type Unstreamed } from './stream-reading.ts';
import { readWhole } from './whole-reading.ts';

/**
 * Reads one file that a person named, wherever it lies, as a bucket would; only a link is followed, as it was given by hand.
 * Of a file that is read as a stream the measurements are the statistics of its series.
 * @param path absolute, or from the working folder
 * @returns what the bucket would know of it: a file beyond the limit of bytes is refused unread
 * @throws Unreadable where it is not there, no file, or not to be read; Unstable where it changes meanwhile
 */
export async function readGivenFile(path: string, limits: Limits): Promise<Reading> {
  const { folder, entry } = await entryAt(path);
  const refused = (reason: string): Reading => ({ status: 'refused', kind: 'unknown', format: 'unknown', reason });
  const reason = refusalUnread(entry, limits, true);
  if (reason !== null) return refused(reason);
  const pace = createPace(
    () => performance.now(),
    () => undefined,
  );
  let tried: Partial<Unstreamed> = {};
  if (entry.bytes > limits.streamBytes) {
    // Where a link led elsewhere, the name that was given says what kind it is.
    const source = { path: basename(path), pieces: entryPieces(folder, entry), limits, workFolder: tmpdir() };
    const found = await readStream(source, pace);
    if (!('unstreamed' in found)) return summaryOf(found.reading);
    const whole = refusalWhole(entry, limits, found);
    if (whole !== null) return refused(whole);
    tried = found;
  }
  const bytes = await readEntry(folder, entry);
  const read = await readWhole({ path: basename(path), bytes, limits, workFolder: tmpdir(), ...tried }, pace);
  return 'streamed' in read ? summaryOf(read.streamed) : read.reading;
}

/** Looks at a file without opening it: to open a device or a pipe may do something to it. Throws Unreadable. */
export async function entryAt(path: string): Promise<{ folder: string; entry: Entry }> {
  try {
    const real = await realpath(path);
    const stat = await lstat(real);
    if (stat.isDirectory()) throw new Unreadable('it is a folder: name the files in it, or give it to "chimera analyze"');
    const entry = entryOf(basename(real), stat);
    if (entry.type !== 'file') throw new Unreadable(REFUSED_UNREAD.special);
    return { folder: dirname(real), entry };
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    if (vanished(error)) throw new Unreadable('there is no such file', { cause: error });
    if (denied(error)) throw new Unreadable('permission denied: this process may not look at it', { cause: error });
    throw new Unreadable(`it cannot be read (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

/** A bucket of one file that a person named, under its own name. Its `scan` throws as `readGivenFile` does. */
export function givenFileBucket(path: string): Bucket {
  return {
    async scan() {
      const { entry } = await entryAt(path);
      return { entries: [{ ...entry, path: basename(path) }], done: new Map() };
    },
    async read(entry) {
      const now = await entryAt(path);
      return readEntry(now.folder, { ...entry, path: now.entry.path });
    },
    async *pieces(entry) {
      const now = await entryAt(path);
      yield* entryPieces(now.folder, { ...entry, path: now.entry.path });
    },
  };
}
