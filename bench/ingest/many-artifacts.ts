import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asService } from '../as-service.ts';
import { median, smallArtifact } from '../small-artifacts.ts';
import { inChild, megabytes, seconds } from './child.ts';
import type { Many } from './many-child.ts';

const MORE = 20;
const FOLDERS = 100;

/** Many small artifacts, then one more, again and again; beside DuckDB reading the same files once. */
export async function manyArtifacts(n: number): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'chimera-bench-many-'));
  try {
    const folder = join(work, 'bucket');
    for (let i = 0; i < FOLDERS; i++) mkdirSync(join(folder, `d${i}`), { recursive: true });
    for (let i = 0; i < n; i++) {
      const { path, text } = smallArtifact(i);
      writeFileSync(join(folder, path), text);
    }
    const duck = [
      await inChild<{ rows: number }>('duckdb-child.ts', ['csv', join(folder, '**/*.csv')]),
      await inChild<{ rows: number }>('duckdb-child.ts', ['json', join(folder, '**/*.json')]),
    ];
    const { found, peakBytes } = await inChild<Many>('many-child.ts', [folder, work, String(n), String(MORE)], asService());
    const [firstResident = 0, lastResident = 0] = found.resident;
    const duckSeconds = duck.reduce((sum, told) => sum + told.seconds, 0);
    return [
      `From the entries to the blobs on disk, without the look at the folder. Evidence: ${found.groups} groups, ${found.facts} facts, ${megabytes(found.evidenceBytes)}.`,
      '',
      `| ${n} artifacts | asked | one more, median of ${MORE} | worst | asked | resident after the first | after ${MORE} more | peak | DuckDB, the same files once |`,
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      `| ${[seconds(found.first), '60 s', seconds(median(found.more)), seconds(Math.max(...found.more)), '2 s', megabytes(firstResident), megabytes(lastResident), megabytes(peakBytes), `${seconds(duckSeconds)} (half csv, half json; count and averages)`].join(' | ')} |`,
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
