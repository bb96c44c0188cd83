import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const TREND = { avg: 12.5, min: 1, med: 10, max: 90, 'p(90)': 30, 'p(99.9)': 80 };
const DURATION = { ...TREND, thresholds: { 'p(90)<20': true, 'avg<100': false } };
/** `--summary-export` */
const INLINE = {
  root_group: { name: '', path: '', checks: {} },
  metrics: {
    http_reqs: { count: 400, rate: 39.5 },
    http_req_duration: DURATION,
    'http_req_duration{expected_response:true}': TREND,
    http_req_failed: { passes: 4, fails: 396, value: 0.01 },
    iterations: { count: 200, rate: 19.75 },
    iteration_duration: TREND,
    my_trend: TREND,
    checks: { passes: 300, fails: 100, value: 0.75 },
    data_sent: { count: 4096, rate: 404.5 },
    vus_max: { value: 8, min: 8, max: 8 },
  },
};
const typed = (type: string, values: object, contains = 'default', more: object = {}) => ({ type, contains, values, ...more });
const METRICS = {
  http_reqs: typed('counter', { count: 400, rate: 39.5 }),
  http_req_duration: typed('trend', TREND, 'time', { thresholds: { 'p(90)<20': { ok: false }, 'avg<100': { ok: true } } }),
  http_req_failed: typed('rate', { rate: 0, passes: 0, fails: 400 }),
  my_trend: typed('trend', TREND, 'time'),
  vus_max: typed('gauge', { value: 8, min: 8, max: 8 }),
};
/** `handleSummary` */
const NESTED = { state: { testRunDurationMs: 10126.5 }, metrics: METRICS };
/** `--new-machine-readable-summary` */
const NEW = {
  version: '1.0.0',
  metadata: { k6_version: '1.5.0', generated_at: '2026-01-01T00:00:00Z' },
  config: { script: 'load.js', duration: 10.5 },
  results: { metrics: Object.entries(METRICS).map(([name, metric]) => ({ name, ...metric })) },
};
const read = (value: unknown) => readText('k6.json', JSON.stringify(value));
const known = (value: unknown) =>
  read(value)
    .measurements.filter(({ metric, labels }) => /^(?:request_|error_|duration)/.test(metric) && labels.tags === undefined)
    .map(({ metric, statistic, value, unit, n, over }) => [metric, statistic, value, unit, n, over]);

const EXPECTED = [
  ['request_throughput', 'value', 39.5, 'req/s', null, 'runs'],
  ['request_latency', 'mean', 12.5, 'ms', 400, 'requests'],
  ['request_latency', 'min', 1, 'ms', 400, 'requests'],
  ['request_latency', 'median', 10, 'ms', 400, 'requests'],
  ['request_latency', 'max', 90, 'ms', 400, 'requests'],
  ['request_latency', 'p90', 30, 'ms', 400, 'requests'],
  ['request_latency', 'p99.9', 80, 'ms', 400, 'requests'],
];

