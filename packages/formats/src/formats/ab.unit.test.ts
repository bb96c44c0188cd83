import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const BANNER = `This is ApacheBench, Version 2.3 <$Revision: 1234567 $>
Copyright 1996 the one who wrote it, http://example.org/
Licensed to The Apache Software Foundation, http://www.apache.org/

Benchmarking 127.0.0.1 (be patient)
`;
const REPORT = `${BANNER}Completed 400 requests
Finished 400 requests


Server Software:        example/1.2
Server Hostname:        127.0.0.1
Server Port:            8080

Document Path:          /a?b=1
Document Length:        31 bytes

Concurrency Level:      16
Time taken for tests:   2.005 seconds
Complete requests:      400
Failed requests:        7
   (Connect: 1, Receive: 2, Length: 4, Exceptions: 0)
Write errors:           3
Non-2xx responses:      5
Keep-Alive requests:    390
Total transferred:      81200 bytes
Total body sent:        61600
HTML transferred:       12400 bytes
Requests per second:    199.50 [#/sec] (mean)
Time per request:       80.200 [ms] (mean)
Time per request:       5.012 [ms] (mean, across all concurrent requests)
Transfer rate:          39.55 [Kbytes/sec] received
                        30.00 kb/s sent
                        69.55 kb/s total

Connection Times (ms)
              min  mean[+/-sd] median   max
Connect:        0    1   0.6      1      10
Processing:    11   77  21.5     70     203
Waiting:        9   71  20.4     66     198
Total:         12   78  21.7     72     207
WARNING: The median and mean for the total time are not within a normal deviation
        These results are probably not that reliable.

Percentage of the requests served within a certain time (ms)
  50%     73
  66%     81
  75%     86
  80%     90
  90%    110
  95%    125
  98%    160
  99%    188
 100%    207 (longest request)
`;
/** With -S: no medians and no deviations. */
const SHORT = REPORT.replace('min  mean[+/-sd] median   max', 'min   avg   max')
  .replace(/^(Connect|Processing|Waiting|Total):( +\d+ +\d+) +[\d.]+ +\d+( +\d+)$/gm, '$1:$2$3')
  .replace(/^WARNING.*\n.*\n/m, '');
/** As ab prints it where a run was interrupted before the first answer. */
const NOTHING = `${BANNER}

Server Software:        
Server Hostname:        127.0.0.1
Server Port:            8080

Document Path:          /
Document Length:        0 bytes

Concurrency Level:      16
Time taken for tests:   4.310 seconds
Complete requests:      0
Failed requests:        0
Total transferred:      0 bytes
HTML transferred:       0 bytes
`;
const numbers = (text: string) =>
  readText('ab.txt', text).measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    n,
    over,
    pointer,
  ]);
const ACROSS = 'Time per request (mean, across all concurrent requests)';
const partsAt = (line: number, row: string, values: readonly number[]) =>
  (
    [
      ['min', 'min'],
      ['mean', 'mean'],
      ['+/-sd', 'stddev'],
      ['median', 'median'],
      ['max', 'max'],
    ] as const
  ).map(([column, statistic], index) => [row, statistic, values[index], 'ms', 400, 'requests', `line ${line} column ${row} ${column}`]);
const latencies = (text: string) => numbers(text).filter(([metric]) => metric === 'request_latency');

