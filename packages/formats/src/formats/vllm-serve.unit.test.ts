import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'r.json'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

/** A run as a version of early 2026 writes it. */
const RUN = {
  date: '20260301-101112',
  endpoint_type: 'vllm',
  backend: 'vllm',
  label: null,
  model_id: 'org/tiny-7b',
  tokenizer_id: 'org/tiny-7b',
  num_prompts: 200,
  request_rate: 4.0,
  burstiness: 1.0,
  max_concurrency: null,
  duration: 51.25,
  completed: 200,
  failed: 0,
  total_input_tokens: 102400,
  total_output_tokens: 25600,
  request_throughput: 3.9024,
  request_goodput: null,
  output_throughput: 499.5,
  total_token_throughput: 2497.6,
  max_output_tokens_per_s: 812.0,
  max_concurrent_requests: 31,
  rtfx: 0.0,
  mean_ttft_ms: 81.5,
  median_ttft_ms: 74.25,
  std_ttft_ms: 20.125,
  p99_ttft_ms: 161.0,
  mean_tpot_ms: 12.5,
  median_tpot_ms: 12.25,
  std_tpot_ms: 1.5,
  p99_tpot_ms: 17.75,
  mean_itl_ms: 12.75,
  median_itl_ms: 11.5,
  std_itl_ms: 6.5,
  p99_itl_ms: 40.25,
};

const run = (changes: object = {}): Read => read(JSON.stringify({ ...RUN, ...changes }));
const without = (...keys: string[]): Read =>
  read(JSON.stringify(Object.fromEntries(Object.entries(RUN).filter(([key]) => !keys.includes(key)))));
const at = (reading: Read, pointer: string): Measurement | undefined => reading.measurements.find((one) => one.pointer === pointer);
const brief = (one: Measurement | undefined) => one && [one.metric, one.statistic, one.value, one.unit, one.n, one.over ?? null];
const labels = (reading: Read) => reading.measurements[0]?.labels;

