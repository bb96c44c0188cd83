import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readArtifact } from '../read-artifact.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const metric = (...values: number[]) => ({ mean: values.reduce((a, b) => a + b) / values.length, std: 0.5, values });
const test = (concurrency: number) => ({
  concurrency,
  context_size: 1000,
  prompt_size: 256,
  response_size: 16,
  is_context_prefill_phase: false,
  pp_throughput: metric(400, 500),
  pp_req_throughput: metric(400, 500),
  tg_throughput: metric(20, 30),
  tg_req_throughput: metric(20, 30),
  peak_throughput: metric(33, 35),
  ttfr: metric(90, 110),
  est_ppt: metric(80, 100),
  e2e_ttft: metric(120, 140),
  throughput_over_time: [[[0, 1]]],
});
const suite = (...benchmarks: unknown[]) =>
  JSON.stringify({
    version: '0.3.0',
    timestamp: '2026-05-01 10:00:00Z',
    latency_mode: 'generation',
    latency_ms: 2.5,
    model: 'acme/tiny-1b',
    prefix_caching_enabled: false,
    max_concurrency: 4,
    benchmarks,
  });

describe('llama-benchy, JSON', () => {
  it('reads mean, deviation and values of each metric', () => {
    const reading = readText('b.json', suite(test(1)));
    expect(reading).toMatchObject({ format: 'llama-benchy', records: 1, failed: [], warnings: [] });
    expect(reading.at('/latency_ms')).toMatchObject({ metric: '/latency_ms', value: 2.5, unit: 'ms' });
    expect(reading.at('/benchmarks/0/pp_throughput/mean')).toMatchObject({
      metric: 'prompt_token_throughput',
      statistic: 'mean',
      value: 450,
      unit: 'tok/s',
      n: 2,
    });
    expect(reading.at('/benchmarks/0/tg_throughput/std')).toMatchObject({
      metric: 'output_token_throughput',
      statistic: 'stddev',
      value: 0.5,
      n: 2,
    });
    expect(reading.at('/benchmarks/0/tg_throughput/values/1')).toMatchObject({
      statistic: 'value',
      value: 30,
      n: null,
      over: 'repetitions',
    });
    expect(reading.at('/benchmarks/0/tg_req_throughput/mean')).toMatchObject({
      metric: 'output_token_throughput_per_user',
      over: 'repetitions',
    });
    expect(reading.at('/benchmarks/0/e2e_ttft/mean')).toMatchObject({ metric: 'time_to_first_token', value: 130, unit: 'ms' });
    expect(reading.at('/benchmarks/0/ttfr/mean')).toMatchObject({ metric: '/benchmarks/*/ttfr', value: 100, unit: 'ms' });
    expect(reading.at('/benchmarks/0/est_ppt/values/0')).toMatchObject({ metric: '/benchmarks/*/est_ppt', value: 80 });
    expect(reading.at('/benchmarks/0/peak_throughput/mean')).toMatchObject({ metric: '/benchmarks/*/peak_throughput', unit: 'tok/s' });
    expect(reading.measurements).toHaveLength(1 + 8 * 4);
    expect(reading.at('/benchmarks/0/e2e_ttft/mean')?.labels).toEqual({
      tool: 'llama-benchy',
      tool_version: '0.3.0',
      timestamp: '2026-05-01 10:00:00Z',
      model: 'acme/tiny-1b',
      latency_mode: 'generation',
      prefix_caching_enabled: 'false',
      concurrency: '1',
      depth: '1000',
      prompt_length: '256',
      output_length: '16',
    });
  });

  it('knows that requests which run at once are no repetitions', () => {
    const reading = readText('b.json', suite({ ...test(4), is_context_prefill_phase: true }));
    expect(reading.at('/benchmarks/0/e2e_ttft/values/0')).toMatchObject({
      over: 'requests',
      labels: { concurrency: '4', phase: 'context prefill' },
    });
    expect(reading.at('/benchmarks/0/tg_throughput/values/0')?.over).toBe('repetitions');
  });

  it('counts a test without any metric as failed, and leaves out what is 0 throughout', () => {
    const nothing = {
      concurrency: 1,
      context_size: 0,
      prompt_size: 8,
      response_size: 8,
      is_context_prefill_phase: false,
      tg_throughput: null,
    };
    const reading = readText('b.json', suite(nothing, { ...test(1), e2e_ttft: metric(0, 0) }, 5));
    expect(reading.failed).toEqual([{ pointer: '/benchmarks/0', reason: 'nothing was measured: no request succeeded' }]);
    expect(reading.at('/benchmarks/1/e2e_ttft/mean')).toBeUndefined();
    expect(reading.warnings).toEqual([
      '/benchmarks/1: e2e_ttft is 0 throughout, so it was not measured; it was left out',
      '/benchmarks/2: no test: it was not read',
    ]);
  });

  it('is not the progress of a run, which is declined', () => {
    const events = ['header', 'request_start', 'tokens'].map((type, ts) =>
      JSON.stringify({ schema: 'llama-benchy-progress.v1', type, ts, count: 3 }),
    );
    const one = readArtifact({ path: 'p.jsonl', bytes: Buffer.from(`${events.join('\n')}\n`) });
    expect(one).toMatchObject({ status: 'refused', format: 'llama-benchy', reason: expect.stringContaining('the progress of a run') });
    expect(readText('p.jsonl', `${JSON.stringify({ schema: 'somebody.v1', type: 'tokens', ts: 1 })}\n`).format).toBe('generic');
  });

  it('never fails where values are of the wrong type', () => {
    const { throughput_over_time: _, ...short } = test(2);
    expectNoFaultWhenMangled('b.json', suite({ ...short, pp_req_throughput: null, ttfr: null, est_ppt: null }));
  });

  it.each([
    ['no tests', { latency_mode: 'api', benchmarks: [] }],
    ['other benchmarks', { latency_mode: 'api', benchmarks: [{ real_time: 1 }] }],
  ])('does not claim %s', (_, value) => {
    expect(readText('benchmarks.json', JSON.stringify(value)).format).not.toBe('llama-benchy');
  });
});

