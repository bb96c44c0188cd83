import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeEvidence, modificationFacts } from '@chimera/evidence';
import { READER_VERSION, readArtifact } from '@chimera/formats';
import { type Artifact, type Evidence, OBSERVATIONS_SCHEMA, type Observations, type Reading } from '@chimera/shared/domain';
import { inventoryId, type MeasurementTable, openMeasurementTable, sha256, type TableRow } from '@chimera/shared/store';
import { type DatasetFile, parseDatasetFile } from './dataset.ts';
import { DATASET_FILE, type Entry, readEntry, Unreadable } from './folder.ts';
import { isOwnOutput } from './own-output.ts';
import type { ReadingCache } from './reading-cache.ts';

export type TakeOptions = {
  /** the folder of the dataset */
  root: string;
  dataset: string;
  /** how people are told where the dataset lies */
  bucket: string;
  entries: readonly Entry[];
  maxBytes: number;
  cache: ReadingCache;
  /** times first seen earlier: by path and SHA-256 */
  firstSeen: (path: string, sha256: string | null) => string | null;
  now: () => number;
  onProgress?: (done: number, total: number) => void;
  /** ends the taking between two entries */
  signal?: AbortSignal;
  /** where the table is put together; default: the system's temporary folder */
  workFolder?: string;
};

export type TakenInventory = { evidence: Evidence; observations: Observations; parquet: Uint8Array; skipped: string[] };

const REFUSED_UNREAD = {
  link: 'a symbolic link: it is not followed, because it may lead out of the bucket; copy the file itself',
  special: 'neither a file nor a folder (a device, a pipe or a socket): it is not opened',
  denied: 'permission denied: this process may not look at it',
  unnamed: 'its name is no UTF-8, so no source could name it: rename it',
} as const;

/**
 * Takes an inventory: reads every entry once, computes the evidence, writes the table of measurements.
 * Throws Unstable when an entry changed meanwhile, and EmptyInventory when no entry is an artifact.
 */
export async function takeInventory(options: TakeOptions): Promise<TakenInventory> {
  const { root, dataset, entries, now } = options;
  const workFolder = options.workFolder ?? tmpdir();
  await mkdir(workFolder, { recursive: true });
  const folder = await mkdtemp(join(workFolder, 'chimera-table-'));
  let table: MeasurementTable | null = null;
  try {
    table = await openMeasurementTable(folder);
    const artifacts: Artifact[] = [];
    const skipped: string[] = [];
    const seen = new Set<string>();
    let settings: DatasetFile = {};
    let settingsHash: string | null = null;

    for (const [i, entry] of entries.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.(i, entries.length);
      if (entry.type !== 'file') {
        artifacts.push(refused(entry, null, REFUSED_UNREAD[entry.type]));
        continue;
      }
      if (entry.bytes > options.maxBytes) {
        artifacts.push(
          refused(entry, null, `${entry.bytes} bytes: larger than the limit of ${options.maxBytes} bytes (CHIMERA_MAX_ARTIFACT_BYTES)`),
        );
        continue;
      }
      const bytes = await bytesOf(root, entry);
      if (typeof bytes === 'string') {
        artifacts.push(refused(entry, null, bytes));
        continue;
      }
      const hash = sha256(bytes);
      if (entry.path === DATASET_FILE) {
        settingsHash = hash;
        const parsed = parseDatasetFile(Buffer.from(bytes).toString('utf8'));
        if ('file' in parsed) settings = parsed.file;
        else artifacts.push(refused(entry, hash, parsed.fault));
        continue;
      }
      if (isOwnOutput(entry.path, bytes)) {
        skipped.push(entry.path);
        continue;
      }
      const reading = options.cache.reading(`${READER_VERSION}:${entry.path.slice(entry.path.lastIndexOf('.') + 1)}:${hash}`, () =>
        readArtifact({ path: entry.path, bytes }),
      );
      artifacts.push(artifactOf(entry, hash, reading));
      if (reading.status === 'read') {
        const counted = !seen.has(hash);
        // The same bytes may say nothing under another name: the first that says something counts.
        if (reading.measurements.length > 0 || reading.failed.length > 0) seen.add(hash);
        table.append(rowsOf(entry.path, hash, counted, reading));
      }
    }
    options.onProgress?.(entries.length, entries.length);

    const pairs = artifacts.map(({ path, sha256: hash }) => ({ path, sha256: hash }));
    // Its expectations are part of the evidence, so its bytes are part of the id.
    if (settingsHash !== null && !pairs.some((p) => p.path === DATASET_FILE)) pairs.push({ path: DATASET_FILE, sha256: settingsHash });
    const inventory = inventoryId(dataset, pairs);
    const expected = { folders: settings.expected?.folders ?? null, kinds: settings.expected?.kinds ?? [] };
    const evidence = computeEvidence({
      dataset,
      inventory,
      title: settings.title ?? null,
      artifacts,
      series: await table.series(),
      expected,
    });
    const hashes = new Map(artifacts.map((a) => [a.path, a.sha256]));
    const modified = entries
      .filter((e) => hashes.has(e.path))
      .map((e) => {
        const hash = hashes.get(e.path) ?? null;
        return { path: e.path, sha256: hash, modified: options.firstSeen(e.path, hash) ?? new Date(e.modifiedMs).toISOString() };
      });
    const observations: Observations = {
      schema: OBSERVATIONS_SCHEMA,
      dataset,
      inventory,
      bucket: options.bucket,
      takenAt: new Date(now()).toISOString(),
      modified,
      facts: modificationFacts(evidence.artifacts, new Map(modified.map((m) => [m.path, m.modified]))),
    };
    await table.writeParquet('measurements.parquet');
    const parquet = await readFile(join(folder, 'measurements.parquet'));
    return { evidence, observations, parquet, skipped };
  } finally {
    // The folder goes whatever becomes of the table.
    try {
      table?.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The content, or the sentence that says why it cannot be read. */
async function bytesOf(root: string, entry: Entry): Promise<Uint8Array | string> {
  try {
    return await readEntry(root, entry);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

function refused(entry: Entry, hash: string | null, reason: string): Artifact {
  return {
    path: entry.path,
    kind: 'unknown',
    format: 'unknown',
    bytes: entry.bytes,
    sha256: hash,
    status: 'refused',
    reason,
    warnings: [],
    measurements: 0,
    records: 0,
    failed: [],
  };
}

function artifactOf(entry: Entry, hash: string, reading: Reading): Artifact {
  if (reading.status === 'refused') return { ...refused(entry, hash, reading.reason), kind: reading.kind, format: reading.format };
  const { kind, format, warnings, measurements, records, failed } = reading;
  return {
    path: entry.path,
    kind,
    format,
    bytes: entry.bytes,
    sha256: hash,
    status: 'read',
    reason: null,
    warnings,
    measurements: measurements.length,
    records,
    failed,
  };
}

function* rowsOf(path: string, hash: string, counted: boolean, reading: Extract<Reading, { status: 'read' }>): Iterable<TableRow> {
  for (const measurement of reading.measurements) yield { ...measurement, path, sha256: hash, counted };
}
