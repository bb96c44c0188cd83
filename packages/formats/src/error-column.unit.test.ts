import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

/** The reasons for which rows failed, and the numbers that were read of the column itself. */
function told(name: string, cells: readonly string[]) {
  const rows = cells.map((cell, row) => `m,${row + 1},${cell}\n`).join('');
  const reading = readArtifact({ path: 'a.csv', bytes: Buffer.from(`model,ttft_ms,${name}\n${rows}`) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  const failed = cells.map((_, row) => reading.failed.find(({ pointer }) => pointer === `line ${row + 2}`)?.reason ?? null);
  const measured = reading.measurements.filter(({ pointer }) => pointer.endsWith(`column ${name}`)).map(({ value }) => value);
  const good = reading.measurements.filter(({ pointer, failed }) => pointer.endsWith('ttft_ms') && !failed).map(({ value }) => value);
  return { failed, measured, good, warnings: reading.warnings };
}

/** A cell of a row as JSON. */
function cell(row: string, at: number): string {
  const text = row.split(',')[at] ?? '';
  return Number.isNaN(Number(text)) ? JSON.stringify(text) : text;
}

describe('a column of errors', () => {
  it.each(['error', 'Error Message', 'error_msg', 'err', 'errmsg', 'exception', 'exception_message', 'failure_reason'])(
    'fails the rows of its numbers beside words, but of 0: %s',
    (name) => {
      const of = `${name.toLowerCase()} is`;
      expect(told(name, ['boom', '500', '', '0', 'none', '7.5', 'n/a'])).toEqual({
        failed: ['boom', `${of} 500`, null, null, null, `${of} 7.5`, null],
        measured: [],
        good: [3, 4, 5, 7],
        warnings: [],
      });
    },
  );

  it.each<[string, string[], (string | null)[]]>([
    ['words that say there was none', ['ok', '3', 'no error'], [null, 'error is 3', null]],
    ['0 and 1', ['0', '1', '0', '1'], [null, 'error is 1', null, 'error is 1']],
    ['nothing but 0', ['0', '0'], [null, null]],
    ['answers of HTTP', ['500', '503', '0', '429'], ['error is 500', 'error is 503', null, 'error is 429']],
    ['answers of HTTP, good ones too', ['200', '503', '200'], [null, 'error is 503', null]],
    ['numbers of errors, none above 0', ['-1', '0', '-110'], ['error is -1', null, 'error is -110']],
    ['codes in few rows', ['', '', '137', ''], [null, null, 'error is 137', null]],
    ['what the time was that ran out', ['', '', '30 s'], [null, null, '30 s']],
  ])('tells which rows failed: %s', (_, cells, failed) => {
    expect(told('error', cells)).toMatchObject({ failed, measured: [] });
  });

  it.each<[string, string[], number[]]>([
    ['rates, or bounds', ['0.013', '0.02', '0.5'], [0.013, 0.02, 0.5]],
    ['rates, some of them not known', ['0.013', '', 'inf', 'NaN'], [0.013]],
    ['rates that are all zero', ['0.0', '0.0'], [0, 0]],
    ['percent', ['1.5%', '0%'], [1.5, 0]],
    ['counts', ['0', '3', '12'], [0, 3, 12]],
    ['bounds with their unit', ['0.4 ms', '0.5 ms'], [0.4, 0.5]],
    ['what a guess was off by', ['-2', '5', '0'], [-2, 5, 0]],
  ])('is one of measurements: %s', (_, cells, measured) => {
    expect(told('error', cells)).toMatchObject({ failed: cells.map(() => null), measured });
  });

  it.each([
    ['mean_ns,error,stddev_ns', ['100,1,2', '200,0,0', '300,1,1'], [1, 0, 1]],
    ['mean_ns,error,stddev_ns', ['10000,450,500', '20000,520,480'], [450, 520]],
    ['mean_ns,std_ns,error', ['100,2,0', '200,3,0'], [0, 0]],
    ['Score,Error,Units', ['1234.5,1,ops/s', '2345.5,0,ops/s'], [1, 0]],
    ['Cnt,Score,Error', ['5,1234,500', '5,2345,503'], [500, 503]],
  ])('bounds results beside what they are: %s %j', (header, rows, bounds) => {
    const reading = readArtifact({ path: 'a.csv', bytes: Buffer.from(`name,${header}\n${rows.map((row) => `m,${row}\n`).join('')}`) });
    if (reading.status === 'refused') throw new Error(reading.reason);
    expect(reading.failed).toEqual([]);
    expect(reading.measurements.filter(({ metric }) => /^error$/i.test(metric)).map(({ value }) => value)).toEqual(bounds);
    const objects = rows.map((row) => Object.fromEntries(header.split(',').map((name, at) => [name, JSON.parse(cell(row, at))])));
    const json = readArtifact({ path: 'a.json', bytes: Buffer.from(JSON.stringify(objects)) });
    expect(json).toMatchObject({ failed: [] });
  });

  it.each([
    ['name,score,error\na,10,500\nb,12,0\n', ['line 2']],
    ['name,mean_ns,std_ns,error\na,10,1,0\nb,,,1\n', ['line 3']],
    ['name,mean_ns,std_ns,error\na,10,1,0\nb,0,0,1\n', ['line 3']],
    ['name,mean_ns,std_ns,error\na,10,1,boom\nb,11,1,1\n', ['line 2', 'line 3']],
  ])('tells of failures where no spread stands beside it: %j', (text, lines) => {
    expect(readArtifact({ path: 'a.csv', bytes: Buffer.from(text) })).toMatchObject({ failed: lines.map((pointer) => ({ pointer })) });
  });

  it.each(['errors', 'num_errors', 'error_count', 'error_rate', 'Errors/s', 'std_error'])('is none of that by its name: %s', (name) => {
    expect(told(name, ['0', '1', '500'])).toMatchObject({ failed: [null, null, null], measured: [0, 1, 500] });
  });

  it('tells the same in a page', () => {
    const page = '| model | ttft_ms | error |\n| --- | --- | --- |\n| m | 1 | boom |\n| m | 2 | 500 |\n| m | 3 | |\n';
    const reading = readArtifact({ path: 'a.md', bytes: Buffer.from(page) });
    expect(reading).toMatchObject({
      failed: [
        { pointer: 'line 3', reason: 'boom' },
        { pointer: 'line 4', reason: 'error is 500' },
      ],
    });
  });
});

describe('a column of errors in a stream', () => {
  const rows = (n: number, of: (row: number) => string) =>
    Array.from({ length: n }, (_, row) => `m${row % 2},${row}.5,${of(row)}\n`).join('');
  const read = (head: string, rest: string) => {
    const first = `model,ttft_ms,error\n${head}`;
    const input = { path: 'a.csv', bytes: Buffer.from(first + rest) };
    const [streamed, other] = [1 << 16, 7].map((chunk) => readStreamed(input, { chunk, head: first.length }));
    expect(other).toEqual(streamed);
    return { streamed, whole: readWhole(input) };
  };

  it.each([
    [
      'words in the head',
      rows(20, (row) => (row === 3 ? 'boom' : '')),
      rows(700, (row) => (row % 9 === 0 ? '500' : row % 7 === 0 ? '0' : '')),
    ],
    ['one word among many rows', rows(4_000, (row) => (row === 3 ? 'boom' : '0')), rows(700, (row) => `${row % 5}`)],
    ['an empty head, and words', rows(20, () => ''), rows(700, (row) => (row % 9 === 0 ? 'boom' : row % 11 === 1 ? '7' : ''))],
    ['an empty head, and codes', rows(20, () => ''), rows(700, (row) => (row % 9 === 0 ? '500' : row % 11 === 0 ? '137' : ''))],
    ['a head of 0, and 1', rows(20, () => '0'), rows(700, (row) => (row % 9 === 0 ? '1' : '0'))],
    ['0 and 1, and words', rows(20, (row) => `${row % 2}`), rows(700, (row) => (row % 9 === 0 ? 'boom' : `${row % 2}`))],
    ['numbers', rows(20, (row) => `${row}.25`), rows(700, (row) => (row % 9 === 0 ? '' : `0.${row}`))],
    [
      'words, read together',
      rows(20, (row) => (row === 3 ? 'boom' : '')),
      rows(4_000, (row) => (row % 9 === 0 ? `${row}` : `boom ${row}`)),
    ],
  ])('reads as whole reading does: %s', (_, head, rest) => {
    const { streamed, whole } = read(head, rest);
    expect(streamed).toEqual(whole);
    expect(streamed?.warnings).toEqual([]);
  });

  it('says where words come behind numbers, which then were no measurements', () => {
    const { streamed, whole } = read(
      rows(20, (row) => `${row}.25`),
      rows(300, (row) => (row === 200 ? 'boom' : `${row + 2}`)),
    );
    expect(whole.failed).toHaveLength(320);
    expect(streamed?.failed).toEqual(whole.failed.filter((one) => Number(/line (\d+)/.exec(one)?.[1]) >= 222));
    expect(streamed?.numbers.filter((one) => one.includes('column error'))).toEqual([]);
    expect(streamed?.warnings).toEqual([
      'column "error" holds numbers in the first rows and words further down: the numbers above were not taken for errors, because the file was read as a stream',
    ]);
  });

  it('says where other numbers come behind codes', () => {
    const { streamed } = read(
      rows(20, (row) => `${row % 2}`),
      rows(300, (row) => (row === 200 ? '7' : '0')),
    );
    expect(streamed?.failed).toHaveLength(11);
    expect(streamed?.warnings).toEqual([
      'column "error" holds codes of errors in the first rows and other numbers further down: these were taken for errors too, because the file was read as a stream',
    ]);
  });

  it('says where counts of successes come behind 0 and 1', () => {
    const head = `model,ttft_ms,ok\n${rows(20, (row) => `${row % 2}`)}`;
    const input = { path: 'a.csv', bytes: Buffer.from(head + rows(300, (row) => (row === 200 ? '7' : '0'))) };
    expect(readWhole(input).failed).toEqual([]);
    for (const chunk of [1 << 16, 7])
      expect(readStreamed(input, { chunk, head: head.length })?.warnings).toEqual([
        'column "ok" holds 0 and 1 in the first rows and counts further down: a 0 was taken for a failure, because the file was read as a stream',
      ]);
  });
});