describe('vllm bench serve', () => {
  it('gives each number with its metric, statistic, unit, n and what it is over', () => {
    const reading = run();
    expect(reading).toMatchObject({ format: 'vllm-serve', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map((one) => [one.pointer, ...(brief(one) ?? [])])).toEqual([
      ['/duration', 'duration', 'value', 51.25, 's', null, 'runs'],
      ['/completed', '/completed', 'value', 200, null, null, null],
      ['/failed', '/failed', 'value', 0, null, null, null],
      ['/total_input_tokens', '/total_input_tokens', 'value', 102400, 'tokens', null, null],
      ['/total_output_tokens', '/total_output_tokens', 'value', 25600, 'tokens', null, null],
      ['/request_throughput', 'request_throughput', 'value', 3.9024, 'req/s', null, 'runs'],
      ['/output_throughput', 'output_token_throughput', 'value', 499.5, 'tok/s', null, 'runs'],
      ['/total_token_throughput', 'total_token_throughput', 'value', 2497.6, 'tok/s', null, 'runs'],
      ['/max_output_tokens_per_s', '/max_output_tokens_per_s', 'max', 812, 'tok/s', null, null],
      ['/max_concurrent_requests', '/max_concurrent_requests', 'max', 31, null, null, null],
      ['/mean_ttft_ms', 'time_to_first_token', 'mean', 81.5, 'ms', 200, 'requests'],
      ['/median_ttft_ms', 'time_to_first_token', 'median', 74.25, 'ms', 200, 'requests'],
      ['/std_ttft_ms', 'time_to_first_token', 'stddev', 20.125, 'ms', 200, 'requests'],
      ['/p99_ttft_ms', 'time_to_first_token', 'p99', 161, 'ms', 200, 'requests'],
      ['/mean_tpot_ms', 'time_per_output_token', 'mean', 12.5, 'ms', 200, 'requests'],
      ['/median_tpot_ms', 'time_per_output_token', 'median', 12.25, 'ms', 200, 'requests'],
      ['/std_tpot_ms', 'time_per_output_token', 'stddev', 1.5, 'ms', 200, 'requests'],
      ['/p99_tpot_ms', 'time_per_output_token', 'p99', 17.75, 'ms', 200, 'requests'],
      ['/mean_itl_ms', 'inter_token_latency', 'mean', 12.75, 'ms', null, 'gaps'],
      ['/median_itl_ms', 'inter_token_latency', 'median', 11.5, 'ms', null, 'gaps'],
      ['/std_itl_ms', 'inter_token_latency', 'stddev', 6.5, 'ms', null, 'gaps'],
      ['/p99_itl_ms', 'inter_token_latency', 'p99', 40.25, 'ms', null, 'gaps'],
    ]);
  });

  it('labels what was set', () => {
    expect(labels(run())).toEqual({
      ...{ tool: 'vllm bench serve', engine: 'vllm', backend: 'vllm', model: 'org/tiny-7b' },
      ...{ num_prompts: '200', request_rate: '4', timestamp: '20260301-101112' },
    });
  });

  it('keeps texts of --metadata as labels, under the canonical name where there is one', () => {
    const added = { gpu: 'H100', tp: '4', vllm_version: '0.11.0', quantization: 'fp8', framework: 'plain', __proto__x: 'y' };
    expect(labels(run(added))).toMatchObject({
      ...{ gpu: 'H100', tensor_parallel: '4', engine_version: '0.11.0', quantization: 'fp8', framework: 'plain' },
    });
  });

  it.each([
    ['openai', undefined],
    ['openai-chat', undefined],
    ['sglang', 'sglang'],
    ['tgi', 'tgi'],
    ['tensorrt-llm', 'tensorrt-llm'],
  ])('names the server only where the backend %s names one', (backend, engine) => {
    expect(labels(run({ backend }))?.engine).toBe(engine);
  });

  it('knows a rate without limit in either spelling', () => {
    expect(labels(run({ request_rate: 'inf' }))?.request_rate).toBe('inf');
    expect(labels(read(JSON.stringify(RUN).replace('"request_rate":4', '"request_rate":Infinity')))?.request_rate).toBe('inf');
  });

  it('believes the metadata about the server', () => {
    expect(labels(run({ backend: 'openai', engine: 'sglang' }))?.engine).toBe('sglang');
  });

  it('sets runs apart by ramp and burstiness, and by numbers under the name of a setting', () => {
    const reading = run({ ramp_up_strategy: 'linear', ramp_up_start_rps: 1, ramp_up_end_rps: 9, burstiness: 0.5, max_num_seqs: 64 });
    expect(labels(reading)).toMatchObject({
      ...{ ramp_up_strategy: 'linear', ramp_up_start_rps: '1', ramp_up_end_rps: '9', burstiness: '0.5', max_num_seqs: '64' },
    });
    expect(reading.measurements.filter(({ pointer }) => /ramp|max_num_seqs|burst/.test(pointer))).toEqual([]);
  });

  it('reads whichever percentiles were asked for, and no median twice', () => {
    const reading = run({
      'p99.9_ttft_ms': 170.5,
      p75_itl_ms: 13,
      p100_tpot_ms: 20,
      p50_ttft_ms: 74.25,
      p25_e2el_ms: 1500,
      p101_ttft_ms: 1,
    });
    expect(brief(at(reading, '/p99.9_ttft_ms'))).toEqual(['time_to_first_token', 'p99.9', 170.5, 'ms', 200, 'requests']);
    expect(brief(at(reading, '/p75_itl_ms'))).toEqual(['inter_token_latency', 'p75', 13, 'ms', null, 'gaps']);
    expect(brief(at(reading, '/p100_tpot_ms'))).toEqual(['time_per_output_token', 'max', 20, 'ms', 200, 'requests']);
    expect(brief(at(reading, '/p50_ttft_ms'))).toEqual(['time_to_first_token', 'p50', 74.25, 'ms', 200, 'requests']);
    expect(brief(at(reading, '/p25_e2el_ms'))).toEqual(['request_latency', 'p25', 1500, 'ms', 200, 'requests']);
    expect(at(reading, '/p101_ttft_ms')?.metric).toBe('/p101_ttft_ms');
  });

  it('takes a p50 without a median for the median', () => {
    const reading = read(JSON.stringify({ ...RUN, median_ttft_ms: undefined, p50_ttft_ms: 74.25 }));
    expect(brief(at(reading, '/p50_ttft_ms'))).toEqual(['time_to_first_token', 'median', 74.25, 'ms', 200, 'requests']);
  });

  it('reads the goodput of both spellings, under its own name', () => {
    expect(brief(at(run({ 'request_goodput:': 3.5 }), '/request_goodput:'))).toEqual([
      '/request_goodput:',
      'value',
      3.5,
      'req/s',
      null,
      'runs',
    ]);
    expect(brief(at(run({ request_goodput: 0 }), '/request_goodput'))).toEqual(['/request_goodput', 'value', 0, 'req/s', null, 'runs']);
  });

  it('keeps speculative decoding, diffusion, probes and queues under their own names', () => {
    const reading = run({
      spec_decode_acceptance_rate: 71.5,
      spec_decode_acceptance_length: 2.5,
      spec_decode_per_position_acceptance_rates: [0.85, 0.58],
      diffusion_committed_throughput: 900,
      probe_completed: 50,
      probe_median_e2el_ms: 31.5,
      probe_max_e2el_ms: 80,
      mean_client_queue_time_ms: 0,
      p99_e2el_including_client_queue_ms: 2500,
    });
    expect(brief(at(reading, '/spec_decode_acceptance_rate'))).toEqual(['/spec_decode_acceptance_rate', 'value', 71.5, '%', null, null]);
    expect(brief(at(reading, '/spec_decode_per_position_acceptance_rates/1'))).toEqual([
      ...['/spec_decode_per_position_acceptance_rates/*', 'value', 0.58, 'ratio', null, null],
    ]);
    expect(brief(at(reading, '/diffusion_committed_throughput'))).toEqual([
      '/diffusion_committed_throughput',
      'value',
      900,
      'tok/s',
      null,
      null,
    ]);
    expect(brief(at(reading, '/probe_median_e2el_ms'))).toEqual(['/probe_median_e2el_ms', 'median', 31.5, 'ms', null, null]);
    expect(brief(at(reading, '/probe_max_e2el_ms'))).toEqual(['/probe_max_e2el_ms', 'max', 80, 'ms', null, null]);
    expect(brief(at(reading, '/mean_client_queue_time_ms'))).toEqual(['/mean_client_queue_time_ms', 'mean', 0, 'ms', 200, 'requests']);
    expect(brief(at(reading, '/p99_e2el_including_client_queue_ms'))).toEqual([
      ...['/p99_e2el_including_client_queue_ms', 'p99', 2500, 'ms', 200, 'requests'],
    ]);
  });

  it('keeps numbers that it does not know, with the unit of their name', () => {
    const reading = run({ gpu_power_w: 312.5, mean_new_thing_ms: 4 });
    expect(brief(at(reading, '/gpu_power_w'))).toEqual(['/gpu_power_w', 'value', 312.5, 'W', null, null]);
    expect(brief(at(reading, '/mean_new_thing_ms'))).toEqual(['/mean_new_thing_ms', 'mean', 4, 'ms', null, null]);
  });

  it('reads an embedding run, which has no tokens of output', () => {
    const { mean_ttft_ms: _, p99_ttft_ms: __, ...rest } = RUN;
    const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !/_(?:ttft|tpot|itl)_ms|output|failed/.test(key)));
    const reading = read(JSON.stringify({ ...kept, mean_e2el_ms: 20.5, p99_e2el_ms: 44, input_sequence_throughput: 31.5 }));
    expect(reading).toMatchObject({ format: 'vllm-serve', failed: [], warnings: [] });
    expect(brief(at(reading, '/mean_e2el_ms'))).toEqual(['request_latency', 'mean', 20.5, 'ms', 200, 'requests']);
    expect(brief(at(reading, '/input_sequence_throughput'))).toEqual([
      '/input_sequence_throughput',
      'value',
      31.5,
      'inputs/s',
      null,
      'runs',
    ]);
    expect(reading.measurements.map(({ metric }) => metric)).not.toContain('time_to_first_token');
  });
});

