import { HistoryBook } from '@chimera/evidence';
import { HISTORY_SCHEMA, HistoryEntry } from '@chimera/shared/domain';
import { BlobDamaged, BlobMissing, type Blobs, canonicalJson, sha256 } from '@chimera/shared/store';
import { z } from 'zod';

/** Names of histories in the blob store begin so; the hash of the dataset's name follows, then the inventory. */
const HISTORY = 'history-';
/** Instead of an inventory: the name that keeps the evidence of the newest one. */
const NEWEST = 'newest-evidence';
/** Entries that are asked for at once: a store that is far away answers each after a while. */
const AT_ONCE = 16;

/** An entry that is there and says nothing to this version. */
export type UnreadEntry = { inventory: string; reason: string };

const beginningOf = (dataset: string) => `${HISTORY}${sha256(dataset)}-`;

/**
 * Keeps what an inventory brought under a name of its own in the blob store: names are what a backup holds and what retention leaves alone.
 * No entry is ever changed, so writing one again has no effect, and two writers cannot overwrite each other's.
 */
export async function keepEntry(blobs: Blobs, entry: HistoryEntry): Promise<void> {
  const { dataset, inventory, evidence } = entry;
  // The next inventory is compared with it, though NATS should have forgotten which it was.
  await blobs.name(`${beginningOf(dataset)}${NEWEST}`, evidence);
  await blobs.name(`${beginningOf(dataset)}${inventory}`, await blobs.put(Buffer.from(canonicalJson(entry))));
}

/** The inventories that a dataset's history has entries of, in no order. Throws what the store throws. */
export async function listHistory(blobs: Blobs, dataset: string): Promise<Set<string>> {
  const beginning = beginningOf(dataset);
  const inventories = new Set<string>();
  for await (const { name } of blobs.names(beginning)) {
    const inventory = name.slice(beginning.length);
    if (/^[0-9a-f]{64}$/.test(inventory)) inventories.add(inventory);
  }
  return inventories;
}

/**
 * Reads entries of a dataset's history that the book does not have yet into it. Returns those that cannot be read: their inventories
 * count as there, and nothing is told of them. Throws what the store throws.
 * @param onRead called after every few of them
 */
export async function readHistory(
  blobs: Blobs,
  dataset: string,
  inventories: Iterable<string>,
  book: HistoryBook,
  onRead: () => Promise<void> = async () => undefined,
): Promise<UnreadEntry[]> {
  const wanted = [...inventories].filter((inventory) => !book.has(inventory));
  const unread: UnreadEntry[] = [];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE);
    const read = await Promise.all(some.map((inventory) => entryOf(blobs, dataset, inventory)));
    for (const one of read) {
      if ('reason' in one) unread.push(one);
      else book.add(one);
    }
    await onRead();
  }
  return unread.sort((a, b) => (a.inventory < b.inventory ? -1 : 1));
}

async function entryOf(blobs: Blobs, dataset: string, inventory: string): Promise<HistoryEntry | UnreadEntry> {
  const id = await blobs.named(`${beginningOf(dataset)}${inventory}`);
  if (id === null) return { inventory, reason: 'its name leads nowhere' };
  try {
    const entry = HistoryEntry.parse(JSON.parse(Buffer.from(await blobs.get(id)).toString('utf8')));
    if (entry.inventory === inventory && entry.dataset === dataset) return entry;
    return { inventory, reason: `it is that of inventory ${entry.inventory} of dataset ${entry.dataset}` };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { inventory, reason: error.message.replace(/\s+/g, ' ').slice(0, 300) };
  }
}

/** What is gone, damaged, or was written by another version; anything else is a fault of the store. */
export function isUnreadable(error: unknown): error is Error {
  return error instanceof BlobMissing || error instanceof BlobDamaged || error instanceof z.ZodError || error instanceof SyntaxError;
}

const Named = z.object({ schema: z.literal(HISTORY_SCHEMA), dataset: z.string() });

/** The datasets that have a history, by name. Throws what the store throws. */
export async function datasetsWithHistory(blobs: Blobs): Promise<string[]> {
  const names = new Map<string, string>();
  for await (const { name } of blobs.names(HISTORY)) {
    const [, hash = '', inventory] = /^history-([0-9a-f]{64})-([0-9a-f]{64})$/.exec(name) ?? [];
    if (inventory !== undefined && !names.has(hash)) names.set(hash, name);
  }
  const found: string[] = [];
  for (const name of names.values()) {
    const id = await blobs.named(name);
    if (id === null) continue;
    try {
      found.push(Named.parse(JSON.parse(Buffer.from(await blobs.get(id)).toString('utf8'))).dataset);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  return found.sort();
}

/** The whole history of a dataset, with the places where runs stood; null where it has none. Throws what the store throws. */
export async function historyOfDataset(blobs: Blobs, dataset: string): Promise<{ book: HistoryBook; unread: UnreadEntry[] } | null> {
  const book = new HistoryBook({ keepsSources: true });
  const unread = await readHistory(blobs, dataset, await listHistory(blobs, dataset), book);
  return book.newest() === null && unread.length === 0 ? null : { book, unread };
}
