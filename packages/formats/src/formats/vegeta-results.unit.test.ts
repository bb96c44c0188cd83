import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readStreamed, readWhole } from '../stream/stream-for-test.ts';
import { readText, type TestReading } from './reading-for-test.ts';

const CSV = `1760000000123456789,200,3171313,0,7,,aGVsbG8=,morning,0,GET,http://localhost/a,Q29udGVudA==
1760000000223456789,302,2500000,12,70,,,morning,1,POST,http://localhost/b,
1760000000323456789,0,30000000000,0,0,"Get ""http://localhost/a"": dial tcp, refused",,morning,2,GET,http://localhost/a,
1760000000423456789,500,1250,0,9,500 Internal Server Error,,morning,3,GET,http://localhost/a,
`;
const LINES = `${[
  {
    attack: 'morning',
    seq: 0,
    code: 200,
    timestamp: '2026-01-02T03:04:05.123456789Z',
    latency: 3171313,
    bytes_out: 0,
    bytes_in: 7,
    error: '',
    body: 'aGVsbG8=',
    method: 'GET',
    url: 'http://localhost/a',
    headers: null,
  },
  {
    attack: 'morning',
    seq: 1,
    code: 302,
    timestamp: '2026-01-02T03:04:05.2Z',
    latency: 2500000,
    bytes_out: 12,
    bytes_in: 70,
    error: '',
    body: null,
    method: 'POST',
    url: 'http://localhost/b',
    headers: null,
  },
  {
    attack: 'morning',
    seq: 2,
    code: 0,
    timestamp: '2026-01-02T03:04:05.3Z',
    latency: 30000000000,
    bytes_out: 0,
    bytes_in: 0,
    error: 'Get "http://localhost/a": dial tcp, refused',
    body: null,
    method: 'GET',
    url: 'http://localhost/a',
    headers: null,
  },
  {
    attack: 'morning',
    seq: 3,
    code: 500,
    timestamp: '2026-01-02T03:04:05.4Z',
    latency: 1250,
    bytes_out: 0,
    bytes_in: 9,
    error: '500 Internal Server Error',
    body: null,
    method: 'GET',
    url: 'http://localhost/a',
    headers: null,
  },
]
  .map((one) => JSON.stringify(one))
  .join('\n')}\n`;

const shown = ({ measurements }: TestReading) =>
  measurements.map(({ metric, statistic, value, unit, over, failed, labels }) => [
    metric,
    statistic,
    value,
    unit,
    over,
    failed,
    labels.method,
  ]);
const EXPECTED = [
  ['request_latency', 'value', 3171313, 'ns', 'requests', false, 'GET'],
  ['bytes_out', 'value', 0, 'bytes', 'requests', false, 'GET'],
  ['bytes_in', 'value', 7, 'bytes', 'requests', false, 'GET'],
  ['request_latency', 'value', 2500000, 'ns', 'requests', false, 'POST'],
  ['bytes_out', 'value', 12, 'bytes', 'requests', false, 'POST'],
  ['bytes_in', 'value', 70, 'bytes', 'requests', false, 'POST'],
  ['request_latency', 'value', 30000000000, 'ns', 'requests', true, 'GET'],
  ['bytes_out', 'value', 0, 'bytes', 'requests', true, 'GET'],
  ['bytes_in', 'value', 0, 'bytes', 'requests', true, 'GET'],
  ['request_latency', 'value', 1250, 'ns', 'requests', true, 'GET'],
  ['bytes_out', 'value', 0, 'bytes', 'requests', true, 'GET'],
  ['bytes_in', 'value', 9, 'bytes', 'requests', true, 'GET'],
];

describe('single results of vegeta', () => {
  it.each([
    ['r.csv', CSV, 'line 2 column latency', (line: number) => `line ${line} column code`],
    ['r', CSV, 'line 2 column latency', (line: number) => `line ${line} column code`],
    ['r.jsonl', LINES, 'line 2 /latency', (line: number) => `line ${line} /code`],
    ['r.txt', LINES, 'line 2 /latency', (line: number) => `line ${line} /code`],
  ])('are requests, of which those that failed have no latency: %s', (path, text, pointer, code) => {
    const reading = readText(path, text);
    expect(reading).toMatchObject({ format: 'vegeta', records: 4, warnings: [] });
    expect(shown(reading)).toEqual(EXPECTED);
    expect(reading.at(pointer)).toMatchObject({ value: 2500000, labels: { tool: 'vegeta', test: 'morning', method: 'POST' } });
    expect(reading.failed).toEqual([
      { pointer: code(3), reason: 'the request got no answer (Get "http://localhost/a": dial tcp, refused)' },
      { pointer: code(4), reason: 'the answer was an error: status 500 (500 Internal Server Error)' },
    ]);
  });

  it('of early versions have fewer columns', () => {
    const six = CSV.replaceAll(/,(?:aGVsbG8=)?,morning,.*$/gm, '');
    expect(six.split('\n')[1]).toBe('1760000000223456789,302,2500000,12,70,');
    expect(shown(readText('r.csv', six))).toEqual(EXPECTED.map((row) => [...row.slice(0, 6), undefined]));
  });

  it('leave out what is no result', () => {
    const reading = readText('r.csv', `${CSV}1760000000423456789,200,12\n\n`);
    expect(reading.measurements).toHaveLength(12);
    expect(reading.warnings).toEqual(['line 5 is no result of a request: it was not read']);
  });

  it.each([
    ['numbers', '1760000000123456789,200,12,5,6\n1760000000223456789,200,12,5,6\n'],
    ['seconds', '1760000000,200,3171313,0,7,,x\n1760000001,200,3171313,0,7,,x\n'],
    ['other JSON', '{"code":200,"timestamp":"x","latency":12}\n{"code":200,"timestamp":"x","latency":13}\n'],
  ])('does not claim %s', (_, text) => {
    expect(readText('a.csv', text).format).not.toBe('vegeta');
  });

  it('of a long attack are read as a stream, line by line', () => {
    const bytes = new TextEncoder().encode(LINES.repeat(2_000));
    const streamed = readStreamed({ path: 'r.jsonl', bytes }, { head: 5_000 });
    expect(streamed).toMatchObject({ format: 'vegeta', records: 8_000 });
    expect(streamed).toEqual(readWhole({ path: 'r.jsonl', bytes }));
  });

  it('survive whatever stands there', () => {
    expectNoFaultWhenMangled('r.csv', CSV);
    expectNoOtherNumberWhereCut('r.csv', CSV);
    expectNoOtherNumberWhereCut('r.csv', CSV.replaceAll(/,(?:aGVsbG8=)?,morning,.*$/gm, ''));
    expectNoFaultWhenMangled('r.jsonl', LINES);
    expectNoOtherNumberWhereCut('r.jsonl', LINES);
  });
});
