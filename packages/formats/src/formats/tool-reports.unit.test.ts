import { describe, expect, it } from 'vitest';
import { readText } from './reading-for-test.ts';
import { countOf } from './tool-reports.ts';

const VEGETA = { latencies: { mean: 5, '99th': 9 }, bytes_in: {}, status_codes: {}, requests: 2, success: 1 };

describe('reports of a tool among several documents', () => {
  it('are all read, and the others named', () => {
    const reading = readText('a.jsonl', [VEGETA, { note: 1 }, VEGETA, [1]].map((one) => JSON.stringify(one)).join('\n'));
    expect(reading).toMatchObject({ format: 'vegeta', records: 2 });
    expect(reading.measurements.filter(({ statistic }) => statistic === 'mean').map(({ pointer }) => pointer)).toEqual([
      'line 1 /latencies/mean',
      'line 3 /latencies/mean',
    ]);
    expect(reading.warnings).toEqual([
      'line 2: no result of this tool that is known: it was not read',
      'line 4: no result of this tool that is known: it was not read',
    ]);
  });

  it('do not make the file theirs where something else begins it', () => {
    expect(readText('a.jsonl', [{ note: 1 }, VEGETA].map((one) => JSON.stringify(one)).join('\n')).format).toBe('generic');
  });

  it.each([
    [3, 3],
    [0, 0],
    [-1, null],
    [1.5, null],
    ['3', null],
    [null, null],
    [2 ** 60, null],
  ])('%j counts %j', (value, count) => {
    expect(countOf(value)).toBe(count);
  });
});
