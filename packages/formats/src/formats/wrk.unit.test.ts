import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const WRK = `Running 30s test @ http://127.0.0.1:8080/x
  4 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   635.91us    0.89ms  12.92ms   93.69%
    Req/Sec    56.20k     8.07k   62.00k    86.54%
  Latency Distribution
     50%  250.00us
     90%  700.50us
     99%    5.80ms
  22464 requests in 30.00s, 17.76MB read
  Socket errors: connect 0, read 2, write 0, timeout 12
  Non-2xx or 3xx responses: 120
Requests/sec:    748.86
Transfer/sec:    606.33KB
`;
const WRK2 = `Running 1m test @ http://127.0.0.1:8080/y
  2 threads and 100 connections
  Thread calibration: mean lat.: 9747us, rate sampling interval: 21ms
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     6.46ms    1.93ms   1.20m    67.66%
    Req/Sec     1.05k     1.12k    2.50k    64.84%
  Latency Distribution (HdrHistogram - Recorded Latency)
 50.000%    6.67ms
 99.000%    9.99ms
100.000%   12.45ms

  Detailed Percentile spectrum:
       Value   Percentile   TotalCount 1/(1-Percentile)

       0.921     0.000000            1         1.00
----------------------------------------------------------
  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without taking delayed starts into account))
 50.000%    1.00ms
----------------------------------------------------------
  60018 requests in 30.00s, 19.81MB read
Requests/sec:   2000.28
Transfer/sec:    676.18KB
`;
const numbers = (text: string) =>
  readText('w.txt', text)
    .measurements.filter(({ metric }) => metric.startsWith('request_'))
    .map(({ metric, statistic, value, unit, n, over, pointer }) => [metric, statistic, value, unit, n, over, pointer]);

describe('wrk', () => {
  it('reads each cell in its own unit', () => {
    expect(numbers(WRK)).toEqual([
      ['request_latency', 'mean', 635.91, 'us', 22464, 'requests', 'line 4 column Latency Avg'],
      ['request_latency', 'stddev', 0.89, 'ms', 22464, 'requests', 'line 4 column Latency Stdev'],
      ['request_latency', 'max', 12.92, 'ms', 22464, 'requests', 'line 4 column Latency Max'],
      ['request_latency', 'median', 250, 'us', 22464, 'requests', 'line 7 column 50%'],
      ['request_latency', 'p90', 700.5, 'us', 22464, 'requests', 'line 8 column 90%'],
      ['request_latency', 'p99', 5.8, 'ms', 22464, 'requests', 'line 9 column 99%'],
      ['request_throughput', 'value', 748.86, 'req/s', null, 'runs', 'line 13 column Requests/sec'],
    ]);
    const reading = readText('w.txt', WRK);
    expect(reading).toMatchObject({ format: 'wrk', records: 1, failed: [] });
    expect(reading.warnings).toEqual([
      'line 1: 120 responses of 22464 were no 2xx or 3xx; the latencies are over them too',
      'line 1: 14 socket errors (timeouts among them): those requests have no latency',
    ]);
    expect(reading.at('line 11 column Socket errors timeout')).toMatchObject({ metric: 'Socket errors timeout', value: 12 });
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'wrk', url: 'http://127.0.0.1:8080/x', threads: '4', concurrency: '64' });
  });

  it('reads wrk2: minutes, the corrected distribution alone, the greatest once', () => {
    expect(numbers(WRK2)).toEqual([
      ['request_latency', 'mean', 6.46, 'ms', 60018, 'requests', 'line 5 column Latency Avg'],
      ['request_latency', 'stddev', 1.93, 'ms', 60018, 'requests', 'line 5 column Latency Stdev'],
      ['request_latency', 'max', 1.2, 'min', 60018, 'requests', 'line 5 column Latency Max'],
      ['request_latency', 'median', 6.67, 'ms', 60018, 'requests', 'line 8 column 50.000%'],
      ['request_latency', 'p99', 9.99, 'ms', 60018, 'requests', 'line 9 column 99.000%'],
      ['request_throughput', 'value', 2000.28, 'req/s', null, 'runs', 'line 21 column Requests/sec'],
    ]);
    expect(readText('w.log', WRK2).measurements[0]?.labels.tool).toBe('wrk2');
  });

  it('keeps runs without an answer, and of errors alone, as failed, among others', () => {
    const dead = WRK.replace('635.91us    0.89ms  12.92ms   93.69%', '0.00us    0.00us   0.00us    -nan%')
      .replace('22464 requests', '0 requests')
      .replace('50%  250.00us', '50%  -nan');
    const bad = WRK.replace('responses: 120', 'responses: 22464');
    const reading = readText('w.txt', dead + bad + WRK);
    expect(reading.records).toBe(3);
    expect(reading.failed).toEqual([
      { pointer: 'line 1', reason: 'no request was answered' },
      { pointer: 'line 15', reason: 'all of 22464 responses were errors' },
    ]);
    expect(reading.measurements.filter(({ failed }) => !failed).every(({ pointer }) => Number(/\d+/.exec(pointer)?.[0]) >= 29)).toBe(true);
  });

  it('says where a run broke off', () => {
    const begun = `${WRK}Running 30s test @ http://127.0.0.1:8080/z\n  4 threads and 64 connections\n`;
    expect(readText('w.txt', begun).warnings).toContain('line 15: the run that begins here has no rate: it broke off, and was not read');
  });

  it('does not claim other texts', () => {
    expect(readText('w.txt', 'Requests/sec: 12\nLatency 3ms\n').format).toBe('unknown');
    expect(readText('w.md', WRK).format).not.toBe('wrk');
  });

  it('survives whatever stands there', () => {
    for (const text of [WRK, WRK2, WRK + WRK2]) expectNoFaultWhenMangled('w.txt', text);
    expectNoOtherNumberWhereCut('w.txt', WRK + WRK2);
  });
});
