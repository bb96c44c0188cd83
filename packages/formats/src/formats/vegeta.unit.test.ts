import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const REPORT = {
  latencies: { total: 5000, mean: 2500, '50th': 2400, '90th': 2900, '95th': 2950, '99th': 2990, max: 3000, min: 2000 },
  bytes_in: { total: 64, mean: 32 },
  bytes_out: { total: 0, mean: 0 },
  earliest: '2026-01-01T00:00:00Z',
  duration: 1000000000,
  wait: 3000,
  requests: 2,
  rate: 2.5,
  throughput: 2.25,
  success: 1,
  status_codes: { 200: 2 },
  errors: [],
};
const TEXT = `Requests      [total, rate, throughput]         1200, 120.25, 65.875
Duration      [total, attack, wait]             1m10.5s, 9.949s, 145.082ms
Latencies     [min, mean, 50, 90, 95, 99, max]  90.438ms, 113.172ms, 108.272ms, 140.18ms, 247.771ms, 1.25s, 12.5µs
Bytes In      [total, mean]                     3714690, 3095.57
Bytes Out     [total, mean]                     0, 0.00
Success       [ratio]                           55.42%
Status Codes  [code:count]                      0:535  200:665
Error Set:
Get http://localhost: connection refused
`;

describe('vegeta', () => {
  it('reads JSON in nanoseconds', () => {
    const reading = readText('v.json', JSON.stringify(REPORT));
    expect(reading).toMatchObject({ format: 'vegeta', records: 1, failed: [], warnings: [] });
    const known = reading.measurements.filter(({ metric }) => !metric.startsWith('/'));
    expect(known.map(({ metric, statistic, value, unit, n, over }) => [metric, statistic, value, unit, n, over])).toEqual([
      ['request_latency', 'mean', 2500, 'ns', 2, 'requests'],
      ['request_latency', 'median', 2400, 'ns', 2, 'requests'],
      ['request_latency', 'p90', 2900, 'ns', 2, 'requests'],
      ['request_latency', 'p95', 2950, 'ns', 2, 'requests'],
      ['request_latency', 'p99', 2990, 'ns', 2, 'requests'],
      ['request_latency', 'max', 3000, 'ns', 2, 'requests'],
      ['request_latency', 'min', 2000, 'ns', 2, 'requests'],
      ['request_throughput', 'value', 2.25, 'req/s', null, 'runs'],
      ['duration', 'value', 1000000000, 'ns', null, 'runs'],
    ]);
    expect(reading.at('/success')).toMatchObject({ value: 1, unit: 'ratio' });
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'vegeta', timestamp: '2026-01-01T00:00:00Z' });
  });

  it('keeps a run without a success as failed, and says where some failed', () => {
    const none = readText('v.json', JSON.stringify({ ...REPORT, success: 0 }));
    expect(none.failed).toEqual([{ pointer: '/success', reason: 'no request succeeded of 2' }]);
    expect(none.measurements.every(({ failed }) => failed)).toBe(true);
    const some = readText('v.json', JSON.stringify({ ...REPORT, success: 0.5 }));
    expect(some.failed).toEqual([]);
    expect(some.warnings).toEqual(['/success: not every request succeeded; the latencies are over all of them, those that failed too']);
  });

  it('takes no zeros of a report that was not closed for measurements, nor for failures', () => {
    const open = {
      latencies: { total: 79_721_833, mean: 0, '50th': 0, '95th': 0, '99th': 0, max: 23_259_687 },
      bytes_in: { total: 2_760, mean: 0 },
      bytes_out: { total: 0, mean: 0 },
      ...{ duration: 0, wait: 0, requests: 10, rate: 0, throughput: 0, success: 0, status_codes: { 201: 10 }, errors: [] },
    };
    const reading = readText('v.json', JSON.stringify(open));
    expect(reading).toMatchObject({ format: 'vegeta', records: 1, failed: [] });
    expect(reading.measurements.map(({ value, pointer }) => [value, pointer])).toEqual([
      [10, '/requests'],
      [2_760, '/bytes_in/total'],
      [0, '/bytes_out/total'],
    ]);
    expect(reading.warnings).toEqual([
      '/latencies: the report was written before its statistics were computed (a total without a mean): only what it counts was read',
    ]);
  });

  it('reads text by the words in its brackets, each duration in its own unit', () => {
    const reading = readText('v.txt', TEXT);
    expect(reading).toMatchObject({ format: 'vegeta', records: 1, failed: [] });
    expect(reading.warnings).toEqual(['line 6: not every request succeeded; the latencies are over all of them, those that failed too']);
    const known = reading.measurements.filter(({ metric }) => !/^[A-Z]/.test(metric));
    expect(known.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer])).toEqual([
      ['request_throughput', 'value', 65.875, 'req/s', null, 'line 1 column Requests throughput'],
      ['duration', 'value', 9.949, 's', null, 'line 2 column Duration attack'],
      ['request_latency', 'min', 90.438, 'ms', 1200, 'line 3 column Latencies min'],
      ['request_latency', 'mean', 113.172, 'ms', 1200, 'line 3 column Latencies mean'],
      ['request_latency', 'median', 108.272, 'ms', 1200, 'line 3 column Latencies 50'],
      ['request_latency', 'p90', 140.18, 'ms', 1200, 'line 3 column Latencies 90'],
      ['request_latency', 'p95', 247.771, 'ms', 1200, 'line 3 column Latencies 95'],
      ['request_latency', 'p99', 1.25, 's', 1200, 'line 3 column Latencies 99'],
      ['request_latency', 'max', 12.5, 'us', 1200, 'line 3 column Latencies max'],
    ]);
    expect(reading.at('line 2 column Duration total')).toMatchObject({ value: 70.5, unit: 's' });
    expect(reading.at('line 6 column Success ratio')).toMatchObject({ value: 55.42, unit: '%' });
  });

  it('reads several reports, of which one failed', () => {
    const reading = readText('v.txt', `${TEXT}\n${TEXT.replace('55.42%', '0.00%')}`);
    expect(reading.records).toBe(2);
    expect(reading.failed).toEqual([{ pointer: 'line 16', reason: 'no request succeeded of 1200' }]);
    expect(reading.at('line 3 column Latencies min')?.failed).toBe(false);
    expect(reading.at('line 13 column Latencies min')?.failed).toBe(true);
  });

  it('reads a report that was pasted with a margin, beside another without', () => {
    const reading = readText('v.txt', `$ report first.bin\n${TEXT.replace(/^/gm, '\t').replace('1200', '1300')}\n${TEXT}`);
    expect(reading.records).toBe(2);
    expect(
      reading.measurements.flatMap(({ metric, statistic, n }) => (metric === 'request_latency' && statistic === 'p99' ? [n] : [])),
    ).toEqual([1300, 1200]);
  });

  it('says where a report does not reach its success', () => {
    const reading = readText('v.txt', TEXT.slice(0, TEXT.indexOf('Success')));
    expect(reading.warnings).toEqual(['line 1: the report does not say how many requests succeeded: the latencies may be of failures']);
  });

  it('does not claim other files', () => {
    expect(readText('v.json', JSON.stringify({ latencies: { mean: 1 }, bytes_in: {}, status_codes: {}, requests: 1 })).format).toBe(
      'generic',
    );
    expect(readText('v.md', TEXT).format).not.toBe('vegeta');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('v.json', JSON.stringify(REPORT));
    expectNoFaultWhenMangled('v.txt', TEXT);
    expectNoOtherNumberWhereCut('v.txt', TEXT);
  });
});

const absent = !existsSync(`${SAMPLES}vegeta`);

describe.skipIf(absent)(`vegeta, a real sample${absent ? ' (left out: it is not here)' : ''}`, () => {
  it('1-readme-report.json', () => {
    const raw: { latencies: Record<string, number>; throughput: number; requests: number } = JSON.parse(
      readFileSync(`${SAMPLES}vegeta/1-readme-report.json`, 'utf8'),
    );
    const reading = readSample('vegeta/1-readme-report.json');
    expect(reading).toMatchObject({ format: 'vegeta', failed: [], warnings: [] });
    for (const name of ['mean', '50th', '90th', '95th', '99th', 'max', 'min'])
      expect(reading.at(`/latencies/${name}`)).toMatchObject({
        metric: 'request_latency',
        value: raw.latencies[name],
        unit: 'ns',
        n: raw.requests,
      });
    expect(reading.at('/throughput')).toMatchObject({ metric: 'request_throughput', value: raw.throughput });
  });
});
