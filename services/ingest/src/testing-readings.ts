import { inOnePiece } from '@chimera/shared/store';
import { type TakenInventory, type TakeOptions, takeInventory } from './inventory.ts';
import { observationsBytes } from './modification-times.ts';
import { createReadings, type Readings } from './readings.ts';
import { MemoryBucket, memoryTables } from './testing.ts';

export const CSV = 'model,ttft_s\nm1,0.5\nm2,0.25\n';
/** Takes the inventory of a bucket, whose time stands still. */
export const take = (bucket: MemoryBucket, readings: Readings, more: Partial<TakeOptions> = {}): Promise<TakenInventory> =>
  takeInventory({
    dataset: 'bucket',
    bucket: 'here',
    entries: bucket.entries(),
    limits: {},
    read: bucket.read,
    readings,
    firstSeen: () => null,
    now: () => 0,
    ...more,
  });
/** Evidence, table and observations as they are stored, to be compared. */
export const textOf = ({ evidenceBytes, parquet, observations, modifiedJson }: TakenInventory) =>
  [evidenceBytes, parquet, observationsBytes(observations, modifiedJson)].map((bytes) => Buffer.from(inOnePiece(bytes)).toString('utf8'));
/** The same by somebody who remembers nothing. */
export const fresh = (bucket: MemoryBucket) => take(bucket, createReadings({ workFolder: '', table: memoryTables().factory }));

/** A bucket with these files, and readings whose tables are in memory. */
export function setUp(files: Readonly<Record<string, string>>) {
  const bucket = new MemoryBucket();
  for (const [path, content] of Object.entries(files)) bucket.put(path, content);
  const { book, factory } = memoryTables();
  return { bucket, book, readings: createReadings({ workFolder: '', table: factory }) };
}
export const THREE = { 'a.csv': CSV, 'b.json': '{"ms": [1, 2]}', 'c.csv': CSV };
