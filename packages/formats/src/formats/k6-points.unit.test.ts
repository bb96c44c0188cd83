import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readStreamed, readWhole } from '../stream/stream-for-test.ts';
import { readText } from './reading-for-test.ts';

const CSV = `metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata
http_reqs,1760000000,1.000000,,,,true,,GET,http://localhost/a?n=1,HTTP/1.1,default,,200,,,http://localhost/a?n=1,,
http_req_duration,1760000000,221.899000,,,,true,,GET,http://localhost/a?n=1,HTTP/1.1,default,,200,,,http://localhost/a?n=1,,
http_req_blocked,1760000000,0.250000,,,,true,,GET,http://localhost/a?n=1,HTTP/1.1,default,,200,,,http://localhost/a?n=1,,
http_req_duration,1760000001,35.125000,,,1503,false,::buy,POST,buy one,HTTP/1.1,shop,,503,,,http://localhost/b,,
http_req_waiting,1760000001,35.000000,,,1503,false,::buy,POST,buy one,HTTP/1.1,shop,,503,,,http://localhost/b,,
http_req_duration,1760000002,30000.500000,,"dial tcp: refused, twice",1212,false,,GET,http://localhost/c,,default,,0,,,http://localhost/c,,
checks,1760000002,0.000000,is well,,,,,,,,default,,,,,,,
my_trend,1760000002,7.500000,,,,,,,,,default,,,,,,,
data_sent,1760000003,432.000000,,,,,,,,,default,,,,,,,
vus,1760000003,10.000000,,,,,,,,,,,,,,,,
`;
type Point = { metric: string; value: number; tags?: Record<string, string> };
const point = ({ metric, value, tags = {} }: Point): string =>
  JSON.stringify({ metric, type: 'Point', data: { time: '2026-01-02T03:04:05.678901+01:00', value, tags } });
const definition = (name: string, type: string, contains: string): string =>
  JSON.stringify({ type: 'Metric', data: { name, type, contains, thresholds: [], submetrics: null }, metric: name });
const OK = {
  expected_response: 'true',
  group: '',
  method: 'GET',
  name: 'http://localhost/a',
  scenario: 'default',
  status: '200',
  url: 'http://localhost/a',
};
const LINES = `${[
  definition('http_reqs', 'counter', 'default'),
  point({ metric: 'http_reqs', value: 1, tags: OK }),
  definition('http_req_duration', 'trend', 'time'),
  point({ metric: 'http_req_duration', value: 112.345, tags: OK }),
  point({
    metric: 'http_req_duration',
    value: 98.75,
    tags: { ...OK, name: 'buy one', expected_response: 'false', status: '500', error_code: '1500' },
  }),
  point({ metric: 'iteration_duration', value: 1001.5, tags: { scenario: 'default', group: '' } }),
  point({ metric: 'vus', value: 4 }),
].join('\n')}\n`;
const numbers = (path: string, text: string) =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, over, failed, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    over,
    failed,
    pointer,
  ]);

