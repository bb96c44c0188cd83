// Measures how long an inventory of many small artifacts takes, and one file more, from the entries to the blobs on disk.
//   npm run bench:ingest [-- N]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Blobs, folderBlobs, putJson } from '@chimera/shared/store';
import type { Bucket } from '../services/ingest/src/bucket.ts';
import { folderBucket } from '../services/ingest/src/folder.ts';
import { takeInventory } from '../services/ingest/src/inventory.ts';
import { createReadings, type Readings } from '../services/ingest/src/readings.ts';
import { machine, smallArtifact } from './small-artifacts.ts';

const MORE = 50;
const FOLDERS = 100;

function write(folder: string, i: number): void {
  const { path, text } = smallArtifact(i);
  writeFileSync(join(folder, path), text);
}

/** Takes an inventory and stores it; returns the seconds, without those of the look at the folder. */
async function takeOnce(bucket: Bucket, readings: Readings, blobs: Blobs): Promise<number> {
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
  await Promise.all([blobs.put(taken.evidenceBytes), putJson(blobs, taken.observations), blobs.put(taken.parquet)]);
  return (performance.now() - started) / 1_000;
}

const resident = () => `${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`;

const n = Number(process.argv[2] ?? 10_000);
const work = mkdtempSync(join(tmpdir(), 'chimera-bench-ingest-'));
try {
  const folder = join(work, 'bucket');
  for (let i = 0; i < FOLDERS; i++) mkdirSync(join(folder, `d${i}`), { recursive: true });
  for (let i = 0; i < n; i++) write(folder, i);
  const readings = createReadings({ workFolder: join(work, 'home') });
  const blobs = folderBlobs(join(work, 'blobs'));
  const bucket = folderBucket(folder);

  const first = await takeOnce(bucket, readings, blobs);
  const memory = [resident()];
  const more: number[] = [];
  for (let i = 0; i < MORE; i++) {
    write(folder, n + i);
    more.push(await takeOnce(bucket, readings, blobs));
    if (i === 9 || i === MORE - 1) memory.push(resident());
  }
  await readings.close();
  more.sort((a, b) => a - b);
  const seconds = [first, more[Math.floor(more.length / 2)] ?? Number.NaN, more.at(-1) ?? Number.NaN].map((s) => `${s.toFixed(2)} s`);
  console.log(
    [
      `An inventory of ${n} small artifacts, then ${MORE} times one more, from the entries to the blobs on disk.`,
      machine(),
      '',
      `| first | one more, median | one more, worst | resident after the first | after 10 more | after ${MORE} more |`,
      '| --- | --- | --- | --- | --- | --- |',
      `| ${[...seconds, ...memory].join(' | ')} |`,
    ].join('\n'),
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
