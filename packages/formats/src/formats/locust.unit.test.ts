import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const STATS = `Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,99%,99.9%,100%
GET,"/a, b",40,0,12,13.25,5,90,2048.5,4.5,0.0,12,14,80,90,90
POST,/c,10,10,3,3.5,1,9,0.0,1.125,1.125,3,4,9,9,9
GET,/never,0,0,0,0,0,0,0,0.0,0.0,N/A,N/A,N/A,N/A,N/A
,Aggregated,50,10,11,11.25,1,90,1638.75,5.625,1.125,11,13,80,90,90
`;
const HISTORY = `Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,95%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size
1760000000,0,,Aggregated,0.000000,0.000000,N/A,N/A,N/A,0,0,0,0.0,0,0,0
1760000001,5,,Aggregated,4.250000,0.000000,12,30,90,17,0,12,13.5,5,90,2048
`;
const ENTRY = {
  name: '/a',
  method: 'GET',
  num_requests: 4,
  num_failures: 1,
  total_response_time: 50,
  min_response_time: 5,
  max_response_time: 20,
  response_times: { 12: 3, 20: 1 },
};

describe('Locust', () => {
  it('reads the statistics of each request', () => {
    const reading = readText('x_stats.csv', STATS);
    expect(reading).toMatchObject({ format: 'locust', records: 4 });
    const first = reading.measurements.filter(({ pointer, metric }) => pointer.startsWith('line 2 ') && metric.startsWith('request_'));
    expect(first.map(({ metric, statistic, value, unit, n, over, pointer }) => [metric, statistic, value, unit, n, over, pointer])).toEqual(
      [
        ['request_latency', 'median', 12, 'ms', 40, 'requests', 'line 2 column Median Response Time'],
        ['request_latency', 'mean', 13.25, 'ms', 40, 'requests', 'line 2 column Average Response Time'],
        ['request_latency', 'min', 5, 'ms', 40, 'requests', 'line 2 column Min Response Time'],
        ['request_latency', 'max', 90, 'ms', 40, 'requests', 'line 2 column Max Response Time'],
        ['request_throughput', 'value', 4.5, 'req/s', null, 'runs', 'line 2 column Requests/s'],
        ['request_latency', 'p66', 14, 'ms', 40, 'requests', 'line 2 column 66%'],
        ['request_latency', 'p99', 80, 'ms', 40, 'requests', 'line 2 column 99%'],
        ['request_latency', 'p99.9', 90, 'ms', 40, 'requests', 'line 2 column 99.9%'],
      ],
    );
    expect(first[0]?.labels).toEqual({ tool: 'locust', method: 'GET', test: '/a, b' });
    expect(reading.at('line 2 column Average Content Size')).toMatchObject({ value: 2048.5, unit: 'bytes' });
  });

  it('keeps what failed wholly as failed, and no time of what never was', () => {
    const reading = readText('x_stats.csv', STATS);
    expect(reading.failed).toEqual([{ pointer: 'line 3', reason: 'no request succeeded of 10 ("/c")' }]);
    expect(reading.measurements.filter(({ failed }) => failed).every(({ pointer }) => pointer.startsWith('line 3 '))).toBe(true);
    expect(reading.measurements.some(({ pointer, metric }) => pointer.startsWith('line 4 ') && metric.startsWith('request_'))).toBe(false);
    expect(reading.warnings).toEqual(['line 5: 10 of 50 requests failed; the response times are over all of them']);
  });

  it('reads the columns of early versions', () => {
    const old = STATS.replace('Type,Name,Request Count,Failure Count', 'Method,Name,# requests,# failures').replace(
      'Median Response Time,Average Response Time',
      'Median response time,Average response time',
    );
    expect(readText('x.csv', old).at('line 2 column Median response time')).toMatchObject({
      metric: 'request_latency',
      statistic: 'median',
      n: 40,
    });
  });

  it('tells failures of early versions, which stand beside the requests', () => {
    const table = `"Method","Name","# requests","# failures","Median response time","Average response time","Min response time","Max response time","Average Content Size","Requests/s"
"GET","/no",0,56,0,0,0,0,0,0.00
"GET","/some",58,60,3,3.5,2,5,1214,1.01
`;
    const reading = readText('x_requests.csv', table);
    expect(reading.failed).toEqual([{ pointer: 'line 2', reason: 'no request succeeded of 56 ("/no")' }]);
    expect(reading.warnings).toEqual(['line 3: 60 requests failed beside the 58 that are counted; the response times are over these']);
    expect(reading.at('line 3 column Average response time')).toMatchObject({ metric: 'request_latency', value: 3.5, failed: false });
    expect(reading.at('line 2 column Average response time')).toBeUndefined();
  });

  it('reads the distribution of early versions', () => {
    const table = `"Name","# requests","50%","66%","95%","99%","100%"\n"GET /a",31,4,5,6,7,8\n"/no",0,"N/A","N/A","N/A","N/A","N/A"\n`;
    const reading = readText('x_distribution.csv', table);
    expect(reading).toMatchObject({ format: 'locust', records: 2, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, labels }) => [metric, statistic, value, unit, n, labels.test]),
    ).toEqual([
      ['request_latency', 'median', 4, 'ms', 31, 'GET /a'],
      ['request_latency', 'p66', 5, 'ms', 31, 'GET /a'],
      ['request_latency', 'p95', 6, 'ms', 31, 'GET /a'],
      ['request_latency', 'p99', 7, 'ms', 31, 'GET /a'],
      ['request_latency', 'max', 8, 'ms', 31, 'GET /a'],
    ]);
  });

  it('reads a history as samples of a clock', () => {
    const reading = readText('x_stats_history.csv', HISTORY);
    expect(reading).toMatchObject({ format: 'locust', records: 2, failed: [], warnings: [] });
    const last = reading.measurements.filter(({ pointer }) => pointer.startsWith('line 3 '));
    expect(last.map(({ metric, statistic, value, unit, over }) => [metric, statistic, value, unit, over])).toEqual([
      ['User Count', 'value', 5, null, 'samples'],
      ['request_throughput', 'value', 4.25, 'req/s', 'samples'],
      ['Failures/s', 'value', 0, 'req/s', 'samples'],
      ['50%', 'value', 12, 'ms', 'samples'],
      ['95%', 'value', 30, 'ms', 'samples'],
      ['100%', 'value', 90, 'ms', 'samples'],
    ]);
  });

  it('reads JSON', () => {
    const reading = readText(
      'x.json',
      JSON.stringify([ENTRY, { ...ENTRY, num_failures: 4 }, { ...ENTRY, num_requests: 0, num_failures: 0 }]),
    );
    expect(reading).toMatchObject({ format: 'locust', records: 3 });
    expect(reading.at('/0/total_response_time ÷ /0/num_requests')).toMatchObject({
      metric: 'request_latency',
      statistic: 'mean',
      value: 12.5,
      unit: 'ms',
      n: 4,
    });
    expect(reading.at('/0/max_response_time')).toMatchObject({ statistic: 'max', value: 20 });
    expect(reading.failed).toEqual([{ pointer: '/1', reason: 'no request succeeded of 4 ("/a")' }]);
    expect(reading.measurements.filter(({ pointer }) => pointer.startsWith('/2/')).map(({ pointer }) => pointer)).toEqual([
      '/2/num_requests',
      '/2/num_failures',
    ]);
  });

  const FAILURES = 'Method,Name,Error,Occurrences\nPOST,/v1/chat,"HTTPError(500, ""no, sorry"")",5\nGET,/a,timed out,7\n';
  const EXCEPTIONS = 'Count,Message,Traceback,Nodes\n3,no such key,"File ""x.py"", line 1",local\n';

  it.each([
    [
      'failures',
      FAILURES,
      [
        ['Occurrences', 5],
        ['Occurrences', 7],
      ],
      'HTTPError(500, "no, sorry")',
    ],
    ['exceptions', EXCEPTIONS, [['Count', 3]], 'no such key'],
  ])('reads a list of %s as counts, and takes none of its rows for a failed record', (_, text, counts, error) => {
    const reading = readText('x_list.csv', text);
    expect(reading).toMatchObject({ format: 'locust', records: counts.length, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, value }) => [metric, value])).toEqual(counts);
    expect(reading.measurements.every(({ unit, over, failed }) => unit === null && over === 'runs' && !failed)).toBe(true);
    expect(reading.measurements[0]?.labels.error).toBe(error);
    expectNoFaultWhenMangled('x.csv', text);
    expectNoOtherNumberWhereCut('x.csv', text);
  });

  it('takes the mean of JSON over the calls that have a response time', () => {
    const entry = {
      ...{ name: '/a', method: 'WS', num_requests: 10, num_none_requests: 2, num_failures: 0, total_response_time: 400 },
      ...{ min_response_time: 5, max_response_time: 90, response_times: { 50: 8 } },
    };
    const reading = readText('l.json', JSON.stringify([entry, { ...entry, num_none_requests: 10 }]));
    expect(
      reading.measurements
        .filter(({ metric }) => metric === 'request_latency')
        .map(({ statistic, value, n, pointer }) => [statistic, value, n, pointer]),
    ).toEqual([
      ['min', 5, 8, '/0/min_response_time'],
      ['max', 90, 8, '/0/max_response_time'],
      ['mean', 50, 8, '/0/total_response_time ÷ (/0/num_requests − /0/num_none_requests)'],
    ]);
  });

  it('does not claim other tables', () => {
    expect(readText('b.csv', 'Method,Name,Error,Occurrences,Host\nGET,/a,timed out,7,h\n').format).toBe('generic');
    expect(readText('a.csv', 'Type,Name,Request Count\nGET,a,1\n').format).toBe('generic');
    expect(readText('a.json', '[{"name": "a", "num_requests": 1}]').format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    for (const text of [STATS, HISTORY]) {
      expectNoFaultWhenMangled('x.csv', text);
      expectNoOtherNumberWhereCut('x.csv', text);
    }
    expectNoFaultWhenMangled('x.json', JSON.stringify([ENTRY]));
  });
});

const absent = !existsSync(`${SAMPLES}locust`);

describe.skipIf(absent)(`Locust, a real sample${absent ? ' (left out: it is not here)' : ''}`, () => {
  it('leaves the configuration of a hub, which only names files, to the generic reader', () => {
    expect(readSample('locust/2-locust.json').format).toBe('generic');
  });
});
