import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inChild, megabytes, seconds, type Told } from './child.ts';
import { numbersFrom } from './numbers-from.ts';

const SEED = 9;
const ROWS_AT_ONCE = 5_000;
const ASKED = { perSecond: 100, peakMegabytes: 256 };

/** `numbers`: of the longest series. */
type Read = { format: string; numbers: number };
type Counted = { rows: number; columns: number };

const CSV_HEAD = 'request_id,model,concurrency,ttft_ms,latency_ms,itl_ms,output_tokens,tokens_per_second,prompt_tokens\n';
const csvRow = (i: number, next: () => number): string =>
  `req-${i},m${i % 3},${2 ** (i % 4)},${(next() * 400).toFixed(3)},${(next() * 4_000).toFixed(3)},${(next() * 40).toFixed(4)},${Math.trunc(next() * 500)},${(next() * 80).toFixed(3)},${Math.trunc(next() * 2_000)}\n`;

const WORDS = 'The median hides what the slowest tenth of the requests went through, \\"p95\\" does not. ';

/** Requests of a load test: an id, two labels, and their numbers; some 55 bytes as csv, 130 as JSON; and what a model answered, some 700. */
const KINDS = {
  csv: { name: 'csv', duck: 'csv', head: CSV_HEAD, row: csvRow },
  commas: {
    name: 'csv with decimal commas',
    duck: 'commas',
    head: CSV_HEAD.replaceAll(',', ';'),
    row: (i: number, next: () => number) => csvRow(i, next).replaceAll(',', ';').replaceAll('.', ','),
  },
  jsonl: {
    name: 'jsonl',
    duck: 'json',
    head: '',
    row: (i: number, next: () => number) =>
      `{"request_id":"req-${i}","model":"m${i % 3}","concurrency":${2 ** (i % 4)},"ttft_ms":${(next() * 400).toFixed(3)},"latency_ms":${(next() * 4_000).toFixed(3)},"itl_ms":${(next() * 40).toFixed(4)},"output_tokens":${Math.trunc(next() * 500)}}\n`,
  },
  ollama: {
    name: 'jsonl, responses of Ollama',
    duck: 'json',
    head: '',
    row: (i: number, next: () => number) =>
      `{"model":"gemma3:4b","created_at":"${new Date(1.79e12 + i * 1_000).toISOString()}","response":"${WORDS.repeat(1 + (i % 5))}","done":true,"done_reason":"stop","context":[${Array.from({ length: 20 }, () => Math.trunc(next() * 200_000))}],"total_duration":${Math.trunc(2e9 + next() * 4e9)},"load_duration":${Math.trunc(1e7 + next() * 1e8)},"prompt_eval_count":${20 + (i % 400)},"prompt_eval_duration":${Math.trunc(5e7 + next() * 4e8)},"eval_count":${50 + (i % 300)},"eval_duration":${Math.trunc(1e9 + next() * 3e9)}}\n`,
  },
} as const;

/** One large csv, one with decimal commas, and two large jsonl, each read by a fresh process, beside DuckDB. */
export async function largeFiles(size: number): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'chimera-bench-large-'));
  const rows: string[] = [];
  try {
    for (const kind of ['csv', 'commas', 'jsonl', 'ollama'] as const) {
      const { name, duck: source } = KINDS[kind];
      const path = join(work, `requests.${source === 'json' ? 'jsonl' : 'csv'}`);
      write(path, kind, size * 1e6);
      const bytes = statSync(path).size;
      // Once over it, so that all find it in the page cache.
      const duck = await inChild<Counted>('duckdb-child.ts', [source, path]);
      const own = await inChild<Read>('stream-child.ts', [path]);
      const again = await inChild<Counted>('duckdb-child.ts', [source, path]);
      if (own.found.numbers !== again.found.rows || duck.found.rows !== again.found.rows)
        throw new Error(`${path}: the longest series has ${own.found.numbers} numbers, and DuckDB counts ${again.found.rows} rows.`);
      const about = `${name}, ${(bytes / 1e6).toFixed(0)} MB, ${again.found.rows} records`;
      rows.push(line(about, `Chimera (${own.found.format})`, bytes, own, true), line(about, 'DuckDB', bytes, again, false));
      rmSync(path);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return [
    'Each by a fresh process; DuckDB with one thread: count and averages of all columns of numbers. Chimera: all statistics of each series, SHA-256 of the file.',
    '',
    '| file | read by | time | CPU | MB/s | MB/s of CPU | asked | peak resident memory | asked |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
}

function line(file: string, who: string, bytes: number, told: Told<unknown>, isAsked: boolean): string {
  const rate = (time: number) => (bytes / 1e6 / time).toFixed(0);
  const asked = isAsked ? [`${ASKED.perSecond} MB/s a core`, `${ASKED.peakMegabytes} MB`] : ['', ''];
  const cells = [file, who, seconds(told.seconds), seconds(told.cpuSeconds), rate(told.seconds), rate(told.cpuSeconds), asked[0]];
  return `| ${[...cells, megabytes(told.peakBytes), asked[1]].join(' | ')} |`;
}

function write(path: string, kind: keyof typeof KINDS, bytes: number): void {
  const { head, row } = KINDS[kind];
  const next = numbersFrom(SEED);
  const file = openSync(path, 'wx');
  let written = writeSync(file, head);
  for (let i = 0; written < bytes; ) {
    let text = '';
    for (const end = i + ROWS_AT_ONCE; i < end; i++) text += row(i, next);
    written += writeSync(file, text);
  }
  closeSync(file);
}
