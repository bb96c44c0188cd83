import { createHash } from 'node:crypto';
import type { Limits } from '@chimera/formats';
import { sha256 } from '@chimera/shared/store';
import { type Bucket, Unreadable, Unstable } from './bucket.ts';
import { type FoundReading, gathered } from './content-reading.ts';
import type { Entry } from './entry.ts';
import { outcomeOf } from './outcome.ts';
import { isOwnOutput } from './own-output.ts';
import type { Pace } from './pace.ts';
import { refusalWhole } from './reading.ts';
import type { SharedTable } from './shared-table.ts';
import type { StoredReadings } from './stored-readings.ts';
import { readStream, type Unstreamed } from './stream-reading.ts';
import { readWhole } from './whole-reading.ts';

export type ReaderParts = {
  bucket: Bucket;
  stored: StoredReadings;
  /** in which measurements become Parquet; one reading at a time */
  table: SharedTable;
  workFolder: string;
};

/** A reading that can be taken by its blob, and whether it was there before. */
export type StoredReading = { blob: string; found: FoundReading; how: 'read' | 'found' };

/**
 * Reads an entry for whoever asked, unless its content was read before, and stores what came of it.
 * Throws Unstable and Unreadable, the pace's signal, and what the table, the work folder and the blob store throw.
 */
export async function readForOthers(parts: ReaderParts, entry: Entry, limits: Limits, pace: Pace): Promise<StoredReading> {
  const { bucket, stored, workFolder } = parts;
  const { path } = entry;
  let hash: string | null = null;
  let tried: Partial<Unstreamed> = {};
  if (entry.bytes > limits.streamBytes) {
    hash = await hashOf(bucket.pieces(entry), pace);
    const known = await stored.find({ path, sha256: hash, limits });
    if (known) return { ...known, how: 'found' };
    const found = await readStream({ path, pieces: bucket.pieces(entry), limits, workFolder }, pace);
    if (!('unstreamed' in found)) {
      if (found.sha256 !== hash) throw new Unstable(path, 'changed while it was read.');
      return { blob: await stored.put({ path, sha256: hash, limits }, found), found, how: 'read' };
    }
    const refusal = refusalWhole(entry, limits, found);
    if (refusal !== null) throw new Unreadable(refusal);
    tried = found;
  }
  const bytes = await bucket.read(entry);
  const id = { path, sha256: sha256(bytes), limits };
  const known = id.sha256 === hash ? null : await stored.find(id);
  if (known) return { ...known, how: 'found' };
  const found = await foundWhole(parts, { ...id, ...tried, bytes }, pace);
  return { blob: await stored.put(id, found), found, how: 'read' };
}

/** The SHA-256 of what the pieces hold; gives others their turn in between. */
export async function hashOf(pieces: AsyncIterable<Uint8Array>, pace: Pace): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    if (pace.due()) await pace.pause();
  }
  return hash.digest('hex');
}

type Whole = { path: string; sha256: string; bytes: Uint8Array; limits: Limits } & Partial<Unstreamed>;

async function foundWhole({ table, workFolder }: ReaderParts, file: Whole, pace: Pace): Promise<FoundReading> {
  const { path, sha256 } = file;
  const is = { sha256, bytes: file.bytes.length, own: isOwnOutput(path, file.bytes) };
  const read = await readWhole({ ...file, workFolder }, pace);
  if ('streamed' in read) return { ...is, reading: read.streamed, rows: null };
  const { reading } = read;
  const outcome = outcomeOf(reading);
  if (is.own || reading.status === 'refused' || reading.measurements.length === 0)
    return { ...is, reading: { outcome, series: [], samples: [] }, rows: null };
  try {
    await table.open();
    const found = await gathered(reading.measurements, pace, (measurement) => table.append(0, measurement));
    const rows = await table.parquet([{ path, sha256, content: 0, counted: true }]);
    await table.forget([0]);
    return { ...is, reading: { outcome, ...found }, rows };
  } catch (error) {
    // What was appended belongs to nothing.
    await table.close();
    throw error;
  }
}
