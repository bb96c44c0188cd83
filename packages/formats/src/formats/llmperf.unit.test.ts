import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

function statistics(field: string, mean: number): Record<string, unknown> {
  return {
    [`results_${field}_quantiles_p25`]: mean * 0.75,
    [`results_${field}_quantiles_p50`]: mean * 0.875,
    [`results_${field}_quantiles_p99`]: mean * 2,
    [`results_${field}_mean`]: mean,
    [`results_${field}_min`]: mean / 2,
    [`results_${field}_max`]: mean * 4,
    [`results_${field}_stddev`]: mean / 8,
  };
}

function summary(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: '2023-08-31',
    name: 'acme-tiny_550_150_summary',
    model: 'acme/tiny-1b',
    mean_input_tokens: 550,
    stddev_input_tokens: 150,
    mean_output_tokens: 150,
    stddev_output_tokens: 10,
    num_concurrent_requests: 6,
    additional_sampling_params_temperature: 0.5,
    ...statistics('ttft_s', 0.25),
    ...statistics('inter_token_latency_s', 0.0625),
    ...statistics('end_to_end_latency_s', 8),
    ...statistics('request_output_throughput_token_per_s', 16),
    ...statistics('number_output_tokens', 128),
    results_number_output_tokens_min: '41',
    results_number_output_tokens_max: '188',
    results_num_requests_started: 52,
    results_error_rate: 0.0625,
    results_number_errors: 2,
    results_error_code_frequency: '{429: 2}',
    results_mean_output_throughput_token_per_s: 96.5,
    results_num_completed_requests: 50,
    results_num_completed_requests_per_min: 45.5,
    framework: 'vllm',
    timestamp: 1790000000,
    ...more,
  };
}

const read = (value: unknown) => readText('acme_summary.json', JSON.stringify(value));

describe('a summary of LLMPerf', () => {
  const reading = read(summary());

  it.each([
    ['/results_ttft_s_mean', 'time_to_first_token', 'mean', 0.25, 's', 'requests', 50],
    ['/results_ttft_s_quantiles_p50', 'time_to_first_token', 'median', 0.21875, 's', 'requests', 50],
    ['/results_end_to_end_latency_s_quantiles_p99', 'request_latency', 'p99', 16, 's', 'requests', 50],
    ['/results_end_to_end_latency_s_stddev', 'request_latency', 'stddev', 1, 's', 'requests', 50],
    ['/results_inter_token_latency_s_mean', 'inter_token_latency_s', 'mean', 0.0625, 's', 'requests', 50],
    ['/results_request_output_throughput_token_per_s_min', 'request_output_throughput_token_per_s', 'min', 8, 'tok/s', 'requests', 50],
    ['/results_number_output_tokens_min', 'number_output_tokens', 'min', 41, 'tokens', 'requests', 50],
    ['/results_mean_output_throughput_token_per_s', 'output_token_throughput', 'value', 96.5, 'tok/s', 'runs', null],
    ['/results_num_completed_requests_per_min', 'request_throughput', 'value', 45.5, 'req/min', 'runs', null],
    ['/results_error_rate', 'error_rate', 'value', 0.0625, 'ratio', 'runs', null],
  ])('%s is %s', (pointer, metric, statistic, value, unit, over, n) => {
    expect(reading.at(pointer)).toMatchObject({ metric, statistic, value, unit, over, n, failed: false });
  });

  it('never calls its inter-token latency by a name that others mean otherwise', () => {
    const names = new Set(reading.measurements.map(({ metric }) => metric));
    expect(names.has('inter_token_latency') || names.has('time_per_output_token')).toBe(false);
  });

  it('reads each number once', () => {
    expect(new Set(reading.measurements.map(({ pointer }) => pointer)).size).toBe(reading.measurements.length);
    expect(reading.measurements).toHaveLength(5 * 7 + 6);
  });

  it('has labels of its own beside the known ones, and warns of errors', () => {
    expect(reading).toMatchObject({ format: 'llmperf', records: 1, failed: [] });
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'llmperf',
      model: 'acme/tiny-1b',
      concurrency: '6',
      prompt_length: '550',
      output_length: '150',
      temperature: '0.5',
      timestamp: '1790000000',
      framework: 'vllm',
    });
    expect(reading.warnings).toEqual(['the run: 2 of 52 requests failed; the statistics are over the others']);
  });

  it('without a request that completed has no latency', () => {
    const text = JSON.stringify(
      summary({
        results_num_completed_requests: 0,
        results_number_errors: 52,
        results_error_rate: 1,
        results_mean_output_throughput_token_per_s: 0,
      }),
    ).replace('"results_ttft_s_mean":0.25', '"results_ttft_s_mean":NaN');
    const failed = readText('acme_summary.json', text);
    expect(failed.failed).toEqual([{ pointer: '/results_num_completed_requests', reason: 'no request succeeded of 52' }]);
    expect(failed.measurements.map(({ metric, value, failed }) => [metric, value, failed])).toEqual([
      ['error_rate', 1, true],
      ['number_errors', 52, true],
      ['num_requests_started', 52, true],
      ['num_completed_requests', 0, true],
    ]);
  });

  it('leaves out times that are 0 throughout', () => {
    const reading = read(summary(statistics('ttft_s', 0)));
    expect(reading.measurements.some(({ metric }) => metric === 'time_to_first_token')).toBe(false);
    expect(reading.warnings).toContain('the run: ttft_s is 0 throughout, so it was not measured; it was left out');
  });

  it('keeps what it does not know, and passes over what is no number', () => {
    const reading = read(
      summary({
        results_queue_time_ms_mean: 3,
        gpu_hours: 2,
        results_ttft_s_mean: null,
        results_ttft_s_max: 'much',
        results_number_output_tokens_min: '4x',
      }),
    );
    expect(reading.at('/results_queue_time_ms_mean')).toMatchObject({ metric: 'queue_time_ms', statistic: 'mean', unit: 'ms' });
    expect(reading.at('/gpu_hours')?.metric).toBe('/gpu_hours');
    for (const key of ['results_ttft_s_mean', 'results_ttft_s_max', 'results_number_output_tokens_min'])
      expect(reading.at(`/${key}`)).toBeUndefined();
  });
});

