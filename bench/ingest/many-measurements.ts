import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asService } from '../as-service.ts';
import { inChild, megabytes, seconds } from './child.ts';
import type { Parts } from './evidence-child.ts';
import { numbersFrom } from './numbers-from.ts';

const SEED = 10;
/** With two numbers a row: 10,000 measurements a file. */
const ROWS = 5_000;

const both = ({ wall, cpu }: { wall: number; cpu: number }) => `${seconds(wall)} (CPU ${seconds(cpu)})`;

/** Files of 10,000 measurements each, read in the ordinary way; beside DuckDB reading them. */
export async function manyMeasurements(files: number): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'chimera-bench-evidence-'));
  try {
    const folder = join(work, 'bucket');
    mkdirSync(folder);
    const next = numbersFrom(SEED);
    for (let i = 0; i < files; i++) {
      const rows = Array.from({ length: ROWS }, () => `m${i % 3},${(0.1 + next()).toFixed(6)},${(40 + 60 * next()).toFixed(4)}\n`);
      writeFileSync(join(folder, `sweep-${i}x.csv`), `model,ttft_s,tokens_per_second\n${rows.join('')}`);
    }
    const duck = await inChild<{ rows: number }>('duckdb-child.ts', ['csv', join(folder, '*.csv')]);
    const { found, peakBytes } = await inChild<Parts>('evidence-child.ts', [folder, work], asService());
    const cells = [
      both(found.evidence),
      '10 s',
      both(found.reading),
      both(found.gathering),
      both(found.taking),
      megabytes(peakBytes),
      `${seconds(duck.seconds)} (count and averages)`,
    ];
    return [
      `${files} csv files of ${2 * ROWS} numbers: ${found.measurements} measurements, ${found.facts} facts. Evidence: from series and samples in hand to its bytes and their hash.`,
      '',
      '| evidence | asked | beside it: reading | gathering series and samples | the whole taking, with the table | peak resident memory | DuckDB, the same files |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      `| ${cells.join(' | ')} |`,
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
