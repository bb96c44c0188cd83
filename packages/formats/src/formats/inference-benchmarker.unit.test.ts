import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const statistics = (p50: number) => ({
  p50,
  p60: p50 + 1,
  p70: p50 + 2,
  p80: p50 + 3,
  p90: p50 + 4,
  p95: p50 + 5,
  p99: p50 + 6,
  avg: p50 + 0.5,
});
const run = (id: string, over: object = {}) => ({
  id,
  executor_type: 'ConstantArrivalRate',
  config: { max_vus: 128, duration: { secs: 60, nanos: 0 }, rate: 2.0 },
  total_requests: 120,
  total_tokens: 24000,
  token_throughput_secs: 400.5,
  duration_ms: 60250,
  time_to_first_token_ms: statistics(30),
  inter_token_latency_ms: statistics(10),
  failed_requests: 0,
  successful_requests: 120,
  request_rate: 1.99,
  total_tokens_sent: 12000,
  e2e_latency_ms: statistics(2000),
  ...over,
});
const report = (...results: object[]) =>
  JSON.stringify({
    config: {
      model_name: 'acme/tiny-1b',
      max_vus: 128,
      prompt_options: { num_tokens: 100 },
      decode_options: { num_tokens: 200 },
      dataset: 'd',
    },
    results,
    start_time: '2026-03-01T10:00:00+00:00',
    end_time: '2026-03-01T10:10:00+00:00',
    system: { cpu: ['Acme CPU'], hostname: 'node7' },
  });

describe('inference-benchmarker', () => {
  it('reads each rate, without the warm-up', () => {
    const reading = readText('r.json', report(run('warmup'), run('constant@2.00req/s')));
    expect(reading).toMatchObject({
      format: 'inference-benchmarker',
      records: 1,
      failed: [],
      warnings: ['/results: the warm-up was left out'],
    });
    expect(reading.measurements.every(({ pointer }) => pointer.startsWith('/results/1/'))).toBe(true);
    const rows: [string, string, string, number, string | null, number | null][] = [
      ['duration_ms', 'duration', 'value', 60250, 'ms', null],
      ['token_throughput_secs', 'output_token_throughput', 'value', 400.5, 'tok/s', null],
      ['request_rate', 'request_throughput', 'value', 1.99, 'req/s', null],
      ['successful_requests', '/results/*/successful_requests', 'value', 120, null, null],
      ['time_to_first_token_ms/p50', 'time_to_first_token', 'median', 30, 'ms', 120],
      ['time_to_first_token_ms/avg', 'time_to_first_token', 'mean', 30.5, 'ms', 120],
      ['inter_token_latency_ms/p95', 'time_per_output_token', 'p95', 15, 'ms', 120],
      ['e2e_latency_ms/p99', 'request_latency', 'p99', 2006, 'ms', 120],
    ];
    for (const [pointer, metric, statistic, value, unit, n] of rows)
      expect(reading.at(`/results/1/${pointer}`)).toMatchObject({ metric, statistic, value, unit, n });
    expect(reading.measurements).toHaveLength(6 + 2 + 3 * 8);
    expect(reading.at('/results/1/request_rate')?.labels).toEqual({
      tool: 'inference-benchmarker',
      model: 'acme/tiny-1b',
      prompt_length: '100',
      output_length: '200',
      dataset: 'd',
      host: 'node7',
      timestamp: '2026-03-01T10:00:00+00:00',
      test: 'constant@2.00req/s',
      strategy: 'ConstantArrivalRate',
      request_rate: '2',
      concurrency: '128',
    });
  });

  it('knows what somebody said of the machine', () => {
    const whole = JSON.parse(report(run('throughput')));
    const meta = { ...whole, config: { ...whole.config, extra_metadata: { gpu: 'Acme X1', tp: '2' } } };
    expect(readText('r.json', JSON.stringify(meta)).measurements[0]?.labels).toMatchObject({ gpu: 'Acme X1', tensor_parallel: '2' });
  });

  it('has no latency where no request succeeded, and says where some failed', () => {
    const none = run('constant@9.00req/s', { successful_requests: 0, failed_requests: 120, token_throughput_secs: 0, request_rate: 0 });
    const some = run('throughput', {
      successful_requests: 117,
      failed_requests: 3,
      executor_type: 'ConstantVUs',
      config: { max_vus: 8, rate: null },
    });
    const reading = readText('r.json', report(none, some));
    expect(reading.failed).toEqual([{ pointer: '/results/0/successful_requests', reason: 'no request completed of 120' }]);
    expect(reading.at('/results/0/time_to_first_token_ms/p50')).toBeUndefined();
    expect(reading.at('/results/0/duration_ms')?.failed).toBe(true);
    expect(reading.warnings).toEqual(['/results/1: 3 of 120 requests failed; the statistics are over the 117 that completed']);
    expect(reading.at('/results/1/e2e_latency_ms/avg')).toMatchObject({ n: 117 });
    expect(reading.at('/results/1/e2e_latency_ms/avg')?.labels.request_rate).toBeUndefined();
  });

  it('labels a run that fell behind', () => {
    const reading = readText('r.json', report(run('constant@20.00req/s', { config: { max_vus: 128, rate: 20 }, request_rate: 5.5 })));
    expect(reading.at('/results/0/request_rate')?.labels.saturated).toBe('yes');
    expect(reading.warnings).toHaveLength(1);
  });

  it('never fails where values are of the wrong type, and does not claim other results', () => {
    expectNoFaultWhenMangled('r.json', report(run('constant@2.00req/s')));
    expect(readText('r.json', '{"config": {}, "system": {}, "results": [{"id": "a"}]}').format).toBe('generic');
  });
});
