import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

/** A run of forty requests against a server that streams, as version 0.3 writes it. */
function summary(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    request_throughput: { unit: 'requests/sec', avg: 1.6 },
    request_latency: { unit: 'ms', avg: 2450.5, p50: 2410.25, p99: 2901, min: 2101, max: 2950, std: 120.5 },
    request_count: { unit: 'requests', avg: 40 },
    time_to_first_token: { unit: 'ms', avg: 41.5, p50: 40.25, p99: 77, count: 39, sum: 1618.5 },
    time_to_second_token: { unit: 'ms', avg: 12.5, p50: 12 },
    inter_token_latency: { unit: 'ms', avg: 11.75, p99: 14 },
    inter_chunk_latency: { unit: 'ms', avg: 11.5, p99: 31, count: 7960 },
    output_token_throughput: { unit: 'tokens/sec', avg: 320.5 },
    output_token_throughput_per_user: { unit: 'tokens/sec/user', avg: 85, p50: 85.5 },
    prefill_throughput_per_user: { unit: 'tokens/sec/user', avg: 9500, p50: 9600 },
    benchmark_duration: { unit: 'sec', avg: 25 },
    goodput: { unit: 'requests/sec', avg: 1.2 },
    reasoning_token_count: null,
    error_request_count: null,
    input_config: {
      endpoint: { model_names: ['acme/tiny-1b'], type: 'chat', streaming: true },
      input: { prompt: { input_tokens: { mean: 400, stddev: 0 }, output_tokens: { mean: 200 } }, extra: [['temperature', 0.2]] },
      loadgen: { concurrency: 4, request_count: 40 },
    },
    was_cancelled: false,
    error_summary: [],
    start_time: '2026-02-01T10:00:00.000001',
    aiperf_version: '0.3.0',
    ...more,
  };
}

const read = (more: Record<string, unknown> = {}) => readText('run/profile_export_aiperf.json', JSON.stringify(summary(more)));

