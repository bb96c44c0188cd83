import {
  clockFacts,
  computeEvidence,
  type Description,
  describe,
  type EvidenceMemory,
  firstsOf,
  inOneGo,
  modificationFacts,
  type StatedTime,
} from '@chimera/evidence';
import { DEFAULT_LIMITS, type Limits } from '@chimera/formats';
import { type Artifact, byCodeUnit, type Evidence, OBSERVATIONS_SCHEMA, type Observations } from '@chimera/shared/domain';
import { noTracer, SPANS, type Tracer, traced } from '@chimera/shared/service';
import { type Bytes, hashing, inventoryId, type ListedContent } from '@chimera/shared/store';
import { holdsNumbers } from './contents.ts';
import type { DatasetFile } from './dataset.ts';
import { descriptionOf, type KnownArtifact } from './dataset-readings.ts';
import { DATASET_FILE, type Entry } from './entry.ts';
import { refusedArtifact } from './outcome.ts';
import { createPace, type Pace } from './pace.ts';
import { type Item, readEntries } from './reading.ts';
import type { Readings, Remembered } from './readings.ts';
import type { Spread } from './spread.ts';

export type TakeOptions = {
  dataset: string;
  /** how people are told where the dataset lies */
  bucket: string;
  entries: readonly Entry[];
  limits: Partial<Limits>;
  /** the content of an entry; throws Unstable and Unreadable */
  read: (entry: Entry) => Promise<Uint8Array>;
  /** the same piece by piece, for large ones; absent: all are read whole */
  pieces?: (entry: Entry) => AsyncIterable<Uint8Array>;
  /** who else reads entries of this dataset */
  spread?: Spread;
  readings: Readings;
  /** paths that are read again although they look the same */
  again?: ReadonlySet<string>;
  /** files that are not among the entries because they are still being written */
  unsettled?: readonly { path: string; reason: string }[];
  /** times first seen earlier: by path and SHA-256 */
  firstSeen: (path: string, sha256: string | null) => string | null;
  now: () => number;
  /** called every few milliseconds while there is something to do */
  onProgress?: (done: number, total: number) => void;
  /** ends the taking at its next pause */
  signal?: AbortSignal;
  tracer?: Tracer;
};

export type TakenInventory = {
  evidence: Evidence;
  /** the evidence's canonical JSON in UTF-8 */
  evidenceBytes: Bytes;
  observations: Observations;
  /** the table of measurements, failed ones and those of duplicates too */
  parquet: Uint8Array;
  /** paths of what Chimera itself wrote */
  skipped: string[];
  /** paths of files that may be cut off */
  cut: string[];
};

/** An artifact of this inventory; `known` is null where nothing was read. */
type Member = { entry: Entry; artifact: Artifact; known: KnownArtifact | null };

/**
 * Takes an inventory: reads what is not known yet, computes the evidence, writes the table of measurements. What it
 * gives depends on names and bytes alone, the observations apart.
 * Throws Unstable when an entry changed meanwhile, and EmptyInventory when no entry is an artifact.
 */
export function takeInventory(options: TakeOptions): Promise<TakenInventory> {
  return options.readings.exclusively(options.dataset, (remembered) => take(options, remembered));
}

async function take(options: TakeOptions, { dataset, contents, table, workFolder, elapsed }: Remembered): Promise<TakenInventory> {
  const entries = [...options.entries].sort((a, b) => byCodeUnit(a.path, b.path));
  let done = 0;
  const tell = () => options.onProgress?.(done, entries.length);
  options.signal?.throwIfAborted();
  tell();
  const pace = createPace(elapsed, tell, options.signal);
  const { tracer = noTracer } = options;
  const reading = {
    read: options.read,
    pieces: options.pieces,
    spread: options.spread,
    workFolder,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    again: options.again ?? new Set(),
    pace,
    onDone: (n: number) => {
      done = n;
    },
  };
  const { items, unstable } = await traced(tracer, SPANS.readArtifacts.name, {}, () => readEntries(dataset, entries, reading));
  await contents.sweep();
  if (unstable) throw unstable;
  tell();

  await pace.pause();
  const { members, skipped, settings } = membersOf(items);
  await pace.pause();
  const firsts = new Set(firstsOf(members.map(({ artifact }) => artifact)));
  const isCounted = ({ artifact }: Member) => firsts.has(artifact);
  const [parquet, { evidence, bytes }] = await traced(tracer, SPANS.computeEvidence.name, {}, () =>
    bothEnd(
      table.parquet(listed(members, isCounted)),
      evidenceOf(options.dataset, members, isCounted, settings, { pace, memory: dataset.memory }),
    ),
  );
  await pace.pause();
  const cut = members.flatMap(({ artifact, known }) => (known?.content?.outcome.cut ? [artifact.path] : []));
  return { evidence, evidenceBytes: bytes, observations: observationsOf(options, evidence, members), parquet, skipped, cut };
}

