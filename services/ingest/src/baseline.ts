import { changeFacts, changesIn, type Steps, withoutUnchanged } from '@chimera/evidence';
import type { BaselineRef, Evidence, Fact, Group, Observations } from '@chimera/shared/domain';
import { Observations as ObservationsShape, shortId } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import { type Bytes, type Current, canonicalJson, getJson, sha256 } from '@chimera/shared/store';
import type { EarlierGroups } from './earlier-groups.ts';
import { evidenceBlobBefore, isUnreadable, newestEvidenceBlob } from './history-store.ts';

/** What an inventory is compared with, and its groups. */
export type Baseline = BaselineRef & { groups: readonly Group[] };

/** What was compared with, and what came of it. */
export type Comparison = { baseline: BaselineRef; facts: readonly Fact[] };

/** What a process published last of a dataset: its next inventory is compared with it. */
export type Published = {
  inventory: string;
  /** the blob of its evidence */
  evidence: string;
  groups: readonly Group[];
  comparison: Comparison | null;
};

type Needed = Pick<Dependencies, 'blobs' | 'logger'>;

/** What is known of the dataset before this inventory: what is current, what this process published last, whether its history is kept, and how evidence is read. */
export type Before = { current: Current | null; published: Published | null; hasHistory: boolean; earlier: EarlierGroups };

/**
 * What an inventory is to be compared with: the dataset's previous inventory. The same inventory again keeps the comparison that
 * it was published with. Null where nothing is known, or what is known cannot be read any more.
 */
export async function previousOf(
  deps: Needed,
  { current, published, hasHistory, earlier }: Before,
  { evidence, evidenceBytes }: { evidence: Evidence; evidenceBytes: Bytes },
): Promise<Baseline | Comparison | null> {
  if (current === null) {
    // The server may have forgotten what this process, or the blob store, still knows.
    if (published === null) return hasHistory ? await inHistory(deps, earlier, evidence) : null;
    return published.inventory === evidence.inventory ? published.comparison : previous(published.inventory, published.groups);
  }
  const { inventory: known } = current;
  if (known.inventory === evidence.inventory) {
    // Evidence of another version of Chimera: what was told with it is not told again.
    if (known.evidence !== sha256(evidenceBytes)) return null;
    const stored = await readable(deps, () => getJson(deps.blobs, known.observations, ObservationsShape));
    return stored?.baseline ? { baseline: stored.baseline, facts: stored.facts.filter(({ kind }) => kind === 'change') } : null;
  }
  // That of thousands of artifacts takes longer to read than one more file to take in.
  if (published?.evidence === known.evidence) return previous(known.inventory, published.groups);
  const stored = await readable(deps, () => earlier(known.evidence));
  return stored && previous(known.inventory, stored.groups);
}

/** The inventory that became current last, as the blob store alone knows it; of the same inventory again, the one before it. */
async function inHistory(deps: Needed, earlier: EarlierGroups, { dataset, inventory }: Evidence): Promise<Baseline | null> {
  const read = async (blob: string | null) => (blob === null ? null : earlier(blob));
  const last = await readable(deps, async () => read(await newestEvidenceBlob(deps.blobs, dataset)));
  const isAgain = last?.inventory === inventory;
  const before = isAgain ? await readable(deps, async () => read(await evidenceBlobBefore(deps.blobs, dataset, inventory))) : last;
  return before && previous(before.inventory, before.groups);
}

function previous(inventory: string, groups: readonly Group[]): Baseline {
  return { name: `the previous inventory ${shortId(inventory)}`, inventory, kind: 'previous', groups };
}

/**
 * Compares an inventory with its baseline. Of the previous inventory only what was measured anew is compared: nothing changed in
 * the rest. With a given one everything is: that nothing differs is then the answer.
 */
export function* comparisonWith(baseline: Baseline, { groups }: Pick<Evidence, 'groups'>): Steps<Comparison> {
  const { name, inventory, kind } = baseline;
  const left = kind === 'given' ? { now: groups, before: baseline.groups, unchanged: null } : withoutUnchanged(groups, baseline.groups);
  yield;
  const changes = yield* changesIn({ name: 'now', groups: left.now }, { name, groups: left.before });
  const facts: Fact[] = [];
  for (const fact of changeFacts(changes, left.unchanged)) {
    facts.push(inOrder(fact));
    yield;
  }
  return { baseline: { inventory, kind, name }, facts };
}

/** The observations with what came of a comparison. */
export function withComparison(observations: Observations, { baseline, facts }: Comparison): Observations {
  // In the order of canonical JSON, which the engine can so write itself.
  return { baseline: inOrder(baseline), ...observations, facts: [...observations.facts, ...facts] };
}

/** The same value with its keys in the order of canonical JSON. */
function inOrder<T>(value: T): T {
  return JSON.parse(canonicalJson(value));
}

/** What lies in the blob store may be gone, damaged, or of another version: then there is nothing to compare with. */
async function readable<T>(deps: Needed, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    deps.logger.warn({ err: error }, 'the previous inventory cannot be read, so nothing is compared with it');
    return null;
  }
}