describe('a summary of AIPerf', () => {
  it.each([
    ['/request_throughput/avg', 'request_throughput', 'value', 1.6, 'req/s', 'runs', null],
    ['/request_latency/avg', 'request_latency', 'mean', 2450.5, 'ms', 'requests', 40],
    ['/request_latency/p50', 'request_latency', 'median', 2410.25, 'ms', 'requests', 40],
    ['/request_latency/std', 'request_latency', 'stddev', 120.5, 'ms', 'requests', 40],
    ['/time_to_first_token/p99', 'time_to_first_token', 'p99', 77, 'ms', 'requests', 39],
    ['/time_to_second_token/avg', 'time_to_second_token', 'mean', 12.5, 'ms', 'requests', 40],
    ['/inter_token_latency/avg', 'time_per_output_token', 'mean', 11.75, 'ms', 'requests', 40],
    ['/inter_chunk_latency/p99', 'inter_token_latency', 'p99', 31, 'ms', 'gaps', 7960],
    ['/output_token_throughput/avg', 'output_token_throughput', 'value', 320.5, 'tok/s', 'runs', null],
    ['/output_token_throughput_per_user/p50', 'output_token_throughput_per_user', 'median', 85.5, 'tok/s', 'requests', 40],
    ['/prefill_throughput_per_user/avg', 'prefill_throughput_per_user', 'mean', 9500, 'tok/s', 'requests', 40],
    ['/benchmark_duration/avg', 'duration', 'value', 25, 's', 'runs', null],
    ['/goodput/avg', 'goodput', 'value', 1.2, 'req/s', 'runs', null],
  ])('reads %s as %s', (pointer, metric, statistic, value, unit, over, n) => {
    expect(read().at(pointer)).toMatchObject({ metric, statistic, value, unit, over, n, failed: false });
  });

  it('gives the run its labels, with lengths as they were asked for', () => {
    const { format, records, failed, warnings, measurements } = read();
    expect({ format, records, failed, warnings }).toEqual({ format: 'aiperf', records: 1, failed: [], warnings: [] });
    expect(measurements[0]?.labels).toEqual({
      tool: 'aiperf',
      tool_version: '0.3.0',
      timestamp: '2026-02-01T10:00:00.000001',
      model: 'acme/tiny-1b',
      backend: 'chat',
      streaming: 'true',
      concurrency: '4',
      num_prompts: '40',
      prompt_length: '400',
      output_length: '200',
      temperature: '0.2',
    });
  });

  it('leaves out sums, clock times and metrics without values', () => {
    const reading = read({ min_request_timestamp: { unit: 'ns', avg: 1.7625515347970678e18 } });
    for (const pointer of [
      '/time_to_first_token/sum',
      '/time_to_first_token/count',
      '/min_request_timestamp/avg',
      '/error_request_count/avg',
    ])
      expect(reading.at(pointer)).toBeUndefined();
  });

  it('takes the unit from the file, never from the size', () => {
    const reading = read({ request_latency: { unit: 'sec', avg: 2450.5 }, time_to_first_token: { unit: 'fortnights', avg: 1 } });
    expect(reading.at('/request_latency/avg')?.unit).toBe('s');
    expect(reading.at('/time_to_first_token/avg')?.unit).toBe('fortnights');
  });

  it('knows that what HTTP carried is counted in units of 1024 bytes', () => {
    const metrics = {
      http_req_data_sent: { unit: 'KB', avg: 1.5, p50: 1.25, count: 40 },
      http_req_data_received: { unit: 'MB', avg: 2.5, max: 3 },
    };
    const reading = read(metrics);
    expect(reading.at('/http_req_data_sent/p50')).toMatchObject({ metric: 'http_req_data_sent', value: 1.25, unit: 'KiB', n: 40 });
    expect(reading.at('/http_req_data_received/max')).toMatchObject({ value: 3, unit: 'MiB', over: 'requests' });
  });

  it('keeps a metric that it does not know under its own name', () => {
    const reading = read({
      image_latency: { unit: 'ms/image', avg: 7, p50: 6, count: 12 },
      cache_hits: { unit: '%', avg: 93.5 },
      accuracy: { unit: 'ratio', avg: 0.5 },
    });
    expect(reading.at('/image_latency/p50')).toMatchObject({ metric: 'image_latency', statistic: 'median', unit: 'ms/image', n: 12 });
    expect(reading.at('/cache_hits/avg')).toMatchObject({ metric: 'cache_hits', statistic: 'value', over: 'runs', unit: '%' });
    expect(reading.at('/accuracy/avg')?.metric).toBe('/accuracy');
  });

  it('reads the names of the first versions, under records', () => {
    const { request_throughput, request_latency, input_config } = summary();
    const records = { request_throughput, request_latency, ttft: { tag: 'ttft', header: 'TTFT', unit: 'ms', avg: 33, count: 5 } };
    const reading = readText('x.json', JSON.stringify({ records, input_config, was_cancelled: false, error_summary: [] }));
    expect(reading.format).toBe('aiperf');
    expect(reading.at('/records/ttft/avg')).toMatchObject({ metric: 'time_to_first_token', statistic: 'mean', unit: 'ms', n: 5 });
  });

  it('has no latency where no request succeeded, whatever stands in the file', () => {
    const zero = { unit: 'ms', avg: 0, p50: 0, p99: 0 };
    const reading = read({
      request_count: { unit: 'requests', avg: 0 },
      error_request_count: { unit: 'requests', avg: 40 },
      request_latency: zero,
      time_to_first_token: zero,
      request_throughput: { unit: 'requests/sec', avg: 0 },
    });
    expect(reading.failed).toEqual([{ pointer: '/error_request_count', reason: 'no request succeeded of 40' }]);
    expect(reading.measurements.map(({ metric, value, failed }) => [metric, value, failed])).toEqual([
      ['request_count', 0, true],
      ['duration', 25, true],
      ['error_request_count', 40, true],
    ]);
  });

  it('knows a run of which all requests failed by its envelope', () => {
    const { input_config } = summary();
    const reading = readText(
      'profile_export_aiperf.json',
      JSON.stringify({
        aiperf_version: '0.10.0',
        error_request_count: { unit: 'requests', avg: 5 },
        request_error_rate: { unit: '%', avg: 100 },
        input_config,
        was_cancelled: false,
        error_summary: [{ error_details: { code: null, type: 'TimeoutError', message: '' }, count: 5 }],
      }),
    );
    expect(reading.format).toBe('aiperf');
    expect(reading.failed).toEqual([{ pointer: '/error_request_count', reason: 'no request succeeded of 5' }]);
    expect(reading.at('/request_error_rate/avg')).toMatchObject({ metric: 'error_rate', value: 100, unit: '%', failed: true });
    expect(reading.warnings).toEqual(['the run, error_summary: 5 times TimeoutError']);
  });

  it('warns of failures, cancellation, other output lengths and warm-ups', () => {
    const { warnings, failed, at } = read({
      error_request_count: { unit: 'requests', avg: 3 },
      was_cancelled: true,
      error_summary: [{ error_details: { code: 503, type: 'HTTPError', message: 'unavailable' }, count: 3 }],
      osl_mismatch_diff_pct: { unit: '%', avg: -74.25, p50: -80 },
      osl_mismatch_count: { unit: 'requests', avg: 38 },
      warmup_metrics: { time_to_first_token: { unit: 'ms', avg: 900 } },
    });
    expect(failed).toEqual([]);
    expect(warnings).toEqual([
      'the run: 3 of 43 requests failed; the statistics are over the others',
      'the run was cancelled (was_cancelled): its numbers are of the requests until then',
      'the run, error_summary: 3 times 503 HTTPError unavailable',
      'the run: the metrics of the warm-up (warmup_metrics) were left out',
      'the run: the output lengths miss what was asked for by -74.3 % on average (38 requests): output throughput cannot be compared with runs of other lengths',
    ]);
    expect(at('/warmup_metrics/time_to_first_token/avg')).toBeUndefined();
  });

  it('does not read a time that is 0 throughout', () => {
    const reading = read({
      time_to_first_token: { unit: 'ms', avg: 0, p50: 0, max: 0 },
      inter_token_latency: { unit: 'ms', avg: 5, count: 0 },
    });
    expect(reading.at('/time_to_first_token/avg')).toBeUndefined();
    expect(reading.at('/inter_token_latency/avg')).toBeUndefined();
    expect(reading.warnings).toEqual([
      '/time_to_first_token: time_to_first_token is 0 throughout, so it was not measured; it was left out',
    ]);
  });

  it('marks an open-loop run whose server fell behind, and not one that was just short', () => {
    const loadgen = (rate: number) => ({ input_config: { loadgen: { request_rate: rate } } });
    expect(read(loadgen(10)).measurements[0]?.labels).toMatchObject({ request_rate: '10', saturated: 'yes' });
    expect(read(loadgen(1.7)).measurements[0]?.labels.saturated).toBeUndefined();
    const short = read({ ...loadgen(10), request_latency: { unit: 'ms', avg: 20 } });
    expect(short.measurements[0]?.labels.saturated).toBeUndefined();
  });

  it('reads the telemetry of the GPUs beside the labels of the run', () => {
    const metrics = {
      gpu_power_usage: { unit: 'W', avg: 301.5, p50: 310, count: 50 },
      gpu_utilization: { unit: '%', avg: 88 },
      gpu_memory_used: { unit: 'GB', avg: 70.5, max: 71 },
      energy_consumption: { unit: 'MJ', avg: 32.5, p50: 32.5, max: 32.75 },
    };
    const gpu = { gpu_index: 0, gpu_name: 'Acme X1', gpu_uuid: 'GPU-1', hostname: 'node7', metrics };
    const reading = read({ telemetry_data: { endpoints: { 'node7:9400/a': { gpus: { gpu_0: gpu } } } } });
    const at = (rest: string) => reading.at(`/telemetry_data/endpoints/node7:9400~1a/gpus/gpu_0/metrics/${rest}`);
    expect(at('gpu_power_usage/avg')).toMatchObject({
      metric: 'power',
      value: 301.5,
      unit: 'W',
      n: 50,
      over: 'samples',
      statistic: 'mean',
    });
    expect(at('gpu_power_usage/p50')?.labels).toMatchObject({ model: 'acme/tiny-1b', gpu: 'Acme X1', gpu_index: '0', host: 'node7' });
    expect(at('gpu_utilization/avg')).toMatchObject({ metric: 'gpu_utilization', unit: '%', over: 'samples' });
    expect(at('gpu_memory_used/max')).toMatchObject({ metric: 'gpu_memory_used', unit: 'GB', statistic: 'max' });
    expect(at('energy_consumption/avg')).toMatchObject({ metric: 'energy_consumption', unit: 'MJ', statistic: 'mean' });
  });

  it('takes for energy of the run only what the counter grew by', () => {
    const gpus = { g: { gpu_index: 1, metrics: { nvidia_energy_consumption: { unit: 'MJ', avg: 0.125 } } } };
    const reading = read({ telemetry_data: { endpoints: { e: { gpus } } } });
    expect(reading.at('/telemetry_data/endpoints/e/gpus/g/metrics/nvidia_energy_consumption/avg')).toMatchObject({
      metric: 'energy',
      statistic: 'value',
      value: 0.125,
      unit: 'MJ',
    });
  });

  it('copes with fields of other kinds than expected', () => {
    const reading = read({
      request_count: 'forty',
      time_to_first_token: { unit: 7, avg: 1 },
      request_latency: { unit: 'ms', avg: '12', p50: null, p95: [1], p99: 5 },
      telemetry_data: { endpoints: [{ gpus: 3 }] },
      input_config: { endpoint: { model_names: [null, { name: 3 }] }, loadgen: { concurrency: [1, 2] }, phases: 'none', cli_command: 3 },
      error_summary: [null, 3, { count: 'x' }],
    });
    expect(reading.measurements.filter(({ metric }) => metric === 'request_latency').map(({ value }) => value)).toEqual([5]);
    expect(reading.at('/time_to_first_token/avg')).toMatchObject({ metric: 'time_to_first_token', value: 1, unit: null });
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'aiperf', tool_version: '0.3.0', timestamp: '2026-02-01T10:00:00.000001' });
  });
});