type Settings = { file: DatasetFile; sha256: string };

/** Divides what was read into artifacts, Chimera's own output, and the dataset's settings (null: it has none that can be used). */
function membersOf(items: readonly Item[]): { members: Member[]; skipped: string[]; settings: Settings | null } {
  const members: Member[] = [];
  const skipped: string[] = [];
  let settings: Settings | null = null;
  for (const item of items) {
    const { entry } = item;
    if ('refusal' in item) members.push({ entry, artifact: refusedArtifact(entry, null, item.refusal), known: null });
    else if (item.known.is.role === 'own output') skipped.push(entry.path);
    else if (item.known.is.role === 'settings') settings = { file: item.known.is.settings, sha256: item.known.sha256 };
    else members.push({ entry, artifact: item.known.is.artifact, known: item.known.is });
  }
  return { members, skipped, settings };
}

function listed(members: readonly Member[], isCounted: (member: Member) => boolean): ListedContent[] {
  return members.flatMap((member) => {
    const { path, sha256 } = member.artifact;
    const content = member.known?.content;
    return content && sha256 !== null && holdsNumbers(content.outcome)
      ? [{ path, sha256, content: content.number, counted: isCounted(member) }]
      : [];
  });
}

async function evidenceOf(
  dataset: string,
  members: readonly Member[],
  isCounted: (member: Member) => boolean,
  settings: Settings | null,
  { pace, memory }: { pace: Pace; memory: EvidenceMemory },
): Promise<{ evidence: Evidence; bytes: Bytes }> {
  const descriptions: Description[] = [];
  for (const member of members) {
    const { artifact, known } = member;
    const counted = isCounted(member);
    if (known === null) descriptions.push(inOneGo(describe(artifact, [], true)));
    else descriptions.push(known.description?.counted === counted ? known.description : await descriptionOf(known, counted, pace));
    if (pace.due()) await pace.pause();
  }
  const pairs = members.map(({ artifact: { path, sha256 } }) => ({ path, sha256 }));
  // Its expectations are part of the evidence, so its bytes are part of the id.
  if (settings !== null) pairs.push({ path: DATASET_FILE, sha256: settings.sha256 });
  const { title, expected } = settings?.file ?? {};
  await pace.pause();
  const input = {
    dataset,
    inventory: inventoryId(dataset, pairs),
    title: title ?? null,
    descriptions,
    expected: { folders: expected?.folders ?? null, kinds: expected?.kinds ?? [] },
    memory,
  };
  const computed = await pace.through(computeEvidence(input));
  // While the table is written: whoever stores it needs it.
  await pace.through(hashing(computed.bytes));
  return computed;
}

/** Its fields are in the order of canonical JSON, which the engine can so write itself. */
function observationsOf(options: TakeOptions, { dataset, inventory, artifacts }: Evidence, members: readonly Member[]): Observations {
  const modified = members.map(({ entry, artifact: { path, sha256 } }) => ({
    modified: options.firstSeen(path, sha256) ?? new Date(entry.modifiedMs).toISOString(),
    path,
    sha256,
  }));
  const { bucket, unsettled = [] } = options;
  const times = new Map(modified.map((m) => [m.path, m.modified]));
  return {
    bucket,
    dataset,
    facts: [...modificationFacts(artifacts, times), ...clockFacts(statedTimes(members, times))],
    inventory,
    modified,
    schema: OBSERVATIONS_SCHEMA,
    takenAt: new Date(options.now()).toISOString(),
    ...(unsettled.length > 0 ? { unsettled: unsettled.map(({ path, reason }) => ({ path, reason })) } : {}),
  };
}

/** When artifacts say that they ran, beside when they were changed. */
function statedTimes(members: readonly Member[], modified: ReadonlyMap<string, string>): StatedTime[] {
  const times: StatedTime[] = [];
  for (const { artifact, known } of members) {
    const { path, sha256 } = artifact;
    for (const { labels, first } of known?.content?.samples ?? []) {
      const changed = labels.timestamp === undefined || sha256 === null ? undefined : modified.get(path);
      if (labels.timestamp === undefined || sha256 === null || changed === undefined) continue;
      times.push({ path, sha256, stated: labels.timestamp, pointer: first, modified: changed });
    }
  }
  return times;
}

/** Both results, once both have ended: nothing goes on behind the back of who asked. Throws the first fault. */
async function bothEnd<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}