describe('failed and doubtful runs of vllm bench serve', () => {
  const ZEROS = Object.fromEntries(
    Object.keys(RUN)
      .filter((key) => key.endsWith('_ms') || key.includes('throughput'))
      .map((key) => [key, 0.0]),
  );

  it('has no latency and no throughput where nothing completed', () => {
    const reading = run({ ...ZEROS, completed: 0, failed: 200, total_input_tokens: 0, total_output_tokens: 0 });
    expect(reading.failed).toEqual([{ pointer: '/completed', reason: 'no request completed of 200' }]);
    expect(reading.records).toBe(1);
    expect(reading.measurements.map(({ metric, value, failed }) => [metric, value, failed])).toEqual([
      ['duration', 51.25, true],
      ['/completed', 0, true],
      ['/failed', 200, true],
      ['/total_input_tokens', 0, true],
      ['/total_output_tokens', 0, true],
    ]);
  });

  it('has none either where an old version or a broken one does not count them', () => {
    expect(without('completed').measurements.find(({ metric }) => metric === 'time_to_first_token')?.n).toBeNull();
    const reading = run({ ...ZEROS, completed: null, failed: 200 });
    expect(reading.failed).toHaveLength(1);
    const zeros = run({ ...ZEROS, completed: null, failed: null });
    expect(zeros.measurements.map(({ metric }) => metric).filter((metric) => !metric.startsWith('/'))).toEqual(['duration']);
    expect(zeros.warnings.join('\n')).toMatch(/time to first token is 0.*absent/);
  });

  it('leaves out a latency that is zero throughout, and no other', () => {
    const reading = run({ mean_tpot_ms: 0, median_tpot_ms: 0, std_tpot_ms: 0, p99_tpot_ms: 0, median_itl_ms: 0 });
    expect(reading.measurements.filter(({ metric }) => metric === 'time_per_output_token')).toEqual([]);
    expect(at(reading, '/median_itl_ms')?.value).toBe(0);
    expect(reading.warnings).toEqual([
      'the run: every statistic of time per output token is 0, which is written where nothing was measured: it is absent',
    ]);
  });

  it('leaves out a throughput of zero beside requests that completed', () => {
    const reading = run({ output_throughput: 0 });
    expect(at(reading, '/output_throughput')).toBeUndefined();
    expect(reading.warnings).toEqual([expect.stringContaining('/output_throughput: 0, though requests completed')]);
  });

  it('says how many requests failed, also where an old version leaves that to be counted', () => {
    const sentence = 'the run: 8 of 200 requests failed; the statistics are over the 192 that completed';
    expect(run({ completed: 192, failed: 8 }).warnings).toEqual([sentence]);
    expect(run({ completed: 192, failed: undefined }).warnings).toEqual([sentence]);
    expect(run({ completed: 192, failed: 8 }).measurements.find(({ pointer }) => pointer === '/mean_ttft_ms')?.n).toBe(192);
  });

  it.each([
    [{ request_rate: 10, request_throughput: 3.9 }, 'yes', 'latency is the length of the queue'],
    // The gaps of 200 requests add up to 20 s, and by chance to 2 * sqrt(200) * 0.1 s more: 200 / 22.828 = 8.761.
    [{ request_rate: 10, request_throughput: 8.76, mean_tpot_ms: null }, 'yes', '10 requests a second were asked for and 8.76 served'],
    [{ request_rate: 10, request_throughput: 8.77, mean_tpot_ms: null }, 'perhaps', 'explain as much'],
    [{ request_rate: 10, request_throughput: 8.5, mean_tpot_ms: null, burstiness: 4 }, 'yes', ''],
    [{ request_rate: 10, request_throughput: 8.5, mean_tpot_ms: null, burstiness: 0.25 }, 'perhaps', 'explain as much'],
    [{ request_rate: 10, request_throughput: 8.99, mean_tpot_ms: null, completed: 20_000, num_prompts: 20_000 }, 'yes', ''],
    [{ request_rate: 10, request_throughput: 7, mean_tpot_ms: null, completed: 10, num_prompts: 10 }, 'perhaps', 'explain as much'],
    // Of an answer with 128 tokens the first is there at once, and the others take 127 * 12.5 ms: 200 / (200 / 8.1915 - 1.5875) = 8.761.
    [{ request_rate: 10, request_throughput: 8.19 }, 'yes', ''],
    [{ request_rate: 10, request_throughput: 8.2 }, 'perhaps', 'explain as much'],
    // The slowest answers: 200 / (200 / 4 - 30.2) = 10.1, and without their time 4.
    [{ request_rate: 10, request_throughput: 4, p99_e2el_ms: 30361 }, 'perhaps', 'explain as much'],
    [{ request_rate: 10, request_throughput: 4, p99_e2el_ms: 30361, p99_ttft_ms: 29000 }, 'yes', ''],
    // A run of which no part lies before its slowest answers.
    [{ request_rate: 10, request_throughput: 0.5, mean_tpot_ms: 4000 }, 'perhaps', 'explain as much'],
    [{ request_rate: 10, request_throughput: 9 }, undefined, ''],
    [{ request_rate: 'inf', request_throughput: 1 }, undefined, ''],
    [{ request_rate: 10, request_throughput: 3.9, max_concurrency: 16 }, 'yes', 'held requests back once 16 were under way'],
  ])('labels %j as saturated: %s', (changes, saturated, sentence) => {
    const reading = run(changes);
    expect(new Set(reading.measurements.map((one) => one.labels.saturated))).toEqual(new Set([saturated]));
    expect(reading.warnings.join('')).toContain(sentence);
  });

  it('takes the times of day at which a run began and ended for no measurements', () => {
    const reading = run({ benchmark_start_time_unix: 1781000000.5, benchmark_end_time_unix: 1781000051.75 });
    expect(reading.measurements.map(({ pointer }) => pointer)).toEqual(run().measurements.map(({ pointer }) => pointer));
    expect(reading.warnings).toEqual([]);
  });

  it('reads nothing below zero, and nothing that is no number', () => {
    const text = JSON.stringify({ ...RUN, mean_ttft_ms: -3, median_ttft_ms: '74.25', std_ttft_ms: [1], output_throughput: true });
    const reading = read(text.replace('"p99_ttft_ms":161', '"p99_ttft_ms":NaN'));
    for (const key of ['mean_ttft_ms', 'median_ttft_ms', 'std_ttft_ms', 'p99_ttft_ms', 'output_throughput'])
      expect(at(reading, `/${key}`), key).toBeUndefined();
    const told = reading.warnings.join('\n');
    expect(told).toContain('/mean_ttft_ms: -3 is below zero');
    expect(told).toContain('/median_ttft_ms: the text "74.25" stands where a number should');
    expect(told).toContain('/std_ttft_ms: a list stands where a number should');
    expect(told).toContain('/output_throughput: a boolean stands where a number should');
    expect(told).toContain('1 value is NaN or Infinity');
  });

  it('keeps the digits that a double loses', () => {
    const reading = read(JSON.stringify(RUN).replace('"total_input_tokens":102400', '"total_input_tokens":9007199254740993'));
    expect(at(reading, '/total_input_tokens')?.text).toBe('9007199254740993');
  });

  it('are no successes where fewer than none completed', () => {
    const reading = run({ completed: -1 });
    expect(reading.failed).toEqual([{ pointer: '/completed', reason: 'no request completed of 200' }]);
    expect(at(reading, '/mean_ttft_ms')).toBeUndefined();
  });

  it('name a number of an unknown field that no double holds', () => {
    const reading = read(JSON.stringify({ ...RUN, new_time_ms: 'X' }).replace('"X"', '1e400'));
    expect(reading.warnings).toEqual(['/new_time_ms: a double cannot hold 1e400; it was not read']);
  });
});

