import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES, type TestReading } from './reading-for-test.ts';

const CONFIG =
  'main: n_kv_max = 4096, n_batch = 1024, n_ubatch = 256, flash_attn = -1, is_pp_shared = 1, n_gpu_layers = 33, n_threads = 8, n_threads_batch = 6';
const HEADER = '|    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |';
const RULER = '|-------|--------|------|--------|----------|----------|----------|----------|----------|----------|';
const ROW = '|   256 |     64 |    3 |    448 |    0.250 |  1024.00 |    1.500 |   128.00 |    1.750 |   256.00 |';
const table = (...rows: string[]): string => `${CONFIG}\n\n${[HEADER, RULER, ...rows].join('\n')}\n`;
const brief = ({ measurements }: TestReading) => measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer]);

const LABELS = {
  engine: 'llama.cpp',
  tool: 'llama-batched-bench',
  prompt_length: '256',
  output_length: '64',
  concurrency: '3',
  num_ctx: '4096',
  batch: '1024',
  ubatch: '256',
  flash_attention: 'auto',
  is_pp_shared: 'true',
  num_gpu: '33',
  threads: '8',
  n_threads_batch: '6',
};

describe('llama-batched-bench, the table', () => {
  it.each(['b.md', 'b.txt', 'b.log'])('is read with the settings above it: %s', (path) => {
    const reading = readText(path, table(ROW));
    expect(reading).toMatchObject({ format: 'llama-batched-bench', records: 1, failed: [], warnings: [] });
    expect(brief(reading)).toEqual([
      ['prompt_eval_duration', 0.25, 's', 'line 5 column T_PP s'],
      ['prompt_token_throughput', 1024, 'tok/s', 'line 5 column S_PP t/s'],
      ['eval_duration', 1.5, 's', 'line 5 column T_TG s'],
      ['output_token_throughput', 128, 'tok/s', 'line 5 column S_TG t/s'],
      ['duration', 1.75, 's', 'line 5 column T s'],
      ['total_token_throughput', 256, 'tok/s', 'line 5 column S t/s'],
    ]);
    for (const { labels, over, statistic, n } of reading.measurements)
      expect({ labels, over, statistic, n }).toEqual({ labels: LABELS, over: 'runs', statistic: 'value', n: null });
  });

  it('has no rate of a phase without tokens, and none that is too short to be timed', () => {
    const none = '|   256 |      0 |    3 |    768 |    0.250 |  3072.00 |    0.000 |     -nan |    0.250 |  3072.00 |';
    const short = '|     1 |     64 |    1 |     65 |    0.000 |      inf |    0.500 |   128.00 |    0.500 |   130.00 |';
    const reading = readText('b.md', table(none, short));
    expect(reading.measurements.map(({ pointer }) => pointer)).toEqual([
      'line 5 column T_PP s',
      'line 5 column S_PP t/s',
      'line 5 column T s',
      'line 5 column S t/s',
      'line 6 column T_TG s',
      'line 6 column S_TG t/s',
      'line 6 column T s',
      'line 6 column S t/s',
    ]);
    expect(reading.warnings).toEqual(['line 6 column T_PP s: 0, which is too short to be timed: it is absent']);
  });

  it('names a row whose sizes are none, and cells that are no numbers', () => {
    const reading = readText('b.md', table(ROW.replace('256', 'x56'), ROW.replace('128.00', 'fast  ')));
    expect(reading.warnings).toEqual([
      'line 5 column PP: "x56" is no count: the row was not read',
      'line 6 column S_TG t/s: "fast" is no number: it was not read',
    ]);
    expect(reading.measurements).toHaveLength(5);
  });

  it('stands on one page with tables of llama-bench and of somebody', () => {
    const other = '\n| name | load (s) |\n|---|---|\n| a | 7.5 |\n';
    const bench =
      '\n| model | size | params | backend | test | t/s |\n|---|---|---|---|---|---|\n| a 1B Q4_0 | 1 GiB | 1 B | CPU | tg64 | 12.5 ± 0.5 |\n';
    const alone = readText('page.md', table(ROW) + other);
    expect(alone.at('line 9 column load (s)')).toMatchObject({ value: 7.5 });
    const both = readText('page.md', table(ROW) + bench);
    expect(both.format).toBe('llama-bench');
    expect(both.at('line 5 column S_TG t/s')).toMatchObject({ metric: 'output_token_throughput', value: 128, labels: LABELS });
    expect(both.at('line 9 column t/s')).toMatchObject({ value: 0.5, labels: { tool: 'llama-bench' } });
  });

  it('is not claimed where columns are missing', () => {
    const text = '| PP | TG | S_PP t/s |\n|---|---|---|\n| 1 | 2 | 3 |\n';
    expect(readText('b.md', text).format).toBe('generic');
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('b.md', table(ROW, ROW));
    expectNoOtherNumberWhereCut('b.md', table(ROW, ROW.replace('256', '512')));
  });
});

