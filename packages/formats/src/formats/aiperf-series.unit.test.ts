import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const gauge = (endpoint: string, avg: number) => ({ endpoint_url: endpoint, stats: { avg, min: 1, std: 0.5, p50: 3, p99: 9 } });
const SERVERS = {
  schema_version: '1.0',
  aiperf_version: '0.4.0',
  summary: {
    endpoints_configured: ['http://one:9000/metrics', 'http://two:9000/metrics'],
    endpoint_info: { 'http://one:9000/metrics': { total_fetches: 157, avg_fetch_latency_ms: 2.5 } },
  },
  metrics: {
    'acme:running': {
      type: 'gauge',
      description: 'x',
      series: [gauge('http://one:9000/metrics', 4.5), gauge('http://two:9000/metrics', 14.5)],
    },
    'acme:hits': {
      type: 'counter',
      unit: 'tokens',
      series: [
        {
          endpoint_url: 'http://one:9000/metrics',
          labels: { model_name: 'org/tiny', engine: '1', kind: 'prefix' },
          stats: { total: 4000, rate: 80, rate_avg: 79, rate_max: 120 },
        },
      ],
    },
    'acme:wait_seconds': {
      type: 'histogram',
      unit: 'seconds',
      series: [
        {
          endpoint_url: 'http://two:9000/metrics',
          stats: { count: 50, sum: 25, avg: 0.5, count_rate: 1, p99_estimate: 0.9 },
          buckets: { '1': 50 },
        },
      ],
    },
  },
  warmup_metrics: { 'acme:hits': { series: [{ stats: { total: 10 } }] } },
};

const RUN = {
  schema_version: '2.0',
  aiperf_version: '0.14.0',
  run: { model: 'org/tiny' },
  summary: { was_cancelled: false },
  metrics: {
    request_latency: {
      type: 'distribution',
      unit: 'ms',
      series: [{ labels: null, stats: { count: 20, avg: 12.5, std: 2.5, percentiles: { p50: 12, p99: 15 } } }],
    },
    time_to_first_token: { unit: 'ms', series: [{ stats: { count: 20, avg: 0, max: 0 } }] },
    request_throughput: { type: 'scalar', unit: 'requests/sec', series: [{ labels: null, stats: { value: 12.25 } }] },
    request_count: { type: 'counter', unit: 'requests', series: [{ stats: { total: 20 } }] },
    error_request_count: { type: 'counter', unit: 'requests', series: [{ stats: { total: 2 } }] },
  },
};

describe('metrics of servers that AIPerf asked', () => {
  const reading = readText('server_metrics_export.json', JSON.stringify(SERVERS));

  it('are told apart by endpoint, with the unit that the file states', () => {
    expect(reading).toMatchObject({ format: 'aiperf', records: 1, failed: [] });
    expect(reading.warnings).toEqual([expect.stringContaining('warmup_metrics')]);
    const of = (name: string) =>
      reading.measurements.flatMap(({ metric, statistic, value, unit, n }) =>
        metric.startsWith(name) ? [[metric, statistic, value, unit, n]] : [],
      );
    expect(of('acme:hits')).toEqual([
      ['acme:hits', 'value', 4000, 'tokens', null],
      ['acme:hits/rate', 'value', 80, 'tok/s', null],
      ['acme:hits/rate', 'mean', 79, 'tok/s', null],
      ['acme:hits/rate', 'max', 120, 'tok/s', null],
    ]);
    expect(of('acme:wait')).toEqual([
      ['acme:wait_seconds', 'mean', 0.5, 's', 50],
      ['acme:wait_seconds (estimate)', 'p99', 0.9, 's', 50],
    ]);
    expect(reading.measurements.filter(({ metric, statistic }) => metric === 'acme:running' && statistic === 'mean')).toMatchObject([
      { value: 4.5, unit: null, labels: { endpoint: 'http://one:9000/metrics' }, pointer: '/metrics/acme:running/series/0/stats/avg' },
      { value: 14.5, labels: { endpoint: 'http://two:9000/metrics' } },
    ]);
    expect(reading.measurements).toHaveLength(16);
  });

  it('keep their labels, and none is taken for what it is not', () => {
    expect(reading.at('/metrics/acme:hits/series/0/stats/total')?.labels).toEqual({
      ...{ tool: 'aiperf', tool_version: '0.4.0', endpoint: 'http://one:9000/metrics' },
      ...{ model: 'org/tiny', series_engine: '1', kind: 'prefix' },
    });
  });
});

describe('a run of AIPerf in schema 2.0', () => {
  const reading = readText('profile_export_aiperf.json', JSON.stringify(RUN));

  it('is read as one of the schemas before', () => {
    expect(reading).toMatchObject({ format: 'aiperf', records: 1, failed: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, n }) => [metric, statistic, value, unit, n])).toEqual([
      ['request_latency', 'mean', 12.5, 'ms', 20],
      ['request_latency', 'stddev', 2.5, 'ms', 20],
      ['request_latency', 'median', 12, 'ms', 20],
      ['request_latency', 'p99', 15, 'ms', 20],
      ['request_throughput', 'value', 12.25, 'req/s', null],
      ['request_count', 'value', 20, 'requests', null],
      ['error_request_count', 'value', 2, 'requests', null],
    ]);
    expect(reading.at('/metrics/request_latency/series/0/stats/percentiles/p99')?.labels).toEqual({
      ...{ tool: 'aiperf', tool_version: '0.14.0', model: 'org/tiny' },
    });
    expect(reading.warnings.join()).toContain('2 of 22 requests failed');
    expect(reading.warnings.join()).toContain('time_to_first_token');
  });

  it('has failed where no request succeeded', () => {
    const none = { ...RUN.metrics, request_count: { unit: 'requests', series: [{ stats: { total: 0 } }] } };
    const failed = readText('profile_export_aiperf.json', JSON.stringify({ ...RUN, metrics: none }));
    expect(failed.failed).toHaveLength(1);
    expect(failed.measurements.map(({ metric, failed: is }) => [metric, is])).toEqual([
      ['request_count', true],
      ['error_request_count', true],
    ]);
  });
});

it('metrics of series with values of other types are no fault', () => {
  for (const file of [SERVERS, RUN]) expectNoFaultWhenMangled('a.json', JSON.stringify(file));
});
