import { LIMIT_VARIABLES, type Limits } from '@chimera/formats';
import { Unreadable, Unstable } from './bucket.ts';
import type { DatasetReadings, Known } from './dataset-readings.ts';
import type { Entry } from './entry.ts';
import type { Pace } from './pace.ts';
import { readAhead } from './read-ahead.ts';

/** An entry, and what is known of its content, or the sentence that says why it cannot be read. */
export type Item = { entry: Entry } & ({ known: Known } | { refusal: string });

export type Reader = {
  /** Throws Unstable and Unreadable. */
  read: (entry: Entry) => Promise<Uint8Array>;
  limits: Limits;
  /** paths that are read again although they look the same */
  again: ReadonlySet<string>;
  pace: Pace;
  /** called with the number of entries that are done */
  onDone: (done: number) => void;
};

/** Why an entry that is no file of the bucket's own is not opened. */
export const REFUSED_UNREAD = {
  link: 'a symbolic link: it is not followed, because it may lead out of the bucket; copy the file itself',
  linked: 'a hard link: the same file has a name outside of the bucket too, under which it may be changed; copy the file itself',
  special: 'neither a file nor a folder (a device, a pipe or a socket): it is not opened',
  denied: 'permission denied: this process may not look at it',
  unnamed: 'its name is no UTF-8, so no source could name it: rename it',
  unsafe:
    'its key in S3 is no path below the bucket (an empty, "." or ".." part, or a control character): it is listed under that key in percent-encoding; rename it',
} as const;

/**
 * Reads those entries of a dataset that are not known as they are, and forgets what is no longer among them. Returns an
 * item for each entry, in their order. Where some are unstable the others are read all the same, so that the next
 * attempt need not read them again; `unstable` is the first of them.
 */
export async function readEntries(
  dataset: DatasetReadings,
  entries: readonly Entry[],
  reader: Reader,
): Promise<{ items: Item[]; unstable: Unstable | null }> {
  const { limits, pace } = reader;
  const items = new Map<Entry, Item>();
  const unknown: Entry[] = [];
  for (const entry of entries) {
    const refusal = refusalUnread(entry, limits);
    const known = refusal === null && !reader.again.has(entry.path) ? dataset.known(entry, limits) : null;
    if (refusal !== null) items.set(entry, { entry, refusal });
    else if (known !== null) items.set(entry, { entry, known });
    else unknown.push(entry);
    if (pace.due()) await pace.pause();
  }
  let unstable: Unstable | null = null;
  let done = items.size;
  for await (const { entry, content } of readAhead(unknown, reader.read)) {
    if (content instanceof Unstable) unstable ??= content;
    else if (content instanceof Unreadable) items.set(entry, { entry, refusal: content.message });
    else items.set(entry, { entry, known: await dataset.learn(entry, content, limits, pace) });
    reader.onDone(++done);
    if (pace.due()) await pace.pause();
  }
  dataset.keepOnly([...items.values()].flatMap((item) => ('known' in item ? [item.known] : [])));
  return { items: entries.flatMap((entry) => items.get(entry) ?? []), unstable };
}

/** Why an entry is not opened; null when it is. */
export function refusalUnread({ type, bytes }: Entry, { maxBytes }: Limits): string | null {
  if (type !== 'file') return REFUSED_UNREAD[type];
  return bytes > maxBytes ? `${bytes} bytes: larger than the limit of ${maxBytes} bytes (${LIMIT_VARIABLES.maxBytes})` : null;
}
