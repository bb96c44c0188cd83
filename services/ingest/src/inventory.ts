import { computeEvidence, type Description, type EvidenceMemory, firstsOf } from '@chimera/evidence';
import { DEFAULT_LIMITS, type Limits } from '@chimera/formats';
import { byCodeUnit, type Evidence, OBSERVATIONS_SCHEMA, type Observations } from '@chimera/shared/domain';
import { noTracer, SPANS, type Tracer, traced } from '@chimera/shared/service';
import { type Bytes, hashing, inventoryId, type ListedContent } from '@chimera/shared/store';
import type { DatasetFile } from './dataset.ts';
import type { DatasetReadings } from './dataset-readings.ts';
import { DATASET_FILE, type Entry } from './entry.ts';
import { descriptionOf, type KnownArtifact, listedOf, observedOf, refusedEntry } from './known-artifact.ts';
import type { Modifications } from './modification-times.ts';
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
  /** the canonical JSON of what they say of modifications, for `observationsBytes` */
  modifiedJson: Modifications['json'];
  /** the table of measurements, failed ones and those of duplicates too */
  parquet: Uint8Array;
  /** paths of what Chimera itself wrote */
  skipped: string[];
  /** paths of files that may be cut off */
  cut: string[];
};

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
  const isCounted = countingAmong(members, dataset);
  const [parquet, { evidence, bytes }] = await traced(tracer, SPANS.computeEvidence.name, {}, () =>
    bothEnd(
      table.parquet(listed(members, isCounted)),
      evidenceOf(options.dataset, members, isCounted, settings, { pace, memory: dataset.memory }),
    ),
  );
  await pace.pause();
  const cut = members.filter(({ content }) => content?.outcome.cut).map(({ artifact }) => artifact.path);
  const observed = members.map((known) => observedOf(known, options.firstSeen(known.artifact.path, known.artifact.sha256)));
  const modifications = await pace.through(dataset.modifications.told(observed));
  return {
    evidence,
    evidenceBytes: bytes,
    observations: observationsOf(options, evidence, modifications),
    modifiedJson: modifications.json,
    parquet,
    skipped,
    cut,
  };
}

type Settings = { file: DatasetFile; sha256: string };

/** Divides what was read into artifacts, Chimera's own output, and the dataset's settings (null: it has none that can be used). */
function membersOf(items: readonly Item[]): { members: KnownArtifact[]; skipped: string[]; settings: Settings | null } {
  const members: KnownArtifact[] = [];
  const skipped: string[] = [];
  let settings: Settings | null = null;
  for (const item of items) {
    if ('refusal' in item) members.push(refusedEntry(item.entry, item.refusal));
    else if (item.is.role === 'artifact') members.push(item.is);
    else if (item.is.role === 'settings') settings = { file: item.is.settings, sha256: item.sha256 };
    else skipped.push(item.entry.path);
  }
  return { members, skipped, settings };
}

/** Tells whether an artifact's numbers count: those of the second and later of exact duplicates do not. */
function countingAmong(members: readonly KnownArtifact[], dataset: DatasetReadings): (known: KnownArtifact) => boolean {
  const { copies } = dataset;
  const alike = copies.any ? members.map(({ artifact }) => artifact).filter(({ sha256 }) => copies.isRepeated(sha256)) : [];
  const repeats = new Set(alike);
  for (const first of firstsOf(alike)) repeats.delete(first);
  return ({ artifact }) => !repeats.has(artifact);
}

function listed(members: readonly KnownArtifact[], isCounted: (known: KnownArtifact) => boolean): ListedContent[] {
  return members.map((known) => listedOf(known, isCounted(known))).filter((one) => one !== null);
}

async function evidenceOf(
  dataset: string,
  members: readonly KnownArtifact[],
  isCounted: (known: KnownArtifact) => boolean,
  settings: Settings | null,
  { pace, memory }: { pace: Pace; memory: EvidenceMemory },
): Promise<{ evidence: Evidence; bytes: Bytes }> {
  const descriptions: Description[] = [];
  for (const known of members) {
    const counted = isCounted(known);
    descriptions.push(known.description?.counted === counted ? known.description : await descriptionOf(known, counted, pace));
    if (pace.due()) await pace.pause();
  }
  const files: { path: string; sha256: string | null }[] = members.map(({ artifact }) => artifact);
  // Its expectations are part of the evidence, so its bytes are part of the id.
  if (settings !== null) files.push({ path: DATASET_FILE, sha256: settings.sha256 });
  const { title, expected } = settings?.file ?? {};
  await pace.pause();
  const input = {
    dataset,
    inventory: inventoryId(dataset, files),
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
function observationsOf(options: TakeOptions, { dataset, inventory }: Evidence, { facts, modified }: Modifications): Observations {
  const { bucket, unsettled = [] } = options;
  return {
    bucket,
    dataset,
    facts,
    inventory,
    modified,
    schema: OBSERVATIONS_SCHEMA,
    takenAt: new Date(options.now()).toISOString(),
    ...(unsettled.length > 0 ? { unsettled: unsettled.map(({ path, reason }) => ({ path, reason })) } : {}),
  };
}

/** Both results, once both have ended: nothing goes on behind the back of who asked. Throws the first fault. */
async function bothEnd<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}
