// Takes the inventory of a folder of small artifacts, then again and again with one more, in a process of its own.
//   many-child.ts FOLDER WORK N MORE
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderBlobs, putJson } from '@chimera/shared/store';
import { folderBucket } from '../../services/ingest/src/folder.ts';
import { takeInventory } from '../../services/ingest/src/inventory.ts';
import { createReadings } from '../../services/ingest/src/readings.ts';
import { smallArtifact } from '../small-artifacts.ts';
import { tell } from './child.ts';

const [folder = '', work = '', count = '0', times = '0'] = process.argv.slice(2);
const n = Number(count);

/** Resident bytes now, after each of some inventories. */
export type Many = { first: number; more: number[]; resident: number[]; groups: number; facts: number; evidenceBytes: number };

await tell(async (): Promise<Many> => {
  const readings = createReadings({ workFolder: join(work, 'home') });
  const blobs = folderBlobs(join(work, 'blobs'));
  const bucket = folderBucket(folder);
  const found: Many = { first: 0, more: [], resident: [], groups: 0, facts: 0, evidenceBytes: 0 };
  /** Takes an inventory and stores it; returns the seconds, without those of the look at the folder. */
  const takeOnce = async (): Promise<number> => {
    const { entries } = await bucket.scan();
    const started = performance.now();
    const taken = await takeInventory({
      dataset: 'bucket',
      bucket: 'bench',
      entries,
      limits: {},
      read: bucket.read,
      readings,
      firstSeen: () => null,
      now: Date.now,
    });
    const { evidence, evidenceBytes } = taken;
    await Promise.all([blobs.put(evidenceBytes), putJson(blobs, taken.observations), blobs.put(taken.parquet)]);
    const ended = performance.now();
    Object.assign(found, { groups: evidence.groups.length, facts: evidence.facts.length, evidenceBytes: lengthOf(evidenceBytes) });
    return (ended - started) / 1_000;
  };
  found.first = await takeOnce();
  found.resident.push(process.memoryUsage.rss());
  for (let i = 0; i < Number(times); i++) {
    const { path, text } = smallArtifact(n + i);
    writeFileSync(join(folder, path), text);
    found.more.push(await takeOnce());
  }
  found.resident.push(process.memoryUsage.rss());
  await readings.close();
  return found;
});

function lengthOf(bytes: Uint8Array | readonly Uint8Array[]): number {
  return bytes instanceof Uint8Array ? bytes.length : bytes.reduce((sum, { length }) => sum + length, 0);
}
