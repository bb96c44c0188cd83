import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { laySeed, SEED } from '../test/support/seed.ts';

/** 101 artifacts to measure on: the seed set where it lies beside the clone, else as many made here, of like sizes. */
export function benchArtifacts(): { folder: string; what: string } {
  if (existsSync(SEED)) return { folder: laySeed(), what: 'the 101 seed artifacts (436,259 bytes)' };
  const folder = mkdtempSync(join(tmpdir(), 'chimera-bench-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (let i = 0; i < 28; i++)
    write(
      `reports/sweep_${i}.csv`,
      ['model,ttft_s,tokens_s,load_s', ...rows(60, (r) => `m${r % 3},${0.1 + r / 1e3},${80 + (r % 7)},${r / 1e4}`), ''].join('\n'),
    );
  for (let i = 0; i < 44; i++)
    write(
      `csv_data/run_${i}.json`,
      JSON.stringify({ results: rows(30, (r) => ({ name: `t${r}`, latency_ms: 12 + r / 10, tokens_per_second: 90 + (r % 5) })) }),
    );
  for (let i = 0; i < 29; i++) write(`reports/note_${i}.md`, `# Note ${i}\n\n${'Some words about a run. '.repeat(300)}\n`);
  return { folder, what: '101 artifacts made for the purpose (the seed set is not beside this clone)' };
}

function rows<T>(n: number, make: (row: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}
