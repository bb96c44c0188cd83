import { LIMIT_VARIABLES, type Limits } from '@chimera/formats';
import { Unreadable, Unstable } from './bucket.ts';
import type { FoundReading } from './content-reading.ts';
import type { DatasetReadings, Known } from './dataset-readings.ts';
import { DATASET_FILE, type Entry } from './entry.ts';
import type { Pace } from './pace.ts';
import { readAhead } from './read-ahead.ts';
import type { Spread } from './spread.ts';
import { readStream, type Unstreamed } from './stream-reading.ts';

/** What is known of an entry's content, or the sentence that says why it cannot be read. */
export type Item = Known | { entry: Entry; refusal: string };

export type Reader = {
  /** Throws Unstable and Unreadable. */
  read: (entry: Entry) => Promise<Uint8Array>;
  /** Throws the same at any piece. Absent: everything is read whole. */
  pieces?: ((entry: Entry) => AsyncIterable<Uint8Array>) | undefined;
  /** who else reads, and from which size on; absent: this process reads everything itself */
  spread?: Spread | undefined;
  limits: Limits;
  /** paths that are read again although they look the same */
  again: ReadonlySet<string>;
  /** where numbers of large files lie while they are read */
  workFolder: string;
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
  const { limits, pace, spread } = reader;
  // Nearly all are mostly known.
  const items: (Item | undefined)[] = [];
  const places = new Map<Entry, number>();
  const unstable = new Map<Entry, Unstable>();
  const unknown: Record<'asked' | 'large' | 'whole', Entry[]> = { asked: [], large: [], whole: [] };
  for (const entry of entries) {
    const refusal = refusalUnread(entry, limits, reader.pieces !== undefined);
    const known = refusal === null && !reader.again.has(entry.path) ? dataset.known(entry, limits) : null;
    if (refusal === null && known === null) {
      unknown[wayOf(entry, reader)].push(entry);
      places.set(entry, items.length);
    }
    items.push(refusal === null ? (known ?? undefined) : { entry, refusal });
    if (pace.due()) await pace.pause();
  }
  let done = entries.length - places.size;
  /** `content` may throw what an entry's reading throws. */
  const settle = async (entry: Entry, content: () => Promise<Item>) => {
    const set = (item: Item) => {
      items[places.get(entry) as number] = item;
    };
    try {
      set(await content());
    } catch (error) {
      if (error instanceof Unreadable) set({ entry, refusal: error.message });
      else if (error instanceof Unstable) unstable.set(entry, error);
      else throw error;
    }
    reader.onDone(++done);
    if (pace.due()) await pace.pause();
  };
  // Others begin with these while this process reads the rest.
  const answers = spread && unknown.asked.length > 0 ? spread.ask(unknown.asked, limits, pace) : null;
  try {
    for await (const { entry, content } of readAhead(unknown.whole, reader.read))
      await settle(entry, async () => {
        if (!(content instanceof Uint8Array)) throw content;
        return itemOfBytes(dataset, entry, { bytes: content }, reader);
      });
    for (const entry of unknown.large) await settle(entry, () => itemOfOwn(dataset, entry, reader));
    for await (const { entry, answer } of answers ?? [])
      await settle(entry, async () => {
        if (answer instanceof Error) throw answer;
        if (answer === 'own') return itemOfOwn(dataset, entry, reader);
        return 'refusal' in answer ? { entry, refusal: answer.refusal } : itemOfFound(dataset, entry, answer.found, reader);
      });
  } finally {
    answers?.end();
  }
  const found = items.filter((item) => item !== undefined);
  dataset.keepOnly(found.filter((item) => 'is' in item));
  const first = unstable.size === 0 ? undefined : entries.find((entry) => unstable.has(entry));
  return { items: found, unstable: (first && unstable.get(first)) ?? null };
}

/** How an entry that is not known is read: by whoever is free, piece by piece if it can be, or whole. */
function wayOf(entry: Entry, { limits, pieces, spread }: Reader): 'asked' | 'large' | 'whole' {
  if (entry.path === DATASET_FILE) return 'whole';
  if (spread && entry.bytes >= spread.leastBytes) return 'asked';
  return pieces && entry.bytes > limits.streamBytes ? 'large' : 'whole';
}

/** What others read of an entry; where that is of no use, it is read here. */
async function itemOfFound(dataset: DatasetReadings, entry: Entry, found: FoundReading, reader: Reader): Promise<Item> {
  try {
    return await dataset.learnFound(entry, found, reader.limits);
  } catch (error) {
    reader.spread?.onUseless(entry, error as Error);
    return itemOfOwn(dataset, entry, reader);
  }
}

/** Reads an entry here and now, piece by piece if it is large and can be. */
async function itemOfOwn(dataset: DatasetReadings, entry: Entry, reader: Reader): Promise<Item> {
  const { limits, pace, pieces, workFolder } = reader;
  if (!pieces || entry.bytes <= limits.streamBytes) return itemOfBytes(dataset, entry, { bytes: await reader.read(entry) }, reader);
  const found = await readStream({ path: entry.path, pieces: pieces(entry), limits, workFolder }, pace);
  if (!('unstreamed' in found)) return dataset.learnFound(entry, found, limits);
  const refusal = refusalWhole(entry, limits, found);
  return refusal === null ? itemOfBytes(dataset, entry, { bytes: await reader.read(entry), ...found }, reader) : { entry, refusal };
}

/** Takes in an entry whose bytes are at hand. */
async function itemOfBytes(
  dataset: DatasetReadings,
  entry: Entry,
  given: { bytes: Uint8Array } & Partial<Unstreamed>,
  { limits, pace, pieces, workFolder }: Reader,
): Promise<Item> {
  return dataset.learn(entry, { ...given, limits, workFolder: pieces ? workFolder : null }, pace);
}

/** Why an entry is not opened; null when it is. A large one may be a stream, which is seen by what it begins with. */
export function refusalUnread(entry: Entry, limits: Limits, mayStream: boolean): string | null {
  const { type, bytes } = entry;
  if (type !== 'file') return REFUSED_UNREAD[type];
  if (!mayStream || bytes <= limits.streamBytes || entry.path === DATASET_FILE) return tooLarge(bytes, limits, 'maxBytes');
  return bytes > limits.maxBytes ? tooLarge(bytes, limits, 'maxStreamBytes') : null;
}

/** Why a file that is no stream is not read whole; null when it is. */
export function refusalWhole({ bytes }: Entry, limits: Limits, { unstreamed }: Unstreamed): string | null {
  const reason = tooLarge(bytes, limits, 'maxBytes');
  return reason === null ? null : `${reason}, and its content cannot be read as a stream${unstreamed === null ? '' : `: ${unstreamed}`}`;
}

function tooLarge(bytes: number, limits: Limits, limit: 'maxBytes' | 'maxStreamBytes'): string | null {
  return bytes > limits[limit] ? `${bytes} bytes: larger than the limit of ${limits[limit]} bytes (${LIMIT_VARIABLES[limit]})` : null;
}
