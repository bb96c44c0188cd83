import { HistoryBook } from '@chimera/evidence';
import { Evidence, HISTORY_SCHEMA, HistoryEntry } from '@chimera/shared/domain';
import { BlobDamaged, BlobMissing, type Blobs, canonicalJson, getJson, sha256 } from '@chimera/shared/store';
import { z } from 'zod';

/** Names of histories in the blob store begin so; the hash of the dataset's name follows, then the inventory. */
const HISTORY = 'history-';
/** Instead of an inventory: the name that keeps the evidence of the one that became current last. */
const NEWEST = 'newest-evidence';
/** Entries that are asked for at once: a store that is far away answers each after a while. */
const AT_ONCE = 16;
const NOWHERE = 'its name leads nowhere';

/** An entry that is there and says nothing to this version. */
export type UnreadEntry = { inventory: string; reason: string };

const beginningOf = (dataset: string) => `${HISTORY}${sha256(dataset)}-`;

/**
 * Keeps what an inventory brought under a name of its own in the blob store: names are what a backup holds and what retention leaves alone.
 * No entry is ever changed, so writing one again has no effect, and two writers cannot overwrite each other's.
 */
export async function keepEntry(blobs: Blobs, entry: HistoryEntry): Promise<void> {
  const { dataset, inventory, evidence } = entry;
  await blobs.name(`${beginningOf(dataset)}${inventory}`, await blobs.put(Buffer.from(canonicalJson(entry))));
  // Last: who dies before this has an entry and the evidence before it, never the evidence of an inventory that has no entry.
  await keepNewestEvidence(blobs, dataset, evidence);
}

/** Names the evidence of the inventory that became current last: the next one is compared with it, though NATS should have forgotten which it was. */
export function keepNewestEvidence(blobs: Blobs, dataset: string, evidence: string): Promise<void> {
  return blobs.name(`${beginningOf(dataset)}${NEWEST}`, evidence);
}

/** The blob of the evidence of the inventory of a dataset that became current last; null where none is named. Throws what the store throws. */
export function newestEvidenceBlob(blobs: Blobs, dataset: string): Promise<string | null> {
  return blobs.named(`${beginningOf(dataset)}${NEWEST}`);
}

/** That evidence. Throws what the store throws, and what `isUnreadable` where it is gone, damaged, or of another version. */
export async function newestEvidence(blobs: Blobs, dataset: string): Promise<Evidence | null> {
  const blob = await newestEvidenceBlob(blobs, dataset);
  return blob === null ? null : getJson(blobs, blob, Evidence);
}

/**
 * The blob of the evidence of the inventory before one in the history of its dataset; null for the first and for one that has no entry.
 * Throws as `newestEvidence` does.
 */
export async function evidenceBlobBefore(blobs: Blobs, dataset: string, inventory: string): Promise<string | null> {
  const { after } = (await storedEntry(blobs, dataset, inventory)) ?? { after: null };
  const before = after === null ? null : await storedEntry(blobs, dataset, after);
  return before?.evidence ?? null;
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
  try {
    const entry = await storedEntry(blobs, dataset, inventory);
    if (entry === null) return { inventory, reason: NOWHERE };
    if (entry.inventory === inventory && entry.dataset === dataset) return entry;
    return { inventory, reason: `it is that of inventory ${entry.inventory} of dataset ${entry.dataset}` };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { inventory, reason: reasonOf(error) };
  }
}

async function storedEntry(blobs: Blobs, dataset: string, inventory: string): Promise<HistoryEntry | null> {
  const id = await blobs.named(`${beginningOf(dataset)}${inventory}`);
  return id === null ? null : HistoryEntry.parse(JSON.parse(Buffer.from(await blobs.get(id)).toString('utf8')));
}

/** What is gone, damaged, or was written by another version; anything else is a fault of the store. */
export function isUnreadable(error: unknown): error is Error {
  return error instanceof BlobMissing || error instanceof BlobDamaged || error instanceof z.ZodError || error instanceof SyntaxError;
}

const Named = z.object({ schema: z.literal(HISTORY_SCHEMA), dataset: z.string() });

/** Datasets that have a history, by name; and beginnings of names in the store whose entries say nothing to this version. */
export type KnownHistories = { datasets: string[]; unread: { name: string; reason: string }[] };

/** The datasets that have a history. Throws what the store throws. */
export async function datasetsWithHistory(blobs: Blobs): Promise<KnownHistories> {
  const entries = new Map<string, string[]>();
  for await (const { name } of blobs.names(HISTORY)) {
    const [, beginning] = /^(history-[0-9a-f]{64}-)[0-9a-f]{64}$/.exec(name) ?? [];
    if (beginning !== undefined) entries.set(beginning, [...(entries.get(beginning) ?? []), name]);
  }
  const found: KnownHistories = { datasets: [], unread: [] };
  for (const [beginning, names] of entries) {
    const told = await datasetOf(blobs, names);
    if ('dataset' in told) found.datasets.push(told.dataset);
    else found.unread.push({ name: beginning, reason: told.reason });
  }
  found.datasets.sort();
  return found;
}

/** The dataset that the first of these entries names that can be read; else why not even the last of them can. */
async function datasetOf(blobs: Blobs, names: readonly string[]): Promise<{ dataset: string } | { reason: string }> {
  let reason = NOWHERE;
  for (const name of names) {
    const id = await blobs.named(name);
    if (id === null) continue;
    try {
      return { dataset: Named.parse(JSON.parse(Buffer.from(await blobs.get(id)).toString('utf8'))).dataset };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      reason = reasonOf(error);
    }
  }
  return { reason };
}

/**
 * The whole history of a dataset, with the places where runs stood; null where it has none. `newest` is the evidence of the inventory
 * that became current last, or why nobody knows it. Throws what the store throws.
 */
export async function historyOfDataset(blobs: Blobs, dataset: string): Promise<StoredHistory | null> {
  const book = new HistoryBook({ keepsSources: true });
  const unread = await readHistory(blobs, dataset, await listHistory(blobs, dataset), book);
  return book.newest() === null && unread.length === 0 ? null : { book, unread, newest: await newestOrReason(blobs, dataset) };
}

export type StoredHistory = { book: HistoryBook; unread: UnreadEntry[]; newest: Evidence | { reason: string } };

async function newestOrReason(blobs: Blobs, dataset: string): Promise<StoredHistory['newest']> {
  try {
    return (await newestEvidence(blobs, dataset)) ?? { reason: NOWHERE };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { reason: reasonOf(error) };
  }
}

function reasonOf({ message }: Error): string {
  return message.replace(/\s+/g, ' ').slice(0, 300);
}
