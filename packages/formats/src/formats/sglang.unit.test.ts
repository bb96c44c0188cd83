import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'r.jsonl'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

/** A run as a version of late 2025 writes it, with a few of the server's settings. */
const RUN = {
  tag: null,
  backend: 'sglang',
  dataset_name: 'random',
  request_rate: 8,
  max_concurrency: 32,
  sharegpt_output_len: null,
  random_input_len: 256,
  random_output_len: 64,
  random_range_ratio: 1.0,
  server_info: {
    model_path: 'org/tiny-7b',
    tp_size: 2,
    quantization: 'fp8',
    dtype: 'auto',
    kv_cache_dtype: 'auto',
    mem_fraction_static: 0.88,
    context_length: null,
    host: '0.0.0.0',
    version: '0.5.4',
    max_total_num_tokens: 410321,
    internal_states: [{ last_gen_throughput: 1234.5 }],
  },
  duration: 20.5,
  completed: 160,
  total_input_tokens: 40960,
  total_output_tokens: 10240,
  total_output_tokens_retokenized: 10201,
  request_throughput: 7.8,
  input_throughput: 1998.05,
  output_throughput: 499.5,
  total_throughput: 2497.56,
  mean_e2e_latency_ms: 1020.5,
  median_e2e_latency_ms: 1001.25,
  std_e2e_latency_ms: 88.5,
  p99_e2e_latency_ms: 1290.75,
  mean_ttft_ms: 61.5,
  median_ttft_ms: 55.25,
  std_ttft_ms: 12.5,
  p99_ttft_ms: 99.75,
  mean_tpot_ms: 15.25,
  median_tpot_ms: 15,
  std_tpot_ms: 0.5,
  p99_tpot_ms: 17.5,
  mean_itl_ms: 15.5,
  median_itl_ms: 14.25,
  std_itl_ms: 6.25,
  p95_itl_ms: 21.5,
  p99_itl_ms: 44.5,
  max_itl_ms: 210.25,
  concurrency: 7.97,
  accept_length: 2.75,
};

const run = (changes: object = {}): Read => read(`${JSON.stringify({ ...RUN, ...changes })}\n`);
const at = (reading: Read, pointer: string): Measurement | undefined => reading.measurements.find((one) => one.pointer === pointer);
const brief = (one: Measurement | undefined) => one && [one.metric, one.statistic, one.value, one.unit, one.n, one.over ?? null];
const labels = (reading: Read) => reading.measurements[0]?.labels;

