import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const spread = (first: number) => ({
  p10: first,
  p25: first + 1,
  p50: first + 2,
  p75: first + 3,
  p90: first + 4,
  p95: first + 5,
  p99: first + 6,
  'p99.9': first + 7,
  'p99.99': first + 8,
});
const NONE = Object.fromEntries(Object.keys(spread(0)).map((name) => [name, null]));
const SUMMARY = {
  successRate: 1,
  total: 20.5,
  slowest: 1.75,
  fastest: 0.125,
  average: 0.5,
  requestsPerSec: 9.75,
  totalData: 51_200,
  sizePerRequest: 256,
  sizePerSec: 2497.5,
};
const REPORT = {
  summary: SUMMARY,
  responseTimeHistogram: { '0.125': 1, '1.75': 199 },
  latencyPercentiles: spread(0.25),
  firstBytePercentiles: spread(100),
  rps: { mean: 91_034.25, stddev: 315_128.5, max: 1_091_703.5, min: 3.5, percentiles: spread(17) },
  details: {
    DNSDialup: { average: 0.0625, fastest: 0.03125, slowest: 0.09375 },
    DNSLookup: { average: 0, fastest: null, slowest: null },
  },
  statusCodeDistribution: { 200: 190, 304: 10 },
  errorDistribution: {},
};
const read = (more: object) => readText('oha.json', JSON.stringify({ ...REPORT, ...more }));

describe('oha, JSON', () => {
  it('reads seconds, over the requests that were answered', () => {
    const reading = read({});
    expect(reading).toMatchObject({ format: 'oha', kind: 'json', records: 1, failed: [], warnings: [] });
    const shown = reading.measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [
      metric,
      statistic,
      value,
      unit,
      n,
      over,
      pointer,
    ]);
    expect(shown.filter(([metric]) => !String(metric).startsWith('/'))).toEqual([
      ['request_latency', 'mean', 0.5, 's', 200, 'requests', '/summary/average'],
      ['request_latency', 'min', 0.125, 's', 200, 'requests', '/summary/fastest'],
      ['request_latency', 'max', 1.75, 's', 200, 'requests', '/summary/slowest'],
      ['request_throughput', 'value', 9.75, 'req/s', null, 'runs', '/summary/requestsPerSec'],
      ['duration', 'value', 20.5, 's', null, 'runs', '/summary/total'],
      ['request_latency', 'p10', 0.25, 's', 200, 'requests', '/latencyPercentiles/p10'],
      ['request_latency', 'p25', 1.25, 's', 200, 'requests', '/latencyPercentiles/p25'],
      ['request_latency', 'median', 2.25, 's', 200, 'requests', '/latencyPercentiles/p50'],
      ['request_latency', 'p75', 3.25, 's', 200, 'requests', '/latencyPercentiles/p75'],
      ['request_latency', 'p90', 4.25, 's', 200, 'requests', '/latencyPercentiles/p90'],
      ['request_latency', 'p95', 5.25, 's', 200, 'requests', '/latencyPercentiles/p95'],
      ['request_latency', 'p99', 6.25, 's', 200, 'requests', '/latencyPercentiles/p99'],
      ['request_latency', 'p99.9', 7.25, 's', 200, 'requests', '/latencyPercentiles/p99.9'],
      ['request_latency', 'p99.99', 8.25, 's', 200, 'requests', '/latencyPercentiles/p99.99'],
    ]);
    const own = shown
      .filter(([metric]) => String(metric).startsWith('/'))
      .filter(([, , value]) => Number(value) < 100 || Number(value) > 108);
    expect(own).toEqual([
      ['/summary/successRate', 'value', 1, 'ratio', null, 'runs', '/summary/successRate'],
      ['/summary/totalData', 'value', 51_200, 'bytes', null, 'runs', '/summary/totalData'],
      ['/summary/sizePerSec', 'value', 2497.5, 'bytes/s', null, 'runs', '/summary/sizePerSec'],
      ['/summary/sizePerRequest', 'mean', 256, 'bytes', 200, 'requests', '/summary/sizePerRequest'],
      ['/details/DNSDialup/average', 'mean', 0.0625, 's', null, undefined, '/details/DNSDialup/average'],
      ['/details/DNSDialup/fastest', 'min', 0.03125, 's', null, undefined, '/details/DNSDialup/fastest'],
      ['/details/DNSDialup/slowest', 'max', 0.09375, 's', null, undefined, '/details/DNSDialup/slowest'],
    ]);
    expect(reading.at('/firstBytePercentiles/p50')).toMatchObject({ metric: '/firstBytePercentiles/p50', statistic: 'median', value: 102 });
    expect(reading.measurements.every(({ labels }) => JSON.stringify(labels) === '{"tool":"oha"}')).toBe(true);
  });

  it('keeps the latencies of good and of bad answers under their own names', () => {
    const reading = read({ latencyPercentilesSuccessful: spread(30), latencyPercentilesNotSuccessful: spread(50) });
    expect(reading.at('/latencyPercentilesSuccessful/p99.9')).toMatchObject({ metric: '/latencyPercentilesSuccessful/p99.9', value: 37 });
    expect(reading.at('/latencyPercentilesNotSuccessful/p10')).toMatchObject({ metric: '/latencyPercentilesNotSuccessful/p10', value: 50 });
  });

  it('keeps a run without an answer as failed, whatever its rate', () => {
    const reading = read({
      summary: { ...SUMMARY, successRate: null, slowest: null, fastest: null, average: null, requestsPerSec: 250_000.5 },
      latencyPercentiles: NONE,
      firstBytePercentiles: NONE,
      statusCodeDistribution: {},
      errorDistribution: { 'connection refused': 7, 'aborted due to deadline': 2 },
    });
    expect(reading.failed).toEqual([
      { pointer: '/statusCodeDistribution', reason: 'no request was answered: 7 had no answer, 2 were cut off by the end of the run' },
    ]);
    expect(reading.measurements.length).toBeGreaterThan(3);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
    expect(reading.at('/summary/average')).toBeUndefined();
  });

  it('keeps a run of errors alone as failed, though oha calls it a success', () => {
    const reading = read({ statusCodeDistribution: { 500: 190, 404: 10 } });
    expect(reading.failed).toEqual([
      {
        pointer: '/statusCodeDistribution',
        reason: 'all of 200 answers were errors; 0 had no answer, 0 were cut off by the end of the run',
      },
    ]);
    expect(reading.at('/summary/requestsPerSec')).toMatchObject({ metric: '/summary/requestsPerSec', failed: true });
  });

  it('does not judge a rate that failures are counted in', () => {
    for (const more of [{ statusCodeDistribution: { 200: 195, 503: 5 } }, { errorDistribution: { timeout: 5 } }]) {
      const reading = read(more);
      expect(reading.failed).toEqual([]);
      expect(reading.warnings).toHaveLength(1);
      expect(reading.at('/summary/requestsPerSec')).toMatchObject({ metric: '/summary/requestsPerSec', value: 9.75, failed: false });
      expect(reading.at('/summary/average')).toMatchObject({ metric: 'request_latency', n: 200 });
    }
  });

  it('says how many requests the end of the run cut off', () => {
    const reading = read({ errorDistribution: { 'aborted due to deadline': 9 } });
    expect(reading.at('/summary/requestsPerSec')?.metric).toBe('request_throughput');
    expect(reading.warnings).toEqual([
      'the run: 9 requests were cut off by the end of the run: the latencies leave them out, and the rate counts them',
    ]);
  });

  it('gives no n where a count is none', () => {
    const reading = read({ statusCodeDistribution: { 200: -3 } });
    expect(reading.at('/summary/average')).toMatchObject({ n: null, failed: false });
    expect(reading.warnings).toEqual(['the run: the statuses hold what is no count: nobody knows how many were answered']);
  });

  it('reads several runs, in a list and by line', () => {
    expect(readText('o.json', JSON.stringify([REPORT, REPORT])).at('/1/summary/average')?.value).toBe(0.5);
    const lines = `${JSON.stringify(REPORT)}\n${JSON.stringify(REPORT)}\n`;
    expect(readText('o.jsonl', lines)).toMatchObject({ format: 'oha', records: 2 });
    expectNoOtherNumberWhereCut('o.jsonl', lines);
  });

  it('does not claim other objects', () => {
    for (const key of ['summary', 'latencyPercentiles', 'statusCodeDistribution', 'errorDistribution'])
      expect(read({ [key]: undefined }).format).toBe('generic');
    expect(read({ summary: { requestsPerSec: 9.75, total: 3 } }).format).toBe('generic');
    expect(read({ latencyPercentiles: [0.5] }).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('o.json', JSON.stringify(REPORT));
  });
});