describe('k6', () => {
  it('reads all three shapes alike', () => {
    expect(known(INLINE)).toEqual([...EXPECTED, ['error_rate', 'value', 0.01, 'ratio', null, 'runs']]);
    const rest = [...EXPECTED, ['error_rate', 'value', 0, 'ratio', null, 'runs']];
    expect(known(NESTED)).toEqual([...rest, ['duration', 'value', 10126.5, 'ms', null, 'runs']]);
    expect(known(NEW)).toEqual([...rest, ['duration', 'value', 10.5, 's', null, 'runs']]);
    for (const value of [INLINE, NESTED, NEW]) expect(read(value)).toMatchObject({ format: 'k6', records: 1, failed: [] });
  });

  it('leads back to each number', () => {
    expect(read(INLINE).at('/metrics/http_req_duration/p(90)')?.value).toBe(30);
    expect(read(NESTED).at('/metrics/http_req_duration/values/p(90)')?.value).toBe(30);
    expect(read(NEW).at('/results/metrics/1/values/p(90)')?.value).toBe(30);
  });

  it('says what was run', () => {
    expect(read(NEW).measurements[0]?.labels).toEqual({
      tool: 'k6',
      tool_version: '1.5.0',
      timestamp: '2026-01-01T00:00:00Z',
      script: 'load.js',
      concurrency: '8',
    });
  });

  it('knows that a threshold of true was crossed in one shape, and one that is not ok in the others', () => {
    expect(read(INLINE).warnings).toEqual([
      '/metrics/http_req_failed: requests failed (a ratio of 0.01); the statistics of http_req_duration are over all requests',
      '/metrics/http_req_duration: the threshold "p(90)<20" of http_req_duration was crossed',
    ]);
    expect(read(NESTED).warnings).toEqual(['/metrics/http_req_duration/values: the threshold "p(90)<20" of http_req_duration was crossed']);
  });

  it('says where a run did not pass, and takes percentiles without brackets', () => {
    const results = { passed: false, metrics: [...NEW.results.metrics, { name: 'mine', ...typed('trend', { p95: 3, max: 4 }, 'time') }] };
    const reading = read({ ...NEW, results });
    expect(reading.warnings).toContain('/results/passed: the run says that it did not pass');
    expect(reading.at('/results/metrics/5/values/p95')).toMatchObject({ metric: 'mine', statistic: 'p95', unit: 'ms' });
  });

  it('gives a trend of the script’s own no unit unless the file says that it is a time, and keeps parts apart', () => {
    expect(read(INLINE).at('/metrics/my_trend/med')).toMatchObject({ metric: 'my_trend', statistic: 'median', unit: null, n: null });
    expect(read(NESTED).at('/metrics/my_trend/values/med')).toMatchObject({ metric: 'my_trend', unit: 'ms' });
    expect(read(INLINE).at('/metrics/http_req_duration{expected_response:true}/avg')).toMatchObject({
      metric: 'request_latency',
      n: null,
      labels: { tags: 'expected_response:true' },
    });
    expect(read(INLINE).at('/metrics/checks/value')).toMatchObject({ metric: 'checks value', value: 0.75, unit: 'ratio' });
    expect(read(INLINE).at('/metrics/data_sent/rate')).toMatchObject({ metric: 'data_sent rate', unit: 'bytes/s' });
    expect(read(INLINE).at('/metrics/iteration_duration/avg')).toMatchObject({ metric: 'iteration_duration', unit: 'ms', n: 200 });
  });

  it('keeps a run of which all requests failed as failed', () => {
    const reading = read({ ...INLINE, metrics: { ...INLINE.metrics, http_req_failed: { passes: 400, fails: 0, value: 1 } } });
    expect(reading.failed).toEqual([{ pointer: '/metrics/http_req_failed', reason: 'no request succeeded of 400' }]);
    expect(reading.measurements.filter(({ metric }) => metric === 'request_latency').every(({ failed }) => failed)).toBe(true);
  });

  it('has no latency, rate or share of no request', () => {
    const zero = { avg: 0, min: 0, med: 0, max: 0, 'p(95)': 0 };
    const metrics = {
      http_reqs: { count: 0, rate: 0 },
      http_req_duration: zero,
      http_req_connecting: zero,
      http_req_failed: { passes: 0, fails: 0, value: 0 },
      iterations: { count: 5, rate: 1.25 },
      iteration_duration: { ...zero, avg: 3, max: 4 },
    };
    const reading = read({ metrics });
    expect(reading).toMatchObject({ format: 'k6', failed: [] });
    expect(reading.measurements.map(({ pointer, value, n }) => [pointer, value, n])).toEqual([
      ['/metrics/http_reqs/count', 0, null],
      ['/metrics/iterations/count', 5, null],
      ['/metrics/iterations/rate', 1.25, null],
      ['/metrics/iteration_duration/avg', 3, 5],
      ['/metrics/iteration_duration/min', 0, 5],
      ['/metrics/iteration_duration/med', 0, 5],
      ['/metrics/iteration_duration/max', 4, 5],
      ['/metrics/iteration_duration/p(95)', 0, 5],
    ]);
    expect(reading.warnings).toContain(
      '/metrics/http_req_duration: http_req_duration is 0 throughout, so it was not measured; it was left out',
    );
    const nothing = read({ metrics: { ...metrics, iterations: { count: 0, rate: 0 }, iteration_duration: zero } });
    expect(nothing.failed).toEqual([{ pointer: '/metrics', reason: 'no request was sent, and no iteration completed' }]);
  });

  it('leaves out a part of the requests of which there was none, but no connection that was open already', () => {
    const zero = { avg: 0, min: 0, med: 0, max: 0 };
    const reading = read({
      metrics: { ...INLINE.metrics, 'http_req_duration{status:500}': zero, http_req_connecting: zero },
    });
    expect(reading.at('/metrics/http_req_duration{status:500}/avg')).toBeUndefined();
    expect(reading.at('/metrics/http_req_connecting/max')).toMatchObject({ value: 0, unit: 'ms', n: 400 });
  });

  it.each([
    ['metrics of somebody', { metrics: { accuracy: { value: 1 } } }],
    ['a list of metrics', { results: { metrics: [{ name: 'http_reqs', values: { count: 1, rate: 1 } }] } }],
    ['a point of --out json', { type: 'Point', data: { value: 5 }, metric: 'http_reqs' }],
  ])('does not claim %s', (_, value) => {
    expect(read(value).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    for (const value of [INLINE, NESTED, NEW]) expectNoFaultWhenMangled('k6.json', JSON.stringify(value));
  });
});
