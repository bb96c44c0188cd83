import { tmpdir } from 'node:os';
import type { Limits } from '@chimera/formats';
import type { Evidence, Measurement, Observations } from '@chimera/shared/domain';
import type { MeasurementTable } from '@chimera/shared/store';
import type { Bucket } from './bucket.ts';
import { CollectingTable } from './collecting-table.ts';
import { WHOLE_DATASET } from './dataset.ts';
import { type TakenInventory, takeInventory } from './inventory.ts';
import { createReadings } from './readings.ts';

/** A table that keeps nothing: nobody asks for it. */
const NO_TABLE: MeasurementTable = {
  append() {},
  async adopt() {},
  async forget() {},
  async parquet() {
    return new Uint8Array();
  },
  async close() {},
};

export type BucketOptions = { onProgress?: (done: number, total: number) => void; signal?: AbortSignal };

/** All that a bucket's artifacts say. `measurements` can be gone through again and again. */
export type BucketTruth = {
  evidence: Evidence;
  observations: Observations;
  /** every number that was read, by path; the failed ones with their flag, those of exact copies under each path */
  measurements: Iterable<{ path: string; measurement: Measurement }>;
};

/**
 * The evidence of all that lies in a bucket, as one dataset: what `chimera analyze` would make of it. Nothing is stored, nothing
 * is told of.
 * Throws Unstable where a file changed meanwhile, EmptyInventory where there is no artifact, and what looking at the bucket throws.
 */
export async function evidenceOfBucket(bucket: Bucket, limits: Limits, options: BucketOptions = {}): Promise<Evidence> {
  return (await taken(bucket, limits, NO_TABLE, options)).evidence;
}

/**
 * The same, with what was observed of the files (times as they are now) and every single number, all of which is held in memory.
 * Throws as `evidenceOfBucket` does.
 */
export async function truthOfBucket(bucket: Bucket, limits: Limits, options: BucketOptions = {}): Promise<BucketTruth> {
  const table = new CollectingTable();
  const { evidence, observations } = await taken(bucket, limits, table, options);
  return { evidence, observations, measurements: table.collected() };
}

async function taken(bucket: Bucket, limits: Limits, table: MeasurementTable, options: BucketOptions): Promise<TakenInventory> {
  const readings = createReadings({ workFolder: tmpdir(), table: async () => table });
  try {
    const { entries } = await bucket.scan();
    return await takeInventory({
      dataset: WHOLE_DATASET,
      bucket: '',
      entries,
      limits,
      read: (entry) => bucket.read(entry),
      pieces: (entry) => bucket.pieces(entry),
      readings,
      firstSeen: () => null,
      now: () => 0,
      ...options,
    });
  } finally {
    await readings.close();
  }
}