describe('sglang.bench_serving', () => {
  it('gives each number with its metric, statistic, unit, n and what it is over', () => {
    const reading = run();
    expect(reading).toMatchObject({ format: 'sglang', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map((one) => [one.pointer.slice('line 1 /'.length), ...(brief(one) ?? [])])).toEqual([
      ['duration', 'duration', 'value', 20.5, 's', null, 'runs'],
      ['completed', '/completed', 'value', 160, null, null, null],
      ['total_input_tokens', '/total_input_tokens', 'value', 40960, 'tokens', null, null],
      ['total_output_tokens', '/total_output_tokens', 'value', 10240, 'tokens', null, null],
      ['total_output_tokens_retokenized', '/total_output_tokens_retokenized', 'value', 10201, 'tokens', null, null],
      ['request_throughput', 'request_throughput', 'value', 7.8, 'req/s', null, 'runs'],
      ['input_throughput', 'prompt_token_throughput', 'value', 1998.05, 'tok/s', null, 'runs'],
      ['output_throughput', 'output_token_throughput', 'value', 499.5, 'tok/s', null, 'runs'],
      ['total_throughput', 'total_token_throughput', 'value', 2497.56, 'tok/s', null, 'runs'],
      ['concurrency', '/concurrency', 'mean', 7.97, null, null, null],
      ['accept_length', '/accept_length', 'mean', 2.75, 'tokens', null, null],
      ['mean_e2e_latency_ms', 'request_latency', 'mean', 1020.5, 'ms', 160, 'requests'],
      ['median_e2e_latency_ms', 'request_latency', 'median', 1001.25, 'ms', 160, 'requests'],
      ['std_e2e_latency_ms', 'request_latency', 'stddev', 88.5, 'ms', 160, 'requests'],
      ['p99_e2e_latency_ms', 'request_latency', 'p99', 1290.75, 'ms', 160, 'requests'],
      ['mean_ttft_ms', 'time_to_first_token', 'mean', 61.5, 'ms', 160, 'requests'],
      ['median_ttft_ms', 'time_to_first_token', 'median', 55.25, 'ms', 160, 'requests'],
      ['std_ttft_ms', 'time_to_first_token', 'stddev', 12.5, 'ms', 160, 'requests'],
      ['p99_ttft_ms', 'time_to_first_token', 'p99', 99.75, 'ms', 160, 'requests'],
      ['mean_tpot_ms', 'time_per_output_token', 'mean', 15.25, 'ms', 160, 'requests'],
      ['median_tpot_ms', 'time_per_output_token', 'median', 15, 'ms', 160, 'requests'],
      ['std_tpot_ms', 'time_per_output_token', 'stddev', 0.5, 'ms', 160, 'requests'],
      ['p99_tpot_ms', 'time_per_output_token', 'p99', 17.5, 'ms', 160, 'requests'],
      ['mean_itl_ms', 'inter_token_latency', 'mean', 15.5, 'ms', null, 'gaps'],
      ['median_itl_ms', 'inter_token_latency', 'median', 14.25, 'ms', null, 'gaps'],
      ['std_itl_ms', 'inter_token_latency', 'stddev', 6.25, 'ms', null, 'gaps'],
      ['p95_itl_ms', 'inter_token_latency', 'p95', 21.5, 'ms', null, 'gaps'],
      ['p99_itl_ms', 'inter_token_latency', 'p99', 44.5, 'ms', null, 'gaps'],
      ['max_itl_ms', 'inter_token_latency', 'max', 210.25, 'ms', null, 'gaps'],
    ]);
  });

  it('labels what was set, the concurrency that was set among it', () => {
    expect(labels(run())).toEqual({
      ...{ tool: 'sglang.bench_serving', engine: 'sglang', backend: 'sglang', engine_version: '0.5.4', model: 'org/tiny-7b' },
      ...{ dataset: 'random', request_rate: '8', concurrency: '32', prompt_length: '256', output_length: '64', random_range_ratio: '1' },
      ...{ tensor_parallel: '2', quantization: 'fp8', dtype: 'auto', kv_cache: 'auto', mem_fraction_static: '0.88' },
    });
  });

  it('knows no model where the server says nothing of itself', () => {
    expect(labels(run({ server_info: undefined }))?.model).toBeUndefined();
    expect(labels(run({ server_info: 'gone', tag: 'baseline' }))).toMatchObject({ tag: 'baseline' });
    expect(labels(run({ server_info: { prefill: [{ tp_size: 8 }], decode: [{ model_path: 'org/a', tp_size: 4 }] } }))).toMatchObject({
      ...{ model: 'org/a', tensor_parallel: '4', prefill_servers: '1', decode_servers: '1', prefill_tensor_parallel: '8' },
    });
    expect(labels(run({}))?.prefill_servers).toBeUndefined();
  });

  it.each([
    ['sglang-oai-chat', 'sglang'],
    ['vllm', 'vllm'],
    ['lmdeploy-chat', 'lmdeploy'],
    ['trt', 'tensorrt-llm'],
    ['gserver', undefined],
  ])('measures the server that the backend %s names', (backend, engine) => {
    expect(labels(run({ backend }))?.engine).toBe(engine);
  });

  it('takes no length of a data set that was not used', () => {
    const shared = labels(run({ dataset_name: 'sharegpt', sharegpt_output_len: 300, random_range_ratio: 0 }));
    expect([shared?.prompt_length, shared?.output_length, shared?.random_range_ratio]).toEqual([undefined, '300', undefined]);
  });

  it('reads the bare word Infinity, in each of many runs of a file', () => {
    const endless = JSON.stringify({ ...RUN, max_concurrency: null }).replace('"request_rate":8', '"request_rate": Infinity');
    const reading = read(`${endless}\n${JSON.stringify({ ...RUN, mean_ttft_ms: 70 })}\n${endless}\n`, 'r.json');
    expect(reading).toMatchObject({ format: 'sglang', records: 3, failed: [] });
    const rates = reading.measurements
      .filter(({ pointer }) => pointer.endsWith('/mean_ttft_ms'))
      .map((one) => [one.pointer, one.value, one.labels.request_rate]);
    expect(rates).toEqual([
      ['line 1 /mean_ttft_ms', 61.5, 'inf'],
      ['line 2 /mean_ttft_ms', 70, '8'],
      ['line 3 /mean_ttft_ms', 61.5, 'inf'],
    ]);
    expect(reading.warnings.join('\n')).toContain('2 values are NaN or Infinity');
    expect(reading.measurements.every((one) => one.labels.saturated === undefined)).toBe(true);
  });

  it('says that random lengths vary', () => {
    expect(run({ random_range_ratio: 0 }).warnings).toEqual([
      'line 1: its prompts have from 1 to 256 tokens (random_range_ratio 0), so a prompt length of 256 is the greatest, not the mean',
    ]);
    expect(run({ random_range_ratio: 0.5 }).warnings[0]).toContain('from 128 to 256 tokens');
  });

  it('labels a run as saturated', () => {
    const reading = run({ request_throughput: 6.5, max_concurrency: null });
    expect(labels(reading)?.saturated).toBe('yes');
    expect(reading.warnings).toEqual([
      expect.stringContaining('line 1: 8 requests a second were asked for and 6.50 served: an open-loop run'),
    ]);
    // The slowest answers took 1.191 s behind their first token: 160 / (160 / 6.6 - 1.191) = 6.94. 160 requests that are drawn at 8 a
    // second may take 2 * sqrt(160) / 8 s more than 20: 160 / 23.16 = 6.91.
    expect(labels(run({ request_throughput: 6.6, max_concurrency: null }))?.saturated).toBe('perhaps');
    expect(labels(run({ request_rate: 'trace', request_throughput: 1 }))?.saturated).toBeUndefined();
  });

  it('reads what the cache did, and numbers of later versions', () => {
    const reading = run({
      cache_report: { total_cached_tokens: 900, cache_hit_rate_pct: 42.5, storage_backend: null },
      p90_ttft_ms: 88,
      new_rate_tok_s: 3,
    });
    expect(brief(at(reading, 'line 1 /cache_report/cache_hit_rate_pct'))).toEqual([
      '/cache_report/cache_hit_rate_pct',
      'value',
      42.5,
      '%',
      null,
      null,
    ]);
    expect(brief(at(reading, 'line 1 /p90_ttft_ms'))).toEqual(['time_to_first_token', 'p90', 88, 'ms', 160, 'requests']);
    expect(brief(at(reading, 'line 1 /new_rate_tok_s'))).toEqual(['/new_rate_tok_s', 'value', 3, 'tok/s', null, null]);
    expect(reading.measurements.filter(({ pointer }) => pointer.includes('server_info'))).toEqual([]);
  });

  it('reads the requests of --output-details', () => {
    const details = {
      completed: 2,
      input_lens: [256, 256],
      output_lens: [3, 0],
      ttfts: [0.06, 0],
      itls: [[0.015, 0.0155], []],
      errors: ['', 'timeout'],
    };
    const reading = run({ ...details, completed: 1, num_prompts: 2 });
    expect(at(reading, 'line 1 /ttfts/0')).toMatchObject({
      metric: 'time_to_first_token',
      value: 0.06,
      unit: 's',
      over: 'requests',
      failed: false,
    });
    expect(at(reading, 'line 1 /ttfts/1')).toMatchObject({ value: 0, failed: true });
    expect(at(reading, 'line 1 /itls/0/1')).toMatchObject({ metric: 'inter_token_latency', value: 0.0155, over: 'gaps' });
    expect(at(reading, 'line 1 /output_lens/0')).toMatchObject({ metric: '/output_lens/*', unit: 'tokens' });
  });
});

describe('runs of sglang.bench_serving without an answer, or without a stream', () => {
  const NONE = Object.fromEntries(
    Object.keys(RUN)
      .filter((key) => /_(?:ttft|tpot|itl)_ms$/.test(key))
      .map((key) => [key, 0.0]),
  );

  it('have no latency where nothing completed', () => {
    const text = JSON.stringify({
      ...RUN,
      ...NONE,
      completed: 0,
      request_throughput: 0,
      output_throughput: 0,
      input_throughput: 0,
      total_throughput: 0,
    });
    const reading = read(text.replace(/"(\w+_e2e_latency_ms)":[\d.]+/g, '"$1":NaN'));
    expect(reading.failed).toEqual([{ pointer: 'line 1 /completed', reason: 'no request completed' }]);
    expect(reading.measurements.map(({ metric, failed }) => [metric, failed])).toEqual([
      ['duration', true],
      ['/completed', true],
      ['/total_input_tokens', true],
      ['/total_output_tokens', true],
      ['/total_output_tokens_retokenized', true],
    ]);
  });

  it('have no times of tokens where they are zero', () => {
    const reading = run(NONE);
    const metrics = new Set(reading.measurements.map(({ metric }) => metric));
    for (const metric of ['time_to_first_token', 'time_per_output_token', 'inter_token_latency'])
      expect(metrics.has(metric), metric).toBe(false);
    expect(at(reading, 'line 1 /mean_e2e_latency_ms')?.value).toBe(1020.5);
    expect(reading.warnings).toHaveLength(3);
  });

  it('have no time to first token where it is that of the whole request', () => {
    const whole = { mean_ttft_ms: 1020.5, median_ttft_ms: 1001.25, std_ttft_ms: 88.5, p99_ttft_ms: 1290.75 };
    const reading = run({ ...NONE, ...whole, completed: 1, ttfts: [1.0205], output_lens: [64], errors: [''] });
    expect(reading.measurements.filter(({ metric }) => metric === 'time_to_first_token')).toEqual([]);
    expect(at(reading, 'line 1 /output_lens/0')?.value).toBe(64);
    expect(reading.warnings.join('\n')).toContain('nothing was streamed');
    expect(run({ mean_ttft_ms: 1020.5 }).measurements.filter(({ metric }) => metric === 'time_to_first_token')).toHaveLength(4);
  });

  it('have no times of tokens where the time to first token is nearly that of the whole request, and no gap was seen', () => {
    const gaps = { mean_itl_ms: 0, median_itl_ms: 0, std_itl_ms: 0, p95_itl_ms: 0, p99_itl_ms: 0, max_itl_ms: 0 };
    const nearly = { mean_ttft_ms: 1000.5, median_ttft_ms: 1001.5, std_ttft_ms: 88.25, p99_ttft_ms: 1290.5 };
    const tpot = { mean_tpot_ms: 0.3, median_tpot_ms: -0, std_tpot_ms: 1.5, p99_tpot_ms: 4.5 };
    const times = (reading: Read) => reading.measurements.filter(({ metric }) => /^time_|^inter_/.test(metric)).map(({ metric }) => metric);
    const reading = run({ ...gaps, ...nearly, ...tpot });
    expect(times(reading)).toEqual([]);
    expect(reading.warnings.join('\n')).toContain('nothing was streamed');
    expect(at(reading, 'line 1 /mean_e2e_latency_ms')?.value).toBe(1020.5);
    expect(times(run({ ...nearly, ...tpot }))).toContain('time_to_first_token');
    expect(times(run({ ...gaps, ...nearly, ...tpot, median_ttft_ms: 900 }))).toContain('time_to_first_token');
  });

  it('have a time to first token where that token is the whole answer', () => {
    const whole = { mean_ttft_ms: 1020.5, median_ttft_ms: 1001.25, std_ttft_ms: 88.5, p99_ttft_ms: 1290.75 };
    const reading = run({ ...NONE, ...whole, total_output_tokens: 160 });
    expect(at(reading, 'line 1 /median_ttft_ms')).toMatchObject({ metric: 'time_to_first_token', value: 1001.25 });
    expect(reading.measurements.filter(({ metric }) => metric === 'time_per_output_token')).toEqual([]);
  });

  it('say what in a file is no run', () => {
    const reading = read(`${JSON.stringify(RUN)}\n${JSON.stringify({ note: 1 })}\n`);
    expect(reading.warnings).toEqual(['line 2: no result of a run of sglang.bench_serving; it was not read']);
  });

  it.each([
    [{ mean_e2e_latency_ms: 3, random_input_len: 4 }],
    [{ mean_e2e_latency_ms: 3, total_output_tokens_retokenized: 4 }],
    [{ mean_e2el_ms: 3, total_output_tokens_retokenized: 4, random_input_len: 1 }],
  ])('are not %j', (value) => {
    expect(read(JSON.stringify(value), 'x.json').format).toBe('generic');
  });

  it('are read whatever stands under their keys', () => {
    const hostile = {
      server_info: [1],
      cache_report: 'x',
      itls: { a: 1 },
      errors: 'x',
      request_rate: {},
      max_concurrency: [],
      random_range_ratio: 'x',
      duration: null,
    };
    const reading = run(hostile);
    expect(reading.measurements.find(({ pointer }) => pointer === 'line 1 /mean_ttft_ms')?.value).toBe(61.5);
    expect(labels(reading)?.request_rate).toBeUndefined();
  });
});
