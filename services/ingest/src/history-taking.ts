import { arrivalsSince, HistoryBook, historyFacts, type Recorded } from '@chimera/evidence';
import { type Fact, type Group, HISTORY_SCHEMA, type HistoryEntry, Observations } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import { type Current, canonicalJson, getJson, sha256 } from '@chimera/shared/store';
import type { Published } from './baseline.ts';
import type { EarlierGroups } from './earlier-groups.ts';
import { isUnreadable, keepEntry, keepNewestEvidence, listHistory, newestEvidenceBlob, readHistory } from './history-store.ts';
import type { TakenInventory } from './inventory.ts';
import type { Pace } from './pace.ts';

/** What a process remembers of the history of a dataset, and entries of it that cannot be read. */
export type RememberedHistory = { book: HistoryBook; unread: Set<string> };

type Needed = Pick<Dependencies, 'blobs' | 'logger'>;

export type HistoryParts = {
  /** by dataset */
  histories: Map<string, RememberedHistory>;
  /** what is current, and what this process published last */
  current: Current | null;
  published: Published | null;
  earlier: EarlierGroups;
  pace: Pace;
};

/** What is told of the past with an inventory, and what keeps the inventory for the future once it is current. */
export type HistoryTold = { facts: Fact[]; keep: () => Promise<void> };

/**
 * The history of a dataset up to an inventory that is about to be published. The same inventory again, wherever it came in between, is
 * told with the history that it had the first time, and adds nothing. Throws what the store throws.
 */
export async function historyWith(deps: Needed, parts: HistoryParts, taken: TakenInventory): Promise<HistoryTold> {
  const { evidence, evidenceBytes, observations } = taken;
  const { dataset, inventory, groups } = evidence;
  const remembered = await caughtUp(deps, parts, dataset);
  const { book, unread } = remembered;
  const tell = async (upTo: Recorded) => (await parts.pace.through(historyFacts(book, { dataset, upTo, groups }))).map(inOrder);
  const known = book.of(inventory);
  // What cannot be read may be another version's: nothing is told of it, and nothing is written over it.
  if (known !== null || unread.has(inventory)) {
    const keep = () => keepNewestEvidence(deps.blobs, dataset, sha256(evidenceBytes));
    return { facts: known === null ? [] : await tell(known), keep };
  }
  const before = await groupsBefore(deps, parts, dataset);
  const entry = await entryOf(parts, book, {
    dataset,
    inventory,
    groups,
    before,
    evidence: sha256(evidenceBytes),
    takenAt: observations.takenAt,
  });
  // Remembered again once it is stored: a publication may fail.
  parts.histories.delete(dataset);
  const added = book.add(entry);
  return {
    facts: await tell(added),
    async keep() {
      await keepEntry(deps.blobs, entry);
      parts.histories.set(dataset, remembered);
    },
  };
}

/** The observations with what is told of the past. */
export function withHistory(observations: Observations, history: HistoryTold | null): Observations {
  return history === null ? observations : { ...observations, facts: [...observations.facts, ...history.facts] };
}

/**
 * The dataset's history with all that others wrote. What is current and is not in it was published by a process that died before it
 * kept it, or by an earlier version: it is added now.
 */
async function caughtUp(deps: Needed, parts: HistoryParts, dataset: string): Promise<RememberedHistory> {
  const { histories, current, published } = parts;
  const known = histories.get(dataset);
  // As long as this process published what is current, nobody else added anything.
  if (known !== undefined && current !== null && published?.evidence === current.inventory.evidence) return known;
  const kept = await listHistory(deps.blobs, dataset);
  // What was taken out of the store is not told from memory.
  const whole = known?.book.inventories().every(({ inventory }) => kept.has(inventory)) === true;
  const history = whole ? known : { book: new HistoryBook(), unread: new Set<string>() };
  for (const { inventory, reason } of await readHistory(deps.blobs, dataset, kept, history.book, () => parts.pace.pause())) {
    if (!history.unread.has(inventory))
      deps.logger.warn({ dataset, inventory }, `this inventory is left out of the history: what is kept of it cannot be read (${reason})`);
    history.unread.add(inventory);
  }
  histories.set(dataset, history);
  if (current !== null) await addCurrent(deps, parts, history, current);
  return history;
}

async function addCurrent(
  deps: Needed,
  parts: HistoryParts,
  { book, unread }: RememberedHistory,
  { inventory: ref }: Current,
): Promise<void> {
  const { dataset, inventory, evidence, observations } = ref;
  if (book.has(inventory) || unread.has(inventory)) return;
  const [stored, observed] = [
    await readable(deps, () => parts.earlier(evidence)),
    await readable(deps, () => getJson(deps.blobs, observations, Observations)),
  ];
  if (stored === null || observed === null) return;
  // What was before it, the store alone knows: that one was kept.
  const before = await groupsBefore(deps, { ...parts, current: null, published: null }, dataset);
  const entry = await entryOf(parts, book, { dataset, inventory, groups: stored.groups, before, evidence, takenAt: observed.takenAt });
  await keepEntry(deps.blobs, entry);
  book.add(entry);
}

/** The groups that there were before: of what is current, or, where NATS knows that no more, of what the store has as current last. */
async function groupsBefore(
  deps: Needed,
  { current, published, earlier }: Pick<HistoryParts, 'current' | 'published' | 'earlier'>,
  dataset: string,
): Promise<readonly Group[]> {
  const evidence = current?.inventory.evidence ?? (await newestEvidenceBlob(deps.blobs, dataset));
  if (evidence === null) return [];
  if (published?.evidence === evidence) return published.groups;
  return (await readable(deps, () => earlier(evidence)))?.groups ?? [];
}

type Given = Pick<HistoryEntry, 'dataset' | 'inventory' | 'evidence' | 'takenAt'> & { groups: readonly Group[]; before: readonly Group[] };

async function entryOf({ pace }: HistoryParts, book: HistoryBook, given: Given): Promise<HistoryEntry> {
  const { groups, before, dataset, evidence, inventory, takenAt } = given;
  const arrivals = await pace.through(arrivalsSince(groups, before, (key, source) => book.knows(key, source)));
  const newest = book.newest();
  const after = newest?.inventory ?? null;
  // In the order of canonical JSON, as the arrivals are.
  return { after, arrivals, dataset, evidence, inventory, schema: HISTORY_SCHEMA, sequence: (newest?.sequence ?? 0) + 1, takenAt };
}

/** What lies in the blob store may be gone, damaged, or of another version: then nothing is known of it. */
async function readable<T>(deps: Needed, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    deps.logger.warn({ err: error }, 'an earlier inventory cannot be read, so the history knows its numbers only by their files');
    return null;
  }
}

/** The same value with its keys in the order of canonical JSON. */
function inOrder<T>(value: T): T {
  return JSON.parse(canonicalJson(value));
}
