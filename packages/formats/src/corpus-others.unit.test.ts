import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isCanonical, type Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/formats/', import.meta.url));
const here = existsSync(ROOT);

type Read = Extract<Reading, { status: 'read' }>;

/** Files that are declined, or that nothing can be read from without shifting cells. */
const REFUSED: Readonly<Record<string, { format: string; reason: RegExp }>> = {
  'autocannon/2-NOT-autocannon-httpbin-har.json': { format: 'har', reason: /^a profile, not a result: / },
  // 26 names and 27 values, 42 and 41, 26 and 27: examples in the tool's own documentation.
  'llama-bench/12-readme-2023-ragged.csv': { format: 'llama-bench', reason: /26 cells \(line 2 has 27\)/ },
  'llama-bench/13-readme-fork-2026-ragged.csv': { format: 'llama-bench', reason: /42 cells \(line 2 has 41\)/ },
  'llama-bench/14-readme-2023-ragged.sql': { format: 'llama-bench', reason: /27 values for 26 columns/ },
};

/** Metric, statistic, unit, and what its pointers look like: what numbers of a file of another tool may be called. */
type Meaning = readonly [metric: string, statistic: string, unit: string, pointers: RegExp];

/** Files of other tools, and what in them is a canonical metric because its name says so and, looked at by hand, is one. */
const OTHERS: Readonly<Record<string, { format: 'generic' | 'unknown'; canonical?: readonly Meaning[] }>> = {
  'google-benchmark/3-test4_run.json': { format: 'generic' },
  // Somebody's extract of a guidellm report. Its request latencies are in seconds under names that end in `_ms`, so neither they
  // nor the first tokens that they contradict are judged; its tokens per second are of input and output.
  'guidellm/2-rsevilla_parsed_results.json': {
    format: 'generic',
    canonical: [
      ['inter_token_latency', 'mean', 'ms', /^\/itl_mean_ms$/],
      ['inter_token_latency', 'p99', 'ms', /^\/itl_p99_ms$/],
      ['request_throughput', 'mean', 'req/s', /^\/throughput_mean_rps$/],
      ['request_throughput', 'p99', 'req/s', /^\/throughput_p99_rps$/],
      ['output_token_throughput', 'mean', 'tok/s', /^\/output_tokens_per_second_mean$/],
      ['output_token_throughput', 'p99', 'tok/s', /^\/output_tokens_per_second_p99$/],
    ],
  },
  'helm/2-hellaswag-pythia-run_spec.json': { format: 'generic' },
  // A script around llama-bench; `tokens_per_sec` is of prompts in mode pp and of output in mode tg.
  'llm-bench-lhl/1-glm45air-results.jsonl': {
    format: 'generic',
    canonical: [
      ['power', 'max', 'W', /^line \d+ \/max_power_w$/],
      ['power', 'mean', 'W', /^line \d+ \/avg_power_w$/],
      ['power', 'median', 'W', /^line \d+ \/median_power_w$/],
      ['output_token_throughput', 'value', 'tok/s', /^line \d+ \/tokens_per_sec$/],
    ],
  },
  'llm-bench-lhl/2-glm45air-system_info.json': { format: 'generic' },
  'llmperf/5-philschmid-llama3-8b_summary.json': {
    format: 'generic',
    canonical: [['output_token_throughput', 'value', 'tok/s', /^\/\d+\/throughput_token_per_s$/]],
  },
  'llmperf/6-philschmid-mistral-7b_summary.json': {
    format: 'generic',
    canonical: [['output_token_throughput', 'value', 'tok/s', /^\/\d+\/throughput_token_per_s$/]],
  },
  'locust/2-locust.json': { format: 'generic' },
  // A table with units in its header; `tokens_s` is what was generated.
  'ollama-community/4-chimeraforge_ollama_quant_bench.csv': {
    format: 'generic',
    canonical: [
      ['time_to_first_token', 'value', 's', /^line \d+ column ttft_s$/],
      ['output_token_throughput', 'value', 'tok/s', /^line \d+ column tokens_s$/],
      ['load_duration', 'value', 's', /^line \d+ column load_s$/],
      ['prompt_eval_duration', 'value', 's', /^line \d+ column prompt_eval_s$/],
      ['eval_duration', 'value', 's', /^line \d+ column eval_s$/],
    ],
  },
  'otava/1-local_sample.csv': { format: 'generic' },
};

/** Numbers of other tools, under their own names or not: value, unit and statistic as the raw file has them. */
const OTHER_VALUES: Readonly<
  Record<string, readonly (readonly [pointer: string, statistic: string, value: number, unit: string | null])[]>