const TABLE = `| model | test | t/s | ttfr (ms) | est_ppt (ms) | e2e_ttft (ms) |
|:---|---:|---:|---:|---:|---:|
| acme/tiny-1b | pp256 @ d1000 | 450.00 ± 50.00 | 100.00 ± 10.00 | 90.00 ± 10.00 | 130.25 ± 10.00 |
| acme/tiny-1b | tg16 @ d1000 | 25.00 ± 5.00 | | | |
`;

describe('llama-benchy, Markdown', () => {
  it.each(['b.md', 'b.txt'])('reads means with their deviations: %s', (path) => {
    const reading = readText(path, TABLE);
    expect(reading).toMatchObject({ format: 'llama-benchy', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['prompt_token_throughput', 'mean', 450, 'tok/s', 'line 3 column t/s'],
      ['prompt_token_throughput', 'stddev', 50, 'tok/s', 'line 3 column t/s'],
      ['ttfr', 'mean', 100, 'ms', 'line 3 column ttfr (ms)'],
      ['ttfr', 'stddev', 10, 'ms', 'line 3 column ttfr (ms)'],
      ['est_ppt', 'mean', 90, 'ms', 'line 3 column est_ppt (ms)'],
      ['est_ppt', 'stddev', 10, 'ms', 'line 3 column est_ppt (ms)'],
      ['time_to_first_token', 'mean', 130.25, 'ms', 'line 3 column e2e_ttft (ms)'],
      ['time_to_first_token', 'stddev', 10, 'ms', 'line 3 column e2e_ttft (ms)'],
      ['output_token_throughput', 'mean', 25, 'tok/s', 'line 4 column t/s'],
      ['output_token_throughput', 'stddev', 5, 'tok/s', 'line 4 column t/s'],
    ]);
    const common = { tool: 'llama-benchy', model: 'acme/tiny-1b', depth: '1000', concurrency: '1' };
    expect(reading.measurements[0]?.labels).toEqual({ ...common, test: 'pp256 @ d1000', prompt_length: '256' });
    expect(reading.measurements.at(-1)?.labels).toEqual({ ...common, test: 'tg16 @ d1000', output_length: '16' });
  });

  it('reads columns of several requests at once', () => {
    const reading = readText(
      'b.md',
      '| model | test | t/s (total) | t/s (req) | peak t/s | peak t/s (req) | ttfr (ms) | est_ppt (ms) | e2e_ttft (ms) |\n|:--|--:|--:|--:|--:|--:|--:|--:|--:|\n| m | ctx_pp @ d2000 (c2) | 900.00 ± 1.00 | 450.00 ± 2.00 | | | 9.00 ± 1.00 | 8.00 ± 1.00 | 10.00 ± 1.00 |\n| m | tg32 (c2) | 60.00 ± 1.00 | 30.00 ± 2.00 | 70.00 ± 1.00 | 36.00 ± 1.00 | | | |\n| m | what | 1.00 ± 1.00 | | | | | | |\n',
    );
    const means = reading.measurements.filter(({ statistic }) => statistic === 'mean');
    expect(means.map(({ metric, value, over }) => [metric, value, over])).toEqual([
      ['prompt_token_throughput', 900, 'repetitions'],
      ['pp_req_throughput', 450, 'requests'],
      ['ttfr', 9, 'requests'],
      ['est_ppt', 8, 'requests'],
      ['time_to_first_token', 10, 'requests'],
      ['output_token_throughput', 60, 'repetitions'],
      ['output_token_throughput_per_user', 30, 'requests'],
      ['peak_throughput', 70, 'repetitions'],
      ['peak_req_throughput', 36, 'requests'],
    ]);
    expect(means[0]?.labels).toMatchObject({ concurrency: '2', depth: '2000', phase: 'context prefill' });
    expect(reading.warnings).toEqual(['line 5 column test: "what" is no test that is known: the row was not read']);
  });

  it.each(['—', '-', 'n/a'])('knows that a cell of %s holds nothing', (none) => {
    const reading = readText('b.md', TABLE.replace('| | | |', `| ${none} | ${none} | ${none} |`));
    expect(reading).toMatchObject({ records: 2, warnings: [] });
    expect(reading.measurements).toHaveLength(10);
  });

  it('reads no row whose cells are out of place, as where a page lost an empty one', () => {
    const head = '| model | test | t/s | peak t/s | ttfr (ms) | est_ppt (ms) | e2e_ttft (ms) |\n|:--|--:|--:|--:|--:|--:|--:|\n';
    const lost = '| m | pp256 | 450.00 ± 5.00 | 100.00 ± 1.00 | 90.00 ± 1.00 | 130.00 ± 1.00 | |\n';
    const reading = readText('b.md', `${head}${lost}| m | tg16 | 25.00 ± 0.50 | 26.00 ± 0.25 | | | |\n`);
    expect(reading.measurements.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['line 4 column t/s', 25],
      ['line 4 column t/s', 0.5],
      ['line 4 column peak t/s', 26],
      ['line 4 column peak t/s', 0.25],
    ]);
    expect(reading.warnings).toEqual([
      'line 3 column peak t/s: pp256 has no such number, so the cells may be out of place: the row was not read',
    ]);
  });

  it('does not guess how many requests ran at once where an early version did not say so', () => {
    const early = TABLE.replace('| t/s |', '| t/s (total) |');
    const reading = readText('b.md', early);
    expect(reading.at('line 3 column t/s (total)')?.labels).not.toHaveProperty('concurrency');
    const times = reading.measurements.filter(({ metric }) => metric === 'time_to_first_token');
    expect(times.map(({ value, over }) => [value, over])).toEqual([
      [130.25, 'requests'],
      [10, 'requests'],
    ]);
  });

  it('is no table of llama-bench, which has no times of a first response', () => {
    const bench =
      '| model | size | params | backend | test | t/s |\n|---|---|---|---|---|---|\n| a 1B Q4_0 | 1 GiB | 1 B | CPU | tg64 | 12.5 ± 0.5 |\n';
    expect(readText('b.md', bench).format).toBe('llama-bench');
    expect(readText('b.md', `${bench}\n${TABLE}`).at('line 8 column t/s')).toMatchObject({
      statistic: 'stddev',
      labels: { tool: 'llama-benchy' },
    });
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('b.md', TABLE);
    expectNoOtherNumberWhereCut('b.md', TABLE);
  });
});