describe('raw requests of vllm bench serve', () => {
  const DETAILS = {
    ...{ num_prompts: 3, completed: 2, failed: 1 },
    input_lens: [512, 512, 512],
    output_lens: [3, 0, 2],
    ttfts: [0.08, 0.0, 0.09],
    itls: [[0.01, 0.012], [], [0.011]],
    latencies: [0.102, 0.0, 0.101],
    start_times: [1000.5, 1001.5, 1002.5],
    generated_texts: ['a b c', '', 'd e'],
    errors: ['', 'Traceback: timeout', ''],
  };

  it('are read in seconds, those of failed requests marked', () => {
    const reading = run(DETAILS);
    const raw = reading.measurements.filter(({ pointer }) => /^\/(?:ttfts|itls|latencies|output_lens)\//.test(pointer));
    expect(raw.map(({ pointer, metric, value, unit, over, failed }) => [pointer, metric, value, unit, over, failed])).toEqual([
      ['/ttfts/0', 'time_to_first_token', 0.08, 's', 'requests', false],
      ['/ttfts/1', 'time_to_first_token', 0, 's', 'requests', true],
      ['/ttfts/2', 'time_to_first_token', 0.09, 's', 'requests', false],
      ['/latencies/0', 'request_latency', 0.102, 's', 'requests', false],
      ['/latencies/1', 'request_latency', 0, 's', 'requests', true],
      ['/latencies/2', 'request_latency', 0.101, 's', 'requests', false],
      ['/output_lens/0', '/output_lens/*', 3, 'tokens', 'requests', false],
      ['/output_lens/1', '/output_lens/*', 0, 'tokens', 'requests', true],
      ['/output_lens/2', '/output_lens/*', 2, 'tokens', 'requests', false],
      ['/itls/0/0', 'inter_token_latency', 0.01, 's', 'gaps', false],
      ['/itls/0/1', 'inter_token_latency', 0.012, 's', 'gaps', false],
      ['/itls/2/0', 'inter_token_latency', 0.011, 's', 'gaps', false],
    ]);
    expect(reading.measurements.filter(({ pointer }) => /start_times|generated/.test(pointer))).toEqual([]);
  });

  it('of a newer file without their errors failed where their time is zero', () => {
    const reading = run({ ...{ num_prompts: 3, completed: 2, failed: 1 }, latencies: [0.102, 0, 0.101], queue_times: [0, 0, 0.5] });
    const raw = reading.measurements.filter(({ pointer }) => /^\/(?:latencies|queue_times)\//.test(pointer));
    expect(raw.map(({ pointer, failed }) => [pointer, failed])).toEqual([
      ['/latencies/0', false],
      ['/latencies/1', true],
      ['/latencies/2', false],
      ['/queue_times/0', false],
      ['/queue_times/1', true],
      ['/queue_times/2', false],
    ]);
  });

  it.each([
    ['do not agree with the count of those that completed', { latencies: [0.1, 0.2, 0.3] }],
    ['are of different lengths', { ttfts: [0.1, 0.2], output_lens: [1, 2, 3] }],
  ])('are left out where they %s', (_, lists) => {
    const reading = run({ ...{ num_prompts: 3, completed: 2, failed: 1 }, ...lists });
    expect(reading.measurements.filter(({ pointer }) => pointer.includes('s/'))).toEqual([]);
    expect(reading.warnings.join('\n')).toContain('the lists were not read');
  });

  it('are no times where they are zero or below', () => {
    const reading = run({
      ...DETAILS,
      completed: 3,
      failed: 0,
      errors: ['', '', ''],
      latencies: [-1, 0.2, 0.1],
      itls: [[-0.5], ['x', null], 7],
    });
    expect(at(reading, '/ttfts/1')).toBeUndefined();
    expect(at(reading, '/latencies/0')).toBeUndefined();
    expect(reading.measurements.filter(({ pointer }) => pointer.startsWith('/itls'))).toEqual([]);
    expect(reading.warnings.join('\n')).toMatch(/\/ttfts\/1: 0 stands for a request that completed; it was not read/);
  });
});

describe('files of vllm bench serve', () => {
  it('hold one run a line with --append-result, under a name that says .json', () => {
    const reading = read(`${JSON.stringify(RUN)}\n${JSON.stringify({ ...RUN, request_rate: 'inf', mean_ttft_ms: 99 })}\n`);
    expect(reading).toMatchObject({ format: 'vllm-serve', records: 2 });
    expect(at(reading, 'line 2 /mean_ttft_ms')).toMatchObject({ value: 99, labels: { request_rate: 'inf' } });
    expect(at(reading, 'line 1 /completed')?.metric).toBe('/completed');
  });

  it('name each run in what they say of it', () => {
    const lines = [RUN, { ...RUN, completed: 0, failed: 200 }, { ...RUN, completed: 100, failed: 100 }].map((one) => JSON.stringify(one));
    const reading = read(lines.join('\n'), 'r.jsonl');
    expect(reading.failed).toEqual([{ pointer: 'line 2 /completed', reason: 'no request completed of 200' }]);
    expect(reading.warnings).toEqual(['line 3: 100 of 200 requests failed; the statistics are over the 100 that completed']);
    expect(reading.records).toBe(3);
  });

  it('say what in them is no run', () => {
    const reading = read(JSON.stringify([RUN, { note: 'x' }, 7, { ...RUN, mean_ttft_ms: 82 }]));
    expect(reading).toMatchObject({ format: 'vllm-serve', records: 2 });
    expect(at(reading, '/3/mean_ttft_ms')?.value).toBe(82);
    expect(reading.warnings).toEqual([
      '/1: no result of a run of vllm bench serve; it was not read',
      '/2: no result of a run of vllm bench serve; it was not read',
    ]);
  });

  it.each([
    ['an object with some of the keys', { model_id: 'a', request_throughput: 1, median_ttft: 2, max_concurrency: 1 }],
    ['keys of a prototype', { model_id: 'a', request_throughput: 1, num_prompts: 3 }],
    [
      'its own sibling for PyTorch',
      [{ benchmark: { name: 'x', extra_info: RUN }, metric: { name: 'mean_ttft_ms', benchmark_values: [1] } }],
    ],
  ])('are not taken for %s', (_, content) => {
    expect(read(JSON.stringify(content)).format).not.toBe('vllm-serve');
  });
});

describe('files of the benchmark_serving.py of early 2024', () => {
  const OLD = {
    ...{ date: '20240401-101112', backend: 'vllm', model_id: 'org/tiny-7b', tokenizer_id: 'org/tiny-7b', best_of: 1 },
    ...{ use_beam_search: false, num_prompts: 1000, request_rate: 10.0, duration: 125.5, completed: 1000 },
    ...{ total_input_tokens: 220000, total_output_tokens: 190000, request_inthroughput: 7.968, input_throughput: 1752.98 },
    ...{ output_throughput: 1513.94, mean_ttft_ms: 2110.5, median_ttft_ms: 2000.1, p99_ttft_ms: 4000.2, mean_tpot_ms: 33.3 },
  };

  it('spell the throughput of requests otherwise, and have one of the prompts', () => {
    const reading = read(JSON.stringify(OLD));
    expect(reading).toMatchObject({ format: 'vllm-serve', records: 1, failed: [] });
    expect(brief(at(reading, '/request_inthroughput'))).toEqual(['request_throughput', 'value', 7.968, 'req/s', null, 'runs']);
    expect(brief(at(reading, '/input_throughput'))).toEqual(['prompt_token_throughput', 'value', 1752.98, 'tok/s', null, 'runs']);
    expect(brief(at(reading, '/mean_ttft_ms'))).toEqual(['time_to_first_token', 'mean', 2110.5, 'ms', 1000, 'requests']);
    expect(labels(reading)).toMatchObject({ saturated: 'yes', request_rate: '10' });
  });

  it('say nothing of a run in which nothing completed', () => {
    const reading = read(JSON.stringify({ ...OLD, completed: 0, request_inthroughput: 0, input_throughput: 0 }));
    expect(reading.failed).toEqual([{ pointer: '/completed', reason: 'no request completed of 1000' }]);
    expect(at(reading, '/input_throughput')).toBeUndefined();
  });
});

const SAMPLES = fileURLToPath(new URL('../../../../../shared/data/formats/vllm-serve/', import.meta.url));

// Expected values are from the raw files.
describe.skipIf(!existsSync(SAMPLES))('sample files of vllm bench serve', () => {
  const sample = (name: string): Read => read(readFileSync(`${SAMPLES}${name}`, 'utf8'));

  it('7: saturated, so that the mean time to first token is 782 seconds', () => {
    const reading = sample('7-gemma4-31b-long-rate1-saturated.json');
    expect(reading).toMatchObject({ format: 'vllm-serve', records: 1, failed: [] });
    expect(brief(at(reading, '/mean_ttft_ms'))).toEqual(['time_to_first_token', 'mean', 781818.3848674409, 'ms', 1000, 'requests']);
    expect(brief(at(reading, '/median_tpot_ms'))).toEqual(['time_per_output_token', 'median', 129.2893726926927, 'ms', 1000, 'requests']);
    expect(brief(at(reading, '/median_itl_ms'))).toEqual(['inter_token_latency', 'median', 51.557971999500296, 'ms', null, 'gaps']);
    expect(brief(at(reading, '/output_throughput'))).toEqual(['output_token_throughput', 'value', 380.661849674826, 'tok/s', null, 'runs']);
    expect(brief(at(reading, '/total_token_throughput'))).toEqual([
      ...['total_token_throughput', 'value', 3425.956647073434, 'tok/s', null, 'runs'],
    ]);
    expect(labels(reading)).toEqual({
      ...{ tool: 'vllm bench serve', backend: 'openai', model: 'google/gemma-4-31B-it', num_prompts: '1000' },
      ...{ request_rate: '1', saturated: 'yes', timestamp: '20260427-145429' },
    });
    expect(reading.measurements).toHaveLength(22);
  });

  it('8: served what was asked for', () => {
    const reading = sample('8-gemma4-31b-short-rate1.json');
    expect(labels(reading)?.saturated).toBeUndefined();
    expect(brief(at(reading, '/request_throughput'))).toEqual(['request_throughput', 'value', 0.993036988770844, 'req/s', null, 'runs']);
    expect(at(reading, '/p99_itl_ms')).toMatchObject({ statistic: 'p99', value: 193.6247849998881 });
    expect(reading.warnings).toEqual([]);
  });

  it('9: 16 asked for, 2.89 served', () => {
    const reading = sample('9-gemma4-31b-short-rate16.json');
    expect(labels(reading)).toMatchObject({ request_rate: '16', saturated: 'yes' });
    expect(at(reading, '/p99_ttft_ms')).toMatchObject({ metric: 'time_to_first_token', statistic: 'p99', value: 273403.4740545701 });
  });

  it('10: without a rate', () => {
    const reading = sample('10-gemma4-31b-short-rateinf.json');
    expect(labels(reading)).toMatchObject({ request_rate: 'inf' });
    expect(labels(reading)?.saturated).toBeUndefined();
    expect(at(reading, '/std_ttft_ms')).toMatchObject({ statistic: 'stddev', value: 98340.11332267197, n: 1000 });
    expect(at(reading, '/duration')).toMatchObject({ metric: 'duration', value: 347.16530900400085, unit: 's' });
  });
});
