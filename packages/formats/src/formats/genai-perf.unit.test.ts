import { describe, expect, it } from 'vitest';
import { readText } from './reading-for-test.ts';

const METRICS = {
  request_throughput: { unit: 'requests/sec', avg: 2.5 },
  request_latency: { unit: 'ms', avg: 1500.5, p25: 1400, p50: 1490, p99: 1990, min: 1200, max: 2000, std: 99.5 },
  request_count: { unit: 'count', avg: 30 },
  time_to_first_token: { unit: 'ms', avg: 61.5, p50: 60 },
  inter_token_latency: { unit: 'ms', avg: 14.5, p50: 14 },
  output_token_throughput: { unit: 'tokens/sec', avg: 250 },
  output_token_throughput_per_request: { unit: 'tokens/sec', avg: 60, p50: 61 },
  output_token_throughput_per_user: { unit: 'tokens/sec/user', avg: 70, p50: 71 },
  output_sequence_length: { unit: 'tokens', avg: 128, p50: 128 },
};

const FLAT = {
  model: ['acme/tiny-1b'],
  formatted_model_name: 'acme_tiny-1b',
  backend: 'tensorrtllm',
  service_kind: 'openai',
  endpoint_type: 'chat',
  streaming: true,
  concurrency: 4,
  request_rate: null,
  request_count: 0,
  synthetic_input_tokens_mean: 550,
  output_tokens_mean: -1,
  extra_inputs: { temperature: 0.5 },
  prompt_source: 'synthetic',
};

const read = (input_config: unknown, more: Record<string, unknown> = {}) =>
  readText('profile_export_genai_perf.json', JSON.stringify({ ...METRICS, ...more, input_config }));

describe('a summary of GenAI-Perf', () => {
  it.each([
    ['/request_throughput/avg', 'request_throughput', 'value', 2.5, 'req/s', null],
    ['/request_latency/p50', 'request_latency', 'median', 1490, 'ms', 30],
    ['/inter_token_latency/avg', 'time_per_output_token', 'mean', 14.5, 'ms', 30],
    ['/output_token_throughput/avg', 'output_token_throughput', 'value', 250, 'tok/s', null],
    ['/output_token_throughput_per_request/avg', 'output_token_throughput_per_request', 'mean', 60, 'tok/s', 30],
    ['/output_token_throughput_per_user/p50', 'output_token_throughput_per_user', 'median', 71, 'tok/s', 30],
  ])('%s is %s', (pointer, metric, statistic, value, unit, n) => {
    const reading = read(FLAT);
    expect(reading).toMatchObject({ format: 'genai-perf', records: 1, failed: [], warnings: [] });
    expect(reading.at(pointer)).toMatchObject({ metric, statistic, value, unit, n });
  });

  it('has its labels where 2024 wrote them; what was not set is none', () => {
    expect(read(FLAT).measurements[0]?.labels).toEqual({
      tool: 'genai-perf',
      model: 'acme/tiny-1b',
      backend: 'chat',
      streaming: 'true',
      concurrency: '4',
      prompt_length: '550',
      dataset: 'synthetic',
      temperature: '0.5',
    });
  });

  it('has its labels where 2025 wrote them', () => {
    const { measurements } = read({
      model_names: ['acme/tiny-1b', 'acme/tiny-2b'],
      endpoint: { type: 'kserve', backend: 'vllm', service_kind: 'triton', streaming: true },
      perf_analyzer: { stimulus: { request_rate: 2.6 }, request_count: { num: 30, warmup: 2 } },
      input: { synthetic_tokens: { mean: 200, stddev: 0 }, output_tokens: { mean: 128 }, prompt_source: 'synthetic' },
    });
    expect(measurements[0]?.labels).toEqual({
      tool: 'genai-perf',
      model: 'acme/tiny-1b, acme/tiny-2b',
      backend: 'kserve',
      engine: 'vllm',
      streaming: 'true',
      request_rate: '2.6',
      num_prompts: '30',
      prompt_length: '200',
      output_length: '128',
      dataset: 'synthetic',
    });
  });

  it('without streaming has no first token', () => {
    const reading = read({ ...FLAT, streaming: false });
    for (const tag of ['time_to_first_token', 'inter_token_latency', 'output_token_throughput_per_user'])
      expect(reading.at(`/${tag}/avg`)).toBeUndefined();
    expect(reading.at('/request_latency/avg')?.value).toBe(1500.5);
    expect(reading.warnings).toEqual([
      '/time_to_first_token: responses were not streamed, so there is no time_to_first_token; it was left out',
      '… and 2 more (streaming)',
    ]);
  });

  it('of which no request succeeded has no numbers', () => {
    const reading = read(FLAT, { request_count: { unit: 'count', avg: 0 } });
    expect(reading.failed).toEqual([{ pointer: '/request_count', reason: 'no request succeeded' }]);
    expect(reading.measurements).toEqual([]);
  });

  it('has telemetry by GPU', () => {
    const telemetry_stats = {
      gpu_power_usage: { unit: 'W', gpu0: { avg: 210.5, p50: 215 }, gpu1: { avg: 190 } },
      energy_consumption: { unit: 'MJ', gpu0: { avg: 4.5, p50: 4.4 } },
      broken: 7,
    };
    const reading = read(FLAT, { telemetry_stats });
    expect(reading.at('/telemetry_stats/gpu_power_usage/gpu0/avg')).toMatchObject({
      metric: 'power',
      value: 210.5,
      unit: 'W',
      over: 'samples',
    });
    expect(reading.at('/telemetry_stats/gpu_power_usage/gpu1/avg')?.labels).toMatchObject({ model: 'acme/tiny-1b', gpu_index: 'gpu1' });
    expect(reading.at('/telemetry_stats/energy_consumption/gpu0/avg')).toMatchObject({ metric: 'energy_consumption', unit: 'MJ' });
  });

  it('is one of AIPerf where a key says so', () => {
    expect(read(FLAT, { was_cancelled: false }).format).toBe('aiperf');
  });

  it.each([
    ['metrics without a configuration', { request_throughput: { unit: 'requests/sec', avg: 1 }, request_latency: { unit: 'ms', avg: 1 } }],
    ['a configuration without metrics', { input_config: FLAT, request_throughput: 3, request_latency: 4 }],
  ])('is not %s', (_, value) => {
    expect(readText('x.json', JSON.stringify(value)).format).toBe('generic');
  });
});