const CSV = `request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status
0.001,0.0005,0.0025,0.0125,0.0150,256,200
0.002,0,0,0.25,0.375,12,503
0.003,0,0,0,0.0175,0,304
`;

describe('oha, CSV', () => {
  it('reads each request, and marks those that were answered by an error', () => {
    const reading = readText('oha.csv', CSV);
    expect(reading).toMatchObject({ format: 'oha', records: 3, warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, over, failed, pointer }) => [
        metric,
        statistic,
        value,
        unit,
        over,
        failed,
        pointer,
      ]),
    ).toEqual([
      ['request_latency', 'value', 0.015, 's', 'requests', false, 'line 2 column request-duration'],
      ['Response-delay', 'value', 0.0125, 's', 'requests', false, 'line 2 column Response-delay'],
      ['bytes', 'value', 256, 'bytes', 'requests', false, 'line 2 column bytes'],
      ['request_latency', 'value', 0.375, 's', 'requests', true, 'line 3 column request-duration'],
      ['Response-delay', 'value', 0.25, 's', 'requests', true, 'line 3 column Response-delay'],
      ['bytes', 'value', 12, 'bytes', 'requests', true, 'line 3 column bytes'],
      ['request_latency', 'value', 0.0175, 's', 'requests', false, 'line 4 column request-duration'],
      ['bytes', 'value', 0, 'bytes', 'requests', false, 'line 4 column bytes'],
    ]);
    expect(reading.failed).toEqual([{ pointer: 'line 3 column status', reason: 'the answer was an error: status 503' }]);
  });

  it('leaves out what has no status, and names cells that are no numbers', () => {
    const reading = readText('o.csv', CSV.replace(',200\n', ',ok\n').replace('0.375', 'long'));
    expect(reading.records).toBe(2);
    expect(reading.warnings).toEqual([
      'line 2: "ok" is no status: the row was not read',
      'line 3 column request-duration: "long" is no number: it was not read',
    ]);
  });

  it('does not claim the table of hey', () => {
    const hey =
      'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n0.5,0.1,0.1,0,0.25,0,200,0.5\n';
    expect(readText('h.csv', hey).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('o.csv', CSV);
    expectNoOtherNumberWhereCut('o.csv', CSV);
    // The last row, without its status, would be of a good answer.
    expectNoOtherNumberWhereCut('o.csv', CSV.slice(0, CSV.indexOf('0.003,')));
  });
});
