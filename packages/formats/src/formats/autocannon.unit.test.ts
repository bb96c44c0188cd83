import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const spread = (mean: number) => ({
  average: mean,
  mean,
  stddev: 1,
  min: mean - 1,
  max: mean + 1,
  p2_5: mean - 1,
  p50: mean,
  p97_5: mean + 0.5,
  p99: mean + 1,
});
const RUN = {
  title: 'small',
  url: 'http://localhost:3000',
  requests: { ...spread(250), total: 500, sent: 510 },
  latency: { ...spread(12.5), totalCount: 500 },
  throughput: { ...spread(4096), total: 8192 },
  errors: 0,
  timeouts: 0,
  mismatches: 0,
  duration: 2.05,
  start: '2026-01-01T00:00:00.000Z',
  connections: 10,
  pipelining: 1,
  non2xx: 0,
  resets: 0,
  '2xx': 500,
};
const read = (more: object) => readText('a.json', JSON.stringify({ ...RUN, ...more }));

describe('autocannon', () => {
  it('reads no requests by second that were counted by another time', () => {
    const reading = read({ sampleInt: 500 });
    expect(reading.measurements.filter(({ over }) => over === 'samples')).toEqual([]);
    expect(reading.at('/latency/mean')?.value).toBe(12.5);
    expect(reading.warnings).toEqual(['/sampleInt: requests and bytes were counted every 500 ms and not by second: they were not read']);
    expect(read({ sampleInt: 1000 }).at('/requests/average')?.value).toBe(250);
  });

  it('reads latency in milliseconds and requests by the second', () => {
    const reading = read({});
    expect(reading).toMatchObject({ format: 'autocannon', records: 1, failed: [], warnings: [] });
    const known = reading.measurements.filter(({ metric }) => !metric.startsWith('/'));
    expect(known.map(({ metric, statistic, value, unit, n, over, pointer }) => [metric, statistic, value, unit, n, over, pointer])).toEqual(
      [
        ['request_latency', 'mean', 12.5, 'ms', 500, 'requests', '/latency/mean'],
        ['request_latency', 'stddev', 1, 'ms', 500, 'requests', '/latency/stddev'],
        ['request_latency', 'min', 11.5, 'ms', 500, 'requests', '/latency/min'],
        ['request_latency', 'max', 13.5, 'ms', 500, 'requests', '/latency/max'],
        ['request_latency', 'p2.5', 11.5, 'ms', 500, 'requests', '/latency/p2_5'],
        ['request_latency', 'median', 12.5, 'ms', 500, 'requests', '/latency/p50'],
        ['request_latency', 'p97.5', 13, 'ms', 500, 'requests', '/latency/p97_5'],
        ['request_latency', 'p99', 13.5, 'ms', 500, 'requests', '/latency/p99'],
        ['request_throughput', 'mean', 250, 'req/s', null, 'samples', '/requests/average'],
        ['request_throughput', 'stddev', 1, 'req/s', null, 'samples', '/requests/stddev'],
        ['request_throughput', 'min', 249, 'req/s', null, 'samples', '/requests/min'],
        ['request_throughput', 'max', 251, 'req/s', null, 'samples', '/requests/max'],
        ['duration', 'value', 2.05, 's', null, 'runs', '/duration'],
      ],
    );
    expect(reading.at('/throughput/average')).toMatchObject({ value: 4096, unit: 'bytes/s' });
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'autocannon',
      title: 'small',
      url: 'http://localhost:3000',
      concurrency: '10',
      pipelining: '1',
      timestamp: '2026-01-01T00:00:00.000Z',
    });
  });

  it('keeps a run without a good response as failed, and says where some were bad', () => {
    const none = read({ '2xx': 0, non2xx: 490, errors: 10 });
    expect(none.failed).toEqual([{ pointer: '/2xx', reason: 'no request succeeded: 10 errors, 490 responses other than 2xx' }]);
    expect(none.measurements.every(({ failed }) => failed)).toBe(true);
    const some = read({ errors: 4, non2xx: 6 });
    expect(some.failed).toEqual([]);
    expect(some.warnings).toEqual([
      'the run: 4 errors (timeouts among them) and 6 responses other than 2xx; the latencies are over all that were answered',
    ]);
  });

  it('reads several runs, and the mean of early versions', () => {
    const { mean: _, ...early } = RUN.latency;
    const reading = readText('a.json', JSON.stringify([RUN, { ...RUN, latency: early }]));
    expect(reading.records).toBe(2);
    expect(reading.at('/1/latency/average')).toMatchObject({ metric: 'request_latency', statistic: 'mean', value: 12.5 });
  });

  it('does not claim other objects', () => {
    expect(read({ latency: { p99: 1 } }).format).toBe('generic');
    expect(read({ latency: 3 }).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('a.json', JSON.stringify(RUN));
  });
});

const absent = !existsSync(`${SAMPLES}autocannon`);

describe.skipIf(absent)(`autocannon, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it('1-example-result.json', () => {
    const raw: { latency: Record<string, number>; requests: { average: number } } = JSON.parse(
      readFileSync(`${SAMPLES}autocannon/1-example-result.json`, 'utf8'),
    );
    const reading = readSample('autocannon/1-example-result.json');
    expect(reading).toMatchObject({ format: 'autocannon', failed: [], warnings: [] });
    for (const name of ['mean', 'stddev', 'min', 'max', 'p2_5', 'p50', 'p97_5', 'p99_9'])
      expect(reading.at(`/latency/${name}`)).toMatchObject({ value: raw.latency[name], unit: 'ms', n: 500 });
    expect(reading.at('/requests/average')).toMatchObject({ metric: 'request_throughput', value: raw.requests.average, unit: 'req/s' });
  });
});