describe('ab', () => {
  it('reads the times of the requests, each statistic once', () => {
    expect(latencies(REPORT)).toEqual([
      ['request_latency', 'min', 12, 'ms', 400, 'requests', 'line 40 column Total min'],
      ['request_latency', 'mean', 78, 'ms', 400, 'requests', 'line 40 column Total mean'],
      ['request_latency', 'stddev', 21.7, 'ms', 400, 'requests', 'line 40 column Total +/-sd'],
      ['request_latency', 'median', 72, 'ms', 400, 'requests', 'line 40 column Total median'],
      ['request_latency', 'max', 207, 'ms', 400, 'requests', 'line 40 column Total max'],
      ['request_latency', 'p66', 81, 'ms', 400, 'requests', 'line 46 column 66%'],
      ['request_latency', 'p75', 86, 'ms', 400, 'requests', 'line 47 column 75%'],
      ['request_latency', 'p80', 90, 'ms', 400, 'requests', 'line 48 column 80%'],
      ['request_latency', 'p90', 110, 'ms', 400, 'requests', 'line 49 column 90%'],
      ['request_latency', 'p95', 125, 'ms', 400, 'requests', 'line 50 column 95%'],
      ['request_latency', 'p98', 160, 'ms', 400, 'requests', 'line 51 column 98%'],
      ['request_latency', 'p99', 188, 'ms', 400, 'requests', 'line 52 column 99%'],
    ]);
  });

  it('reads the rest: parts of the times under their own names, rates, counts', () => {
    expect(numbers(REPORT).filter(([metric]) => metric !== 'request_latency')).toEqual([
      ['duration', 'value', 2.005, 's', null, 'runs', 'line 18 column Time taken for tests'],
      ['Complete requests', 'value', 400, null, null, 'runs', 'line 19 column Complete requests'],
      ['Failed requests', 'value', 7, null, null, 'runs', 'line 20 column Failed requests'],
      ['Failed requests Connect', 'value', 1, null, null, 'runs', 'line 21 column Failed requests Connect'],
      ['Failed requests Receive', 'value', 2, null, null, 'runs', 'line 21 column Failed requests Receive'],
      ['Failed requests Length', 'value', 4, null, null, 'runs', 'line 21 column Failed requests Length'],
      ['Failed requests Exceptions', 'value', 0, null, null, 'runs', 'line 21 column Failed requests Exceptions'],
      ['Write errors', 'value', 3, null, null, 'runs', 'line 22 column Write errors'],
      ['Non-2xx responses', 'value', 5, null, null, 'runs', 'line 23 column Non-2xx responses'],
      ['Keep-Alive requests', 'value', 390, null, null, 'runs', 'line 24 column Keep-Alive requests'],
      ['Total transferred', 'value', 81200, 'bytes', null, 'runs', 'line 25 column Total transferred'],
      ['HTML transferred', 'value', 12400, 'bytes', null, 'runs', 'line 27 column HTML transferred'],
      ['request_throughput', 'value', 199.5, 'req/s', null, 'runs', 'line 28 column Requests per second'],
      ['Time per request (mean)', 'value', 80.2, 'ms', null, 'runs', 'line 29 column Time per request (mean)'],
      [ACROSS, 'value', 5.012, 'ms', null, 'runs', `line 30 column ${ACROSS}`],
      ['Transfer rate', 'value', 39.55, 'KiB/s', null, 'runs', 'line 31 column Transfer rate'],
      ['Transfer rate sent', 'value', 30, 'KiB/s', null, 'runs', 'line 32 column Transfer rate sent'],
      ['Transfer rate total', 'value', 69.55, 'KiB/s', null, 'runs', 'line 33 column Transfer rate total'],
      ...partsAt(37, 'Connect', [0, 1, 0.6, 1, 10]),
      ...partsAt(39, 'Waiting', [9, 71, 20.4, 66, 198]),
      ...partsAt(38, 'Processing', [11, 77, 21.5, 70, 203]),
    ]);
  });

  it('tells runs apart, and says what failed in part', () => {
    const reading = readText('ab.txt', REPORT);
    expect(reading).toMatchObject({ format: 'ab', records: 1, failed: [] });
    expect(reading.measurements.every(({ failed }) => !failed)).toBe(true);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'ab',
      tool_version: '2.3',
      server: '127.0.0.1:8080',
      server_software: 'example/1.2',
      document_path: '/a?b=1',
      concurrency: '16',
      keep_alive: 'yes',
    });
    expect(reading.warnings).toContain(
      'line 1: 7 failed (4 by another length than the first), 5 responses other than 2xx, 3 write errors, of 400 complete requests; the rate and the times are over all that were completed',
    );
    expect(reading.warnings).toHaveLength(2);
  });

  it('reads the short table of -S, and a report that somebody cut out', () => {
    const expected = [
      ['request_latency', 'min', 12, 'ms', 400, 'requests', 'line 40 column Total min'],
      ['request_latency', 'mean', 78, 'ms', 400, 'requests', 'line 40 column Total avg'],
      ['request_latency', 'max', 207, 'ms', 400, 'requests', 'line 40 column Total max'],
      ['request_latency', 'median', 73, 'ms', 400, 'requests', 'line 43 column 50%'],
    ];
    expect(latencies(SHORT).slice(0, 3)).toEqual(expected.slice(0, 3));
    expect(latencies(SHORT)).toContainEqual(expected[3]);
    expect(numbers(SHORT).map(([metric]) => metric)).not.toContain('Processing');
    const part = REPORT.slice(REPORT.indexOf('Concurrency Level'));
    expect(readText('ab.txt', part)).toMatchObject({ format: 'ab', records: 1 });
    expect(latencies(part)).toHaveLength(12);
  });

  it('reads no row whose cells run into each other', () => {
    const glued = SHORT.replace(/^Total: .*$/m, 'Total:         12 123456123499');
    expect(latencies(glued).map(([, statistic]) => statistic)).not.toContain('mean');
    expect(latencies(glued)).toContainEqual(['request_latency', 'max', 207, 'ms', 400, 'requests', 'line 51 column 100%']);
    expect(readText('ab.txt', glued).warnings).toContain('line 40: the row Total has 2 cells, not one below each heading; it was not read');
  });

  it('has no rate and no time where no request was completed, whatever is printed', () => {
    for (const text of [NOTHING, REPORT.replace('requests:      400', 'requests:      0')]) {
      const reading = readText('ab.txt', text);
      expect(reading.failed).toHaveLength(1);
      expect(reading.failed[0]?.reason).toMatch(/^no request was completed: /);
      expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
      expect(reading.measurements.filter(({ unit, metric }) => unit === 'ms' || unit === 'req/s' || metric.startsWith('request_'))).toEqual(
        [],
      );
    }
  });

  it.each([
    ['other answers than 2xx', 'Non-2xx responses:      5', 'Non-2xx responses:      400'],
    ['answers that broke off', 'Receive: 2', 'Receive: 400'],
    ['both', 'Receive: 2', 'Receive: 392'],
    ['wrong lengths', 'Length: 4', 'Length: 400'],
    ['no kinds', '        7\n   (Connect: 1, Receive: 2, Length: 4, Exceptions: 0)', '        400'],
  ])('keeps a run of failures alone as failed: %s', (_, line, instead) => {
    const reading = readText('ab.txt', REPORT.replace(line, instead));
    expect(reading.failed).toEqual([{ pointer: 'line 1', reason: expect.stringMatching(/^none of 400 complete requests succeeded: /) }]);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
  });

  it('reads no run that does not say how many requests were completed', () => {
    const reading = readText('ab.txt', REPORT.replace('requests:      400', 'requests:      many'));
    expect(reading.measurements).toEqual([]);
    expect(reading.warnings).toContain('line 1: the run does not say how many requests were completed; it was not read');
  });

  it('does not take answers of another length than the first for a run of failures', () => {
    expect(readText('ab.txt', REPORT.replace('        7\n', '        399\n').replace('Length: 4', 'Length: 396')).failed).toEqual([]);
  });

  it('keeps runs that ab gave up, and several in one file', () => {
    const gaveUp = `${BANNER}apr_pollset_poll: The timeout specified has expired (70007)\nTotal of 3 requests completed\n`;
    const second = REPORT.slice(REPORT.indexOf('Server Software')).replace('Level:      16', 'Level:      32');
    const reading = readText('ab.txt', gaveUp + REPORT + second);
    expect(reading.records).toBe(3);
    expect(reading.failed).toEqual([
      { pointer: 'line 1', reason: 'ab gave up: apr_pollset_poll: The timeout specified has expired (70007)' },
    ]);
    expect(reading.measurements.filter(({ statistic }) => statistic === 'p99').map(({ labels }) => labels.concurrency)).toEqual([
      '16',
      '32',
    ]);
    expect(readText('ab.txt', REPORT + BANNER).warnings).toContain(
      'line 54: the run that begins here has no whole report: it broke off, and was not read',
    );
  });

  it('reads a report that was pasted with a margin', () => {
    for (const margin of ['    ', '\t'])
      for (const text of [REPORT, SHORT]) expect(numbers(text.replace(/^/gm, margin))).toEqual(numbers(text));
  });

  it('reads no times that are means of several requests', () => {
    const window = REPORT.replace('Complete requests', 'Number of requests:     100 (window)\nComplete requests');
    expect(latencies(window)).toEqual([]);
    expect(latencies(window.replace('100 (window)', '400'))).toHaveLength(12);
  });

  it('reads no number in another unit', () => {
    const other = REPORT.replaceAll('(ms)', '(us)').replace('2.005 seconds', '2.005 minutes');
    expect(latencies(other)).toEqual([]);
    expect(numbers(other).map(([metric]) => metric)).not.toContain('duration');
  });

  it('does not claim other texts', () => {
    for (const name of ['Concurrency Level', 'Time taken for tests', 'Complete requests']) {
      const part = REPORT.slice(REPORT.indexOf('Server Software')).replace(`${name}:`, 'Something else:');
      expect(readText('ab.txt', part).format).toBe('unknown');
    }
    expect(readText('wrk.txt', 'Requests/sec: 12\nLatency 3ms\n').format).toBe('unknown');
    expect(readText('ab.md', REPORT).format).not.toBe('ab');
  });

  it('survives whatever stands there', () => {
    for (const text of [REPORT, SHORT, NOTHING]) expectNoFaultWhenMangled('ab.txt', text);
    expectNoOtherNumberWhereCut('ab.txt', REPORT + SHORT);
    // The failure stands in the head, long before the last of the numbers.
    expectNoOtherNumberWhereCut('ab.txt', REPORT.replace('Non-2xx responses:      5', 'Non-2xx responses:      400'));
  });
});