const CSV = `model,test_name,t_s_mean,t_s_std,t_s_req_mean,t_s_req_std,peak_ts_mean,peak_ts_std,peak_ts_req_mean,peak_ts_req_std,ttfr_mean,ttfr_std,est_ppt_mean,est_ppt_std,e2e_ttft_mean,e2e_ttft_std
acme/tiny-1b,pp256 @ d1000 (c2),900.5,1.5,450.25,2.5,,,,,100.5,10.5,90.5,9.5,130.25,11.5
acme/tiny-1b,tg16 @ d1000 (c2),60.5,1.25,30.5,2.25,70.5,1.75,36.5,1.125,,,,,,
acme/tiny-1b,ctx_pp @ d4000,800.5,nan,,,,,,,0,0,x,9.5,140.25,12.5
`;

describe('llama-benchy, CSV', () => {
  it('knows the units that its columns do not name', () => {
    const reading = readText('b.csv', CSV);
    expect(reading).toMatchObject({ format: 'llama-benchy', kind: 'csv', records: 3, failed: [] });
    const told = reading.measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [
      metric,
      statistic,
      value,
      unit,
      n,
      over,
      pointer.replace('column ', ''),
    ]);
    expect(told).toEqual([
      ['prompt_token_throughput', 'mean', 900.5, 'tok/s', null, 'repetitions', 'line 2 t_s_mean'],
      ['prompt_token_throughput', 'stddev', 1.5, 'tok/s', null, 'repetitions', 'line 2 t_s_std'],
      ['pp_req_throughput', 'mean', 450.25, 'tok/s', null, 'requests', 'line 2 t_s_req_mean'],
      ['pp_req_throughput', 'stddev', 2.5, 'tok/s', null, 'requests', 'line 2 t_s_req_std'],
      ['ttfr', 'mean', 100.5, 'ms', null, 'requests', 'line 2 ttfr_mean'],
      ['ttfr', 'stddev', 10.5, 'ms', null, 'requests', 'line 2 ttfr_std'],
      ['est_ppt', 'mean', 90.5, 'ms', null, 'requests', 'line 2 est_ppt_mean'],
      ['est_ppt', 'stddev', 9.5, 'ms', null, 'requests', 'line 2 est_ppt_std'],
      ['time_to_first_token', 'mean', 130.25, 'ms', null, 'requests', 'line 2 e2e_ttft_mean'],
      ['time_to_first_token', 'stddev', 11.5, 'ms', null, 'requests', 'line 2 e2e_ttft_std'],
      ['output_token_throughput', 'mean', 60.5, 'tok/s', null, 'repetitions', 'line 3 t_s_mean'],
      ['output_token_throughput', 'stddev', 1.25, 'tok/s', null, 'repetitions', 'line 3 t_s_std'],
      ['output_token_throughput_per_user', 'mean', 30.5, 'tok/s', null, 'requests', 'line 3 t_s_req_mean'],
      ['output_token_throughput_per_user', 'stddev', 2.25, 'tok/s', null, 'requests', 'line 3 t_s_req_std'],
      ['peak_throughput', 'mean', 70.5, 'tok/s', null, 'repetitions', 'line 3 peak_ts_mean'],
      ['peak_throughput', 'stddev', 1.75, 'tok/s', null, 'repetitions', 'line 3 peak_ts_std'],
      ['peak_req_throughput', 'mean', 36.5, 'tok/s', null, 'requests', 'line 3 peak_ts_req_mean'],
      ['peak_req_throughput', 'stddev', 1.125, 'tok/s', null, 'requests', 'line 3 peak_ts_req_std'],
      ['prompt_token_throughput', 'mean', 800.5, 'tok/s', null, 'repetitions', 'line 4 t_s_mean'],
      ['est_ppt', 'stddev', 9.5, 'ms', null, 'repetitions', 'line 4 est_ppt_std'],
      ['time_to_first_token', 'mean', 140.25, 'ms', null, 'repetitions', 'line 4 e2e_ttft_mean'],
      ['time_to_first_token', 'stddev', 12.5, 'ms', null, 'repetitions', 'line 4 e2e_ttft_std'],
    ]);
    expect(reading.warnings).toEqual([
      'line 4 column ttfr_mean: 0, which is written where nothing was measured: it is absent',
      'line 4 column est_ppt_mean: "x" is no number: it was not read',
    ]);
    const common = { tool: 'llama-benchy', model: 'acme/tiny-1b' };
    expect(reading.at('line 2 column t_s_mean')?.labels).toEqual({
      ...common,
      test: 'pp256 @ d1000 (c2)',
      prompt_length: '256',
      depth: '1000',
      concurrency: '2',
    });
    expect(reading.at('line 4 column t_s_mean')?.labels).toEqual({
      ...common,
      test: 'ctx_pp @ d4000',
      depth: '4000',
      concurrency: '1',
      phase: 'context prefill',
    });
  });

  it('is no other table with a mean, never fails on a mangled one, and yields no other number of a cut one', () => {
    expect(readText('b.csv', 'model,test_name,t_s_mean,t_s_std\nm,pp1,1,2\n').format).toBe('generic');
    expectNoFaultWhenMangled('b.csv', CSV);
    expectNoOtherNumberWhereCut('b.csv', CSV);
  });
});