const LINE =
  '{"n_kv_max": 4096, "n_batch": 1024, "n_ubatch": 256, "flash_attn": -1, "is_pp_shared": 1, "n_gpu_layers": 33, "n_threads": 8, "n_threads_batch": 6, "pp": 256, "tg": 64, "pl": 3, "n_kv": 448, "t_pp": 0.25, "speed_pp": 1024.0, "t_tg": 1.5, "speed_tg": 128.0, "t": 1.75, "speed": 256.0}';

describe('llama-batched-bench, JSON lines', () => {
  it('are read as the table is', () => {
    const reading = readText('b.jsonl', `${LINE}\n${LINE.replace('"pl": 3', '"pl": 4')}\n`);
    expect(reading).toMatchObject({ format: 'llama-batched-bench', records: 2, failed: [], warnings: [] });
    expect(brief(reading).slice(0, 6)).toEqual([
      ['prompt_eval_duration', 0.25, 's', 'line 1 /t_pp'],
      ['prompt_token_throughput', 1024, 'tok/s', 'line 1 /speed_pp'],
      ['eval_duration', 1.5, 's', 'line 1 /t_tg'],
      ['output_token_throughput', 128, 'tok/s', 'line 1 /speed_tg'],
      ['duration', 1.75, 's', 'line 1 /t'],
      ['total_token_throughput', 256, 'tok/s', 'line 1 /speed'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual(LABELS);
    expect(reading.measurements[6]?.labels.concurrency).toBe('4');
  });

  it('never fail where values are of the wrong type', () => {
    expectNoFaultWhenMangled('b.jsonl', LINE);
  });
});

const SAMPLE = 'llama-batched-bench/1-pr16894-table.md';
const absent = !existsSync(`${SAMPLES}${SAMPLE}`);

describe.skipIf(absent)(`llama-batched-bench, a real table${absent ? ' (left out: it is not there)' : ''}`, () => {
  it('has every number of its rows', () => {
    const reading = readSample(SAMPLE);
    const rows = readFileSync(`${SAMPLES}${SAMPLE}`, 'utf8')
      .split('\n')
      .filter((line) => /^\| +\d/.test(line))
      .map((line) => line.split('|').slice(1, -1).map(Number));
    expect(reading).toMatchObject({ format: 'llama-batched-bench', records: rows.length, warnings: [], failed: [] });
    expect(reading.measurements.map(({ value }) => value)).toEqual(rows.flatMap((row) => row.slice(4)));
    expect(reading.measurements.map(({ labels }) => labels.concurrency)).toEqual(rows.flatMap((row) => Array(6).fill(String(row[2]))));
    expect(reading.measurements[0]?.labels).toMatchObject({
      num_ctx: '20480',
      batch: '2048',
      is_pp_shared: 'false',
      flash_attention: 'true',
    });
  });
});