describe('what is no summary of AIPerf', () => {
  it.each([
    ['an empty object', {}],
    ['metrics without units', { request_latency: { avg: 1 }, request_throughput: { avg: 2 }, was_cancelled: false }],
    ['metrics alone', { request_latency: { unit: 'ms', avg: 1 }, request_throughput: { unit: 'requests/sec', avg: 2 } }],
    ['the export of server metrics', { schema_version: '1.0', aiperf_version: '0.8.0', summary: {}, metrics: {}, input_config: {} }],
    ['a list of numbers', [1, 2]],
  ])('%s', (_, value) => {
    expect(readText('x.json', JSON.stringify(value)).format).toBe('generic');
  });
});

describe.skipIf(!existsSync(SAMPLES))('the real summaries of AIPerf', () => {
  it.each([
    ['aiperf/1-qwen_c1_profile_export_aiperf.json', '1', 0.2504302580624667, 3652.1454372343746],
    ['aiperf/2-qwen_c2_profile_export_aiperf.json', '2', 0.5033347244269587, 3747.7475654218747],
    ['aiperf/3-qwen_c4_profile_export_aiperf.json', '4', 0.9726808041949375, 3743.1736741874997],
  ])('%s', (path, concurrency, throughput, latency) => {
    const reading = readSample(path);
    expect(reading).toMatchObject({ format: 'aiperf', warnings: [], failed: [], records: 1 });
    expect(reading.at('/request_throughput/avg')).toMatchObject({ metric: 'request_throughput', value: throughput, unit: 'req/s' });
    expect(reading.at('/request_latency/avg')).toMatchObject({ metric: 'request_latency', value: latency, unit: 'ms', n: 64 });
    expect(reading.at('/request_latency/avg')?.labels).toMatchObject({
      model: 'Qwen/Qwen3-0.6B',
      backend: 'chat',
      concurrency,
      prompt_length: '100',
      output_length: '200',
    });
  });

  it('keep inter-token latency and inter-chunk latency apart', () => {
    const reading = readSample('aiperf/1-qwen_c1_profile_export_aiperf.json');
    expect(reading.at('/inter_token_latency/avg')).toMatchObject({ metric: 'time_per_output_token', value: 18.19909533160138, unit: 'ms' });
    expect(reading.at('/inter_chunk_latency/max')).toMatchObject({
      metric: 'inter_token_latency',
      value: 28.467239,
      unit: 'ms',
      over: 'gaps',
    });
    expect(reading.at('/benchmark_duration/avg')).toMatchObject({ metric: 'duration', value: 255.56017270100003, unit: 's' });
  });

  it('have the telemetry of both endpoints', () => {
    const reading = readSample('aiperf/1-qwen_c1_profile_export_aiperf.json');
    const at = (endpoint: string) =>
      reading.at(`/telemetry_data/endpoints/localhost:${endpoint}/gpus/gpu_0/metrics/gpu_utilization/avg`)?.labels;
    expect([at('9400')?.host, at('9402')?.host]).toEqual(['test-host-1', 'test-host-2']);
    expect(reading.at('/telemetry_data/endpoints/localhost:9400/gpus/gpu_0/metrics/gpu_power_usage/avg')).toMatchObject({
      metric: 'power',
      value: 129.8854497206704,
      unit: 'W',
    });
  });
});