describe('the responses of LLMPerf', () => {
  const response = (more: Record<string, unknown> = {}) => ({
    error_code: null,
    error_msg: '',
    inter_token_latency_s: 0.005,
    ttft_s: 0.3,
    end_to_end_latency_s: 0.9,
    request_output_throughput_token_per_s: 166.5,
    number_total_tokens: 700,
    number_output_tokens: 150,
    number_input_tokens: 550,
    ...more,
  });

  it('are samples over requests', () => {
    const reading = read([response(), response({ ttft_s: 0.4 })]);
    expect(reading).toMatchObject({ format: 'llmperf', records: 2, failed: [], warnings: [] });
    expect(reading.at('/1/ttft_s')).toMatchObject({
      metric: 'time_to_first_token',
      statistic: 'value',
      value: 0.4,
      unit: 's',
      over: 'requests',
    });
    expect(reading.at('/0/inter_token_latency_s')?.metric).toBe('inter_token_latency_s');
    expect(reading.measurements).toHaveLength(14);
  });

  it('with an error code are failed records, whose numbers are never counted', () => {
    const reading = read([
      response({ error_code: 429, error_msg: 'rate limit', ttft_s: 0, end_to_end_latency_s: 0 }),
      response(),
      response({ error_code: '500', error_msg: null }),
      response({ error_code: -1, error_msg: 'timed out' }),
    ]);
    expect(reading.records).toBe(4);
    expect(reading.failed).toEqual([
      { pointer: '/0', reason: 'error_code 429: rate limit' },
      { pointer: '/2', reason: 'error_code 500' },
      { pointer: '/3', reason: 'error_code -1: timed out' },
    ]);
    expect(reading.measurements.filter(({ failed }) => !failed).every(({ pointer }) => pointer.startsWith('/1/'))).toBe(true);
    expect(reading.at('/0/ttft_s')?.failed).toBe(true);
  });

  it('that generated nothing have no time to the first token', () => {
    const reading = read([response({ number_output_tokens: 0, inter_token_latency_s: 0, request_output_throughput_token_per_s: 0 })]);
    expect(reading.measurements.map(({ pointer }) => pointer)).toEqual([
      '/0/end_to_end_latency_s',
      '/0/number_input_tokens',
      '/0/number_output_tokens',
      '/0/number_total_tokens',
    ]);
    expect(reading.warnings).toEqual(['/0: the request generated no token: it has no time to the first one and no rate']);
  });

  it.each([
    ['a list of other objects', [{ ttft_s: 1, latency_s: 2 }]],
    ['results by concurrency', { '1': { concurrency: 1, latency_ms_per_token: 30 } }],
  ])('are not %s', (_, value) => {
    expect(read(value).format).toBe('generic');
  });
});

describe.skipIf(!existsSync(SAMPLES))('the real files of LLMPerf', () => {
  it.each([
    ['llmperf/1-leaderboard-summary-anyscale_7b.json', 198.25122608178637, 78.77879971460449, 0.22518338954666584],
    ['llmperf/2-leaderboard-summary-groq_70b.json', 441.84737788500206, 176.73895115400083, 0.22786034579078357],
    ['llmperf/3-leaderboard-summary-together_70b.json', 216.45553311958628, 81.89078137274691, 0.622329721273333],
  ])('%s', (path, throughput, perMinute, ttft) => {
    const reading = readSample(path);
    expect(reading).toMatchObject({ format: 'llmperf', records: 1, failed: [], warnings: [] });
    expect(reading.at('/results_mean_output_throughput_token_per_s')).toMatchObject({
      metric: 'output_token_throughput',
      value: throughput,
      unit: 'tok/s',
    });
    expect(reading.at('/results_num_completed_requests_per_min')).toMatchObject({
      metric: 'request_throughput',
      value: perMinute,
      unit: 'req/min',
    });
    expect(reading.at('/results_ttft_s_mean')).toMatchObject({ metric: 'time_to_first_token', value: ttft, unit: 's', n: 150 });
    expect(reading.at('/results_ttft_s_mean')?.labels).toMatchObject({ concurrency: '5', prompt_length: '550', output_length: '150' });
    expect(reading.measurements).toHaveLength(66);
  });

  it('of responses', () => {
    const reading = readSample('llmperf/4-leaderboard-individual-groq_70b.json');
    expect(reading).toMatchObject({ format: 'llmperf', records: 150, failed: [], warnings: [] });
    expect(reading.at('/1/ttft_s')).toMatchObject({ metric: 'time_to_first_token', value: 0.32967752777040005, unit: 's' });
    expect(reading.measurements).toHaveLength(150 * 7);
  });

  it.each(['llmperf/5-philschmid-llama3-8b_summary.json', 'llmperf/6-philschmid-mistral-7b_summary.json'])('%s is none of them', (path) => {
    expect(readSample(path).format).toBe('generic');
  });
});