const SAMPLE = 'llama-benchy/1-sample.json';
const absent = !existsSync(`${SAMPLES}${SAMPLE}`);

describe.skipIf(absent)(`llama-benchy, a real suite${absent ? ' (left out: it is not there)' : ''}`, () => {
  it('has every metric of every test', () => {
    const reading = readSample(SAMPLE);
    expect(reading).toMatchObject({ format: 'llama-benchy', warnings: [], failed: [] });
    const raw: { benchmarks: Record<string, { mean?: number; std?: number; values?: number[] } | number | null>[] } = JSON.parse(
      readFileSync(`${SAMPLES}${SAMPLE}`, 'utf8'),
    );
    const expected = raw.benchmarks.flatMap((one, index) =>
      Object.entries(one).flatMap(([name, value]) =>
        typeof value === 'object' && value !== null && value.mean !== undefined
          ? [
              [`/benchmarks/${index}/${name}/mean`, value.mean],
              [`/benchmarks/${index}/${name}/std`, value.std],
              ...(value.values ?? []).map((v, at) => [`/benchmarks/${index}/${name}/values/${at}`, v]),
            ]
          : [],
      ),
    );
    expect(expected.length).toBeGreaterThan(20);
    expect(
      reading.measurements
        .slice(1)
        .map(({ pointer, value }) => [pointer, value])
        .sort(),
    ).toEqual(expected.sort());
    expect(reading.at('/benchmarks/0/tg_throughput/mean')).toMatchObject({ metric: 'output_token_throughput', value: 49.97785098352942 });
  });
});