describe('single points of k6', () => {
  it('are read from CSV by their metrics; those that only count are not', () => {
    expect(readText('k6.csv', CSV)).toMatchObject({ format: 'k6', records: 3, warnings: [] });
    expect(numbers('k6.csv', CSV)).toEqual([
      ['request_latency', 'value', 221.899, 'ms', 'requests', false, 'line 3 column metric_value'],
      ['http_req_blocked', 'value', 0.25, 'ms', 'requests', false, 'line 4 column metric_value'],
      ['request_latency', 'value', 35.125, 'ms', 'requests', true, 'line 5 column metric_value'],
      ['http_req_waiting', 'value', 35, 'ms', 'requests', true, 'line 6 column metric_value'],
      ['request_latency', 'value', 30000.5, 'ms', 'requests', true, 'line 7 column metric_value'],
      ['my_trend', 'value', 7.5, null, undefined, false, 'line 9 column metric_value'],
      ['data_sent', 'value', 432, 'bytes', undefined, false, 'line 10 column metric_value'],
      ['vus', 'value', 10, null, 'samples', false, 'line 11 column metric_value'],
    ]);
  });

  it('of calls that failed without being told so are failed records', () => {
    const of = (metric: string, tags: Record<string, string>) => point({ metric, value: 1.5, tags });
    const lines = [
      of('http_req_duration', { status: '200' }),
      of('http_req_duration', { status: '0', error: 'dial: refused', error_code: '1212' }),
      of('http_req_duration', { status: '404', error_code: '1404' }),
      of('http_req_waiting', { status: '404', error_code: '1404' }),
      of('grpc_req_duration', { status: '0' }),
      of('grpc_req_duration', { status: '14' }),
      of('ws_session_duration', { status: '101' }),
      of('ws_session_duration', { status: '502' }),
    ];
    const reading = readText('k6.jsonl', `${lines.join('\n')}\n`);
    expect(reading.records).toBe(7);
    expect(reading.failed.map(({ reason }) => reason)).toEqual([
      'the request got no response (dial: refused)',
      'the response was not expected: status 404 (error code 1404)',
      'the response was not expected: status 14',
      'the response was not expected: status 502',
    ]);
    expect(reading.measurements.map(({ failed }) => failed)).toEqual([false, true, true, true, false, true, false, true]);
  });

  it('of responses that were not expected are failed records, once each', () => {
    expect(readText('k6.csv', CSV).failed).toEqual([
      { pointer: 'line 5 column metric_value', reason: 'the response was not expected: status 503 (error code 1503)' },
      { pointer: 'line 7 column metric_value', reason: 'the request got no response (dial tcp: refused, twice)' },
    ]);
    expect(readText('k6.jsonl', LINES).failed).toEqual([
      { pointer: 'line 5 /data/value', reason: 'the response was not expected: status 500 (error code 1500)' },
    ]);
  });

  it('are told apart by what the script names, not by each address', () => {
    expect(readText('k6.csv', CSV).at('line 3 column metric_value')?.labels).toEqual({ tool: 'k6', method: 'GET', scenario: 'default' });
    expect(readText('k6.csv', CSV).at('line 5 column metric_value')?.labels).toEqual({
      tool: 'k6',
      method: 'POST',
      test: 'buy one',
      scenario: 'shop',
      group: '::buy',
    });
  });

  it('are read from JSON lines, whatever the file is called', () => {
    for (const path of ['k6.jsonl', 'k6.json', 'k6.log']) {
      expect(readText(path, LINES)).toMatchObject({ format: 'k6', records: 2 });
      expect(numbers(path, LINES)).toEqual([
        ['request_latency', 'value', 112.345, 'ms', 'requests', false, 'line 4 /data/value'],
        ['request_latency', 'value', 98.75, 'ms', 'requests', true, 'line 5 /data/value'],
        ['iteration_duration', 'value', 1001.5, 'ms', undefined, false, 'line 6 /data/value'],
        ['vus', 'value', 4, null, 'samples', false, 'line 7 /data/value'],
      ]);
    }
  });

  it('of a row that the head of a stream ends in are warned of', () => {
    const text = 'metric_name,timestamp,metric_value,error\nvus,1,1.5,\nvus,1,2.5,\nvus,1,x,"two\nlines"\nvus,1,3.5,\n';
    const bytes = new TextEncoder().encode(text);
    const streamed = readStreamed({ path: 'k6.csv', bytes }, { head: text.indexOf('lines') });
    expect(streamed?.warnings).toEqual(['line 4 column metric_value: "x" is no number: it was not read']);
    expect(streamed).toEqual(readWhole({ path: 'k6.csv', bytes }));
  });

  it('of a long test are read as a stream', () => {
    const [header = '', ...rows] = CSV.trimEnd().split('\n');
    const table = `${header}\n${`${rows.join('\n')}\n`.repeat(400)}`;
    for (const [path, text] of [
      ['k6.csv', table],
      ['k6.jsonl', LINES.repeat(600)],
    ] as const) {
      const bytes = new TextEncoder().encode(text);
      const streamed = readStreamed({ path, bytes }, { head: 5_000 });
      expect(streamed?.format).toBe('k6');
      expect(streamed).toEqual(readWhole({ path, bytes }));
    }
  });

  it('are not claimed where they are something else', () => {
    expect(readText('x.csv', 'metric_name,timestamp,value\na,1,2\n').format).toBe('generic');
    expect(readText('x.jsonl', `${JSON.stringify({ type: 'Point', metric: 'a', data: { x: 1 } })}\n`).format).toBe('generic');
    expect(
      readText('x.jsonl', `${JSON.stringify({ type: 'Metric', metric: 'a', data: { type: 'b', contains: 'c', value: 1 } })}\n`).format,
    ).toBe('generic');
  });

  it('survive whatever stands there', () => {
    expectNoFaultWhenMangled('k6.csv', CSV);
    expectNoFaultWhenMangled('k6.jsonl', LINES);
    expectNoOtherNumberWhereCut('k6.jsonl', LINES);
    expectNoOtherNumberWhereCut('k6.csv', CSV);
  });
});
