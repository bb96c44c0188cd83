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
      ['request_latency', 'mean', 6.46, 'ms', null, 'requests', 'line 5 column Latency Avg'],
      ['request_latency', 'stddev', 1.93, 'ms', null, 'requests', 'line 5 column Latency Stdev'],
      ['request_latency', 'max', 1.2, 'min', null, 'requests', 'line 5 column Latency Max'],
      ['request_latency', 'median', 6.67, 'ms', null, 'requests', 'line 8 column 50.000%'],
      ['request_latency', 'p99', 9.99, 'ms', null, 'requests', 'line 9 column 99.000%'],
      ['request_throughput', 'value', 2000.28, 'req/s', null, 'runs', 'line 21 column Requests/sec'],
    ]);
    expect(readText('w.log', WRK2).measurements[0]?.labels.tool).toBe('wrk2');
  });

  it('takes n of wrk2 from its own count, which leaves out what the calibration sent', () => {
    const counted = WRK2.replace(
      '100.000%   12.45ms\n',
      '100.000%   12.45ms\n#[Mean    =        6.460, StdDeviation   =        1.930]\n',
    ).replace('\n  Detailed', '#[Max     =       12.440, Total count    =        39500]\n\n  Detailed');
    const uncalibrated = WRK2.replace(/ {2}Thread calibration.*\n/, '');
    expect(readText('w.txt', counted).at('line 5 column Latency Avg')?.n).toBe(39_500);
    expect(readText('w.txt', uncalibrated).at('line 4 column Latency Avg')?.n).toBe(60_018);
  });

  it('reads a percentile where the header names one, not the greatest', () => {
    const run = WRK.replace('Stdev     Max   +/-', 'Stdev     99%   +/-').replace(/ {2}Latency Distribution\n(?: {5}.*\n)*/, '');
    expect(numbers(run).map(([, statistic, value, unit]) => [statistic, value, unit])).toEqual([
      ['mean', 635.91, 'us'],
      ['stddev', 0.89, 'ms'],
      ['p99', 12.92, 'ms'],
      ['value', 748.86, 'req/s'],
    ]);
    expect(readText('w.txt', run).measurements[0]?.labels.tool).toBe('wrk2');
  });

  it('tells the addresses of one run apart', () => {
    const part = (url: string, mean: string) =>
      `Test Results @ ${url} \n  Thread Stats   Avg      Stdev     99%   +/- Stdev\n    Latency   ${mean}    0.50ms   9.00ms   75.00%\n    Req/Sec     1.00      0.00     1.00    100.00%\n`;
    const run = `Running 20s test @ http://h:1/a\n  2 threads and 8 connections\n${part('http://h:1/a', '2.25ms')}${part('http://h:1/b', '3.75ms')}  500 requests in 20.00s, 1.20MB read\nRequests/sec:     25.00\n`;
    expect(
      readText('w.txt', run).measurements.flatMap(({ statistic, value, n, labels }) =>
        statistic === 'mean' ? [[labels.url, value, n]] : [],
      ),
    ).toEqual([
      ['http://h:1/a', 2.25, null],
      ['http://h:1/b', 3.75, null],
    ]);
  });

  it('claims no latency where none was timed', () => {
    const dead = WRK.replace('635.91us    0.89ms  12.92ms   93.69%', '0.00us    0.00us   0.00us     nan%').replace(
      /\d+\.\d\dus\n/g,
      '0.00us\n',
    );
    const { measurements, warnings, failed } = readText('w.txt', dead);
    expect(measurements.filter(({ metric }) => metric === 'request_latency')).toEqual([]);
    expect(warnings).toContain('line 1: no request was timed, so that its latencies are printed as 0: they were not read');
    expect(failed).toEqual([]);
  });

  it('reads what was pasted with a margin, or without any, or with lines between', () => {
    const values = numbers(WRK).map(([, statistic, value]) => [statistic, value]);
    const of = (text: string) => numbers(text).map(([, statistic, value]) => [statistic, value]);
    expect(of(WRK.replace(/^/gm, '    '))).toEqual(values);
    expect(of(WRK.replace(/^/gm, '\t'))).toEqual(values);
    expect(of(WRK.replace(/^ +/gm, ''))).toEqual(values);
    expect(of(WRK.replaceAll('\n', '\r\n\r\n'))).toEqual(values);
  });

  it('takes no rate of another load generator for one of wrk', () => {
    const other = '\nSummary:\n  Total:\t2.5000 secs\n  Average:\t0.0300 secs\n  Requests/sec:\t4321.5000\n\n';
    for (const text of [other + WRK, WRK + other, WRK.split('\n')[0] + other + WRK]) {
      const reading = readText('w.txt', text);
      expect(reading.records).toBe(1);
      expect(numbers(text).map(([, statistic, value]) => [statistic, value])).toEqual(
        numbers(WRK).map(([, statistic, value]) => [statistic, value]),
      );
      expect(reading.warnings.filter((one) => one.includes('no run of wrk'))).toHaveLength(1);
    }
  });

  it('is not read beside another tool, which a warning says', () => {
    const report = `Requests      [total, rate, throughput]  10, 5.00, 5.00
Latencies     [min, mean, 50, 95, 99, max]  1ms, 2ms, 2ms, 3ms, 3ms, 3ms
`;
    const reading = readText('w.log', `${WRK}\n${report}`);
    expect(reading.format).toBe('vegeta');
    expect(reading.warnings).toContain('in the text stands output of wrk too: it was read as vegeta alone');
  });

  it('says where latencies stand below no header of theirs', () => {
    for (const text of [WRK.replace(/ {2}Thread Stats.*\n/, ''), WRK.replace('   93.69%', '')]) {
      const reading = readText('w.txt', text);
      expect(reading.measurements.some(({ statistic }) => statistic === 'mean')).toBe(false);
      expect(reading.warnings).toContainEqual(
        expect.stringMatching(/^line [34]: these latencies have no header with as many columns: they were not read$/),
      );
    }
    expect(readText('w.txt', WRK).warnings.filter((one) => one.includes('no header'))).toEqual([]);
  });

  it('reads a run whose first table is not there', () => {
    const trimmed = WRK.replace(/ {2}Thread Stats.*\n.*\n.*\n/, '');
    expect(numbers(trimmed).map(([, statistic, value, unit]) => [statistic, value, unit])).toEqual([
      ['median', 250, 'us'],
      ['p90', 700.5, 'us'],
      ['p99', 5.8, 'ms'],
      ['value', 748.86, 'req/s'],
    ]);
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
