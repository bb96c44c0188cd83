import type { Limits } from '@chimera/formats';
import type { Evidence } from '@chimera/shared/domain';
import type { MeasurementTable } from '@chimera/shared/store';
import type { Bucket } from './bucket.ts';
import { WHOLE_DATASET } from './dataset.ts';
import { takeInventory } from './inventory.ts';
import { createReadings } from './readings.ts';

/** A table that keeps nothing: nobody asks for it. */
const NO_TABLE: MeasurementTable = {
  append() {},
  async forget() {},
  async parquet() {
    return new Uint8Array();
  },
  async close() {},
};

/**
 * The evidence of all that lies in a bucket, as one dataset: what `chimera analyze` would make of it. Nothing is stored, nothing
 * is told of.
 * Throws Unstable where a file changed meanwhile, EmptyInventory where there is no artifact, and what looking at the bucket throws.
 */
export async function evidenceOfBucket(
  bucket: Bucket,
  limits: Limits,
  options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<Evidence> {
  const readings = createReadings({ workFolder: '', table: async () => NO_TABLE });
  try {
    const { entries } = await bucket.scan();
    const { evidence } = await takeInventory({
      dataset: WHOLE_DATASET,
      bucket: '',
      entries,
      limits,
      read: (entry) => bucket.read(entry),
      readings,
      firstSeen: () => null,
      now: () => 0,
      ...options,
    });
    return evidence;
  } finally {
    await readings.close();
  }
}
