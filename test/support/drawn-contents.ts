import { sha256 } from '@chimera/shared/store';
import fc from 'fast-check';

/** Runs that differ in little: many candidates are equally good, and spellings, times and files' names make their studies merge and split. */
export const table = fc
  .record({
    labels: fc.constantFrom(['model', 'num_ctx'], ['model'], ['num_ctx'], []),
    metrics: fc.constantFrom(['tokens_s', 'ttft_s'], ['tokens_s'], ['tokens_s', 'ttft_s', 'accuracy'], ['ttft_s', 'mean_ttft_s']),
    fails: fc.constantFrom(false, false, true),
    rows: fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 16 }),
  })
  .map(({ labels, metrics, fails, rows }) => {
    const cellOf: Record<string, readonly string[]> = {
      model: ['alpha', 'Alpha', 'beta-q4_0', 'alpha:latest'],
      num_ctx: ['1024', '2048', '4096', '1024'],
    };
    const names = [...labels, ...metrics];
    const lines = rows.map((row, i) => {
      const cells = names.map((name, at) => cellOf[name]?.[row[at] ?? 0] ?? String((row[at] ?? 0) + 1));
      return [...cells, ...(fails ? [i === 0 ? 'connection refused' : ''] : [])].join();
    });
    return `${[...names, ...(fails ? ['error'] : [])].join()}\n${lines.join('\n')}\n`;
  });

/** Runs of one configuration each, which are a study together; several say the same numbers in other bytes. */
export const alike = fc
  .record({
    context: fc.constantFrom('1024', '2048', '4096'),
    metrics: fc.constantFrom(['tokens_s', 'ttft_s'], ['tokens_s'], ['ttft_s']),
    values: fc.constantFrom([1, 2, 3, 4], [1, 2, 3, 4], [2, 2, 3, 5], [1, 1]),
    zeros: fc.nat(3),
  })
  .map(({ context, metrics, values, zeros }) => {
    const rows = values.map((value) => ['alpha', context, ...metrics.map((_, at) => (value + at).toFixed(zeros))].join());
    return `${['model', 'num_ctx', ...metrics].join()}\n${rows.join('\n')}\n`;
  });

/** Runs of a campaign, one a line. */
export const campaign = fc
  .array(fc.tuple(fc.constantFrom('serial', 'parallel'), fc.constantFrom('one', 'two'), fc.integer({ min: 1, max: 9 }), fc.nat(5)), {
    minLength: 1,
    maxLength: 12,
  })
  .map((runs) =>
    runs
      .map(([arrangement, profile, seconds, luck], i) => ({
        ...{ schema: 'chimera.campaign-run/v1', campaign: 'nightly', ordinal: i + 1, repeat: i + 1, attempt: 1, profile, arrangement },
        ...{ run: sha256(`run ${i}`), inventory: sha256('inventory'), start: 'warm', agents: ['collector'], servers: [] },
        ...{
          startedAt: '2025-01-01T00:00:00.000Z',
          outcome: luck === 0 ? 'excluded' : 'measured',
          reason: luck === 0 ? 'It failed.' : null,
        },
        labels: { campaign_profile: profile, model: 'alpha', arrangement, start: 'warm' },
        measured: { wall_clock: { value: seconds, unit: 's' }, repairs: { value: luck, unit: 'calls' } },
        warnings: [],
      }))
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );

/** Files of llama-bench, which say when they ran. */
const dated = fc
  .tuple(
    fc.constantFrom('2025-01-01T00:00:00Z', '1969-01-01T00:00:00Z'),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
  )
  .map(([test_time, samples]) =>
    JSON.stringify([
      {
        ...{ build_commit: 'abc', build_number: 1, model_filename: 'alpha.gguf', model_type: 'alpha Q4_0', n_prompt: 0, n_gen: 128 },
        ...{ test_time, avg_ns: 1, stddev_ns: 0, avg_ts: samples[0], stddev_ts: 0, samples_ns: samples.map(() => 1), samples_ts: samples },
      },
    ]),
  );

const SUMMARY = { output_throughput: 100.1234, mean_ttft_ms: 12.3456, median_ttft_ms: 11.2345, p99_ttft_ms: 40.1234 };
const MORE = { mean_tpot_ms: 5.4321, median_tpot_ms: 5.1234, p99_tpot_ms: 9.8765, total_token_throughput: 300.4321 };
const OF_ONE_RUN = { ...SUMMARY, ...MORE };
const CONTENTS = [
  JSON.stringify(OF_ONE_RUN),
  JSON.stringify(Object.fromEntries(Object.entries(OF_ONE_RUN).map(([name, value]) => [name, Number(value.toFixed(2))]))),
  JSON.stringify({ model: 'alpha', results: [1, 2, 3, 4].map((ms) => ({ num_ctx: 1024, ttft_ms: ms, tokens_s: 10 * ms })) }),
  'num_ctx,ttft_ms,tokens_s\n1024,1,10\n1024,2,20\n1024,3,30\n1024,4,40\n',
  '{"schema": "chimera.report/v1"}',
  '{"ms": [1, 2',
  '# Notes\n\n| model | tokens_s |\n|---|---|\n| alpha | 3 |\n',
  'nothing\n',
  '',
  '\0\u0001\0',
];
/** What a dataset's settings may hold, also what nobody can use. */
export const SETTINGS = [
  'title: One\nexpected:\n  folders: [runs, gone]\n',
  'title: Two\nexpected:\n  kinds: [csv, markdown]\n',
  'title: [',
  'expected: {}\n',
];

const PATHS = [
  ...['a.csv', 'b.csv', 'z.json', 'note.md', 'runs/r-run1.csv', 'runs/r-run2.csv', 'runs/r-run3.csv', 'runs/alpha.csv', 'runs/beta.json'],
  ...['result-1.csv', 'result-2.csv', 'result-3.csv', 'deep/er/alpha-1.csv', 'deep/er/alpha-2.csv', 'csv_data/x.tsv', 'reports/plain'],
  ...['runs.jsonl', 'kept/runs.jsonl', 'kept/bench.json', 'bench.json'],
];
/** Paths that number repeats, name models, and lie in folders. */
export const path = fc.constantFrom(...PATHS);
/** What a file may hold. */
export const content = fc.oneof({ weight: 5, arbitrary: table }, { weight: 3, arbitrary: fc.constantFrom(...CONTENTS) }, dated, campaign);