> = {
  'guidellm/2-rsevilla_parsed_results.json': [
    ['/itl_mean_ms', 'mean', 10.423929083078537, 'ms'],
    ['/tokens_per_second_mean', 'mean', 2426.93797445331, 'tok/s'],
  ],
  'llm-bench-lhl/1-glm45air-results.jsonl': [
    ['line 1 /tokens_per_sec', 'value', 22.872535, 'tok/s'],
    ['line 1 /vram_peak_mib', 'value', 190, 'MiB'],
    ['line 1 /bench_raw/samples_ns/4', 'value', 43582664, 'ns'],
  ],
  'llmperf/5-philschmid-llama3-8b_summary.json': [
    ['/16/throughput_token_per_s', 'value', 276.3002445263807, 'tok/s'],
    ['/1/first-time-to-token_mean_in_ms', 'mean', 158.1385759098339, 'ms'],
  ],
  'ollama-community/4-chimeraforge_ollama_quant_bench.csv': [
    ['line 2 column ttft_s', 'value', 0.1382, 's'],
    ['line 7 column load_s', 'value', 6.2012, 's'],
    ['line 16 column tokens_s', 'value', 46.64, 'tok/s'],
  ],
};

const readings = new Map<string, Reading>();
for (const entry of here ? readdirSync(ROOT, { recursive: true, withFileTypes: true }) : []) {
  const path = `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replace(/^\//, '');
  if (entry.isFile() && path.includes('/')) readings.set(path, readArtifact({ path, bytes: readFileSync(`${ROOT}${path}`) }));
}

function read(path: string): Read {
  const reading = readings.get(path);
  if (reading?.status !== 'read') throw new Error(`${path} was not read: ${reading?.reason ?? 'it is not there'}`);
  return reading;
}

describe.skipIf(!here)('the other collected files', () => {
  it('are all that are refused, or belong to no known format', () => {
    const others = [...readings].filter(([, { status, format }]) => status === 'refused' || format === 'generic' || format === 'unknown');
    expect(others.map(([path]) => path).sort()).toEqual([...Object.keys(REFUSED), ...Object.keys(OTHERS)].sort());
  });

  it.each(Object.entries(REFUSED))('%s: is refused with the reason', (path, { format, reason }) => {
    expect(readings.get(path)).toMatchObject({ status: 'refused', format, reason: expect.stringMatching(reason) });
  });

  it.each(Object.entries(OTHERS))(
    '%s: belongs to no known format, and nothing in it is called what it is not',
    (path, { format, canonical = [] }) => {
      const { measurements, ...reading } = read(path);
      expect(reading.format).toBe(format);
      const wrong = measurements.filter(
        (one) =>
          isCanonical(one.metric) &&
          !canonical.some(
            ([metric, statistic, unit, pointers]) =>
              metric === one.metric && statistic === one.statistic && unit === one.unit && pointers.test(one.pointer),
          ),
      );
      expect(wrong.slice(0, 5)).toEqual([]);
    },
  );

  it.each(Object.entries(OTHER_VALUES))('%s: has the values and units that stand there', (path, values) => {
    const found = values.map(([pointer]) => {
      const one = read(path).measurements.find((m) => m.pointer === pointer);
      return [one?.pointer, one?.statistic, one?.value, one?.unit];
    });
    expect(found).toEqual(values);
  });

  it('have no tokens per second of a prompt among those of output', () => {
    const path = 'llm-bench-lhl/1-glm45air-results.jsonl';
    const modes = readFileSync(`${ROOT}${path}`, 'utf8')
      .split('\n')
      .map((line) => /"mode":"(\w+)"/.exec(line)?.[1]);
    expect(new Set(modes)).toEqual(new Set(['pp', 'tg', undefined]));
    const output = read(path).measurements.filter(({ metric }) => metric === 'output_token_throughput');
    const ofOthers = output.filter(({ pointer }) => modes[Number(/^line (\d+)/.exec(pointer)?.[1]) - 1] !== 'tg');
    expect(ofOthers).toEqual([]);
  });

  it('give no number twice', () => {
    for (const [path, reading] of readings) {
      if (reading.status === 'refused' || /\.(txt|log)$/.test(path)) continue;
      const seen = new Map<string, number>();
      for (const { pointer } of reading.measurements) seen.set(pointer, (seen.get(pointer) ?? 0) + 1);
      expect([path, [...seen].filter(([, count]) => count > 1).slice(0, 3)]).toEqual([path, []]);
    }
  });
});
