import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

function read(text: string, path = 'a.csv') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  return reading;
}
const told = (text: string, path?: string) =>
  read(text, path).measurements.map(({ pointer, metric, statistic, value, unit }) => [pointer, metric, statistic, value, unit]);

describe('tables as spreadsheets and programs write them', () => {
  it('may say above the header what separates the cells', () => {
    expect(told('sep=;\r\nmodel;ttft_ms\r\na;12,5\r\n')).toEqual([['line 3 column ttft_ms', 'time_to_first_token', 'value', 12.5, 'ms']]);
    expect(told('sep=,\na,b\n1,2\n')).toHaveLength(2);
  });

  it('may have a title above the header', () => {
    const reading = read('Benchmark of May,,\n,,\nmodel,ttft_ms,tok_s\na,12.5,90\n');
    expect(reading.measurements.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['line 4 column ttft_ms', 12.5],
      ['line 4 column tok_s', 90],
    ]);
    expect(reading.warnings).toEqual(['line 1 ("Benchmark of May") is a title above the header: it was passed over']);
    // Where words stand in the first row of cells too, nobody knows which row is the header.
    expect(read('name,,\nx,y,z\na,b,c\n').warnings).toEqual([]);
  });

  it('may state statistics in a second row of the header', () => {
    const reading = read(',ttft_ms,ttft_ms,tok_s\n,mean,p99,std\nllama,12.5,20.1,9\n');
    expect(reading.measurements.map(({ pointer, metric, statistic, unit }) => [pointer, metric, statistic, unit])).toEqual([
      ['line 3 column ttft_ms mean', 'time_to_first_token', 'mean', 'ms'],
      ['line 3 column ttft_ms p99', 'time_to_first_token', 'p99', 'ms'],
      ['line 3 column tok_s std', 'output_token_throughput', 'stddev', 'tok/s'],
    ]);
    expect(reading.warnings).toEqual([]);
  });

  it('may state units in brackets in a row below the header', () => {
    expect(told('model,ttft,power\n,[ms],(W)\na,12.5,300\n').map((one) => one.at(-1))).toEqual(['ms', 'W']);
  });

  it('may name columns by percentiles, which are no shares', () => {
    expect(told('name,50%,99%,99.9%\na,1.5,9,12\n').map(([, metric, ...rest]) => [metric, ...rest])).toEqual([
      ['50%', 'median', 1.5, null],
      ['99%', 'p99', 9, null],
      ['99.9%', 'p99.9', 12, null],
    ]);
    expect(told('{"ttft_ms": {"50%": 5}}', 'a.json')).toEqual([['/ttft_ms/50%', 'time_to_first_token', 'median', 5, 'ms']]);
  });

  it('may say in words of a result which rows failed', () => {
    for (const name of ['result', 'pass/fail', 'Verdict']) {
      const { failed } = read(`test,${name},latency_ms\na,PASS,12\nb,FAIL,1\nc,0.5,3\n`);
      expect(failed).toEqual([{ pointer: 'line 3', reason: `${name.toLowerCase()} is "FAIL"` }]);
    }
  });

  it('may write that there is no value in many ways', () => {
    const marks = ['#N/A', '<NA>', 'NaT', 'n.a.', '#DIV/0!', '#VALUE!', '1.#INF', '-1.#IND', '+Infinity', 'NULL'];
    expect(told(`model,ttft_ms\n${marks.map((mark) => `a,${mark}\n`).join('')}a,12\n`)).toEqual([
      ['line 12 column ttft_ms', 'time_to_first_token', 'value', 12, 'ms'],
    ]);
  });

  it('may mark the best number of a page', () => {
    expect(told('| model | TTFT |\n|--|--|\n| a | **12.5 ms** ✅ |\n| b | 13 ms 🏆 |\n', 'a.md')).toEqual([
      ['line 3 column TTFT', 'time_to_first_token', 'value', 12.5, 'ms'],
      ['line 4 column TTFT', 'time_to_first_token', 'value', 13, 'ms'],
    ]);
  });

  it('have labels that name nothing, which are none', () => {
    expect(read('model,ttft_ms\nN/A,12\na,13\nnone,14\n').measurements.map(({ labels }) => labels)).toEqual([
      {},
      { model: 'a' },
      { model: 'none' },
    ]);
    expect(
      read('[{"model": "N/A", "ttft_ms": 12}, {"model": "a", "ttft_ms": 13}]', 'a.json').measurements.map(({ labels }) => labels),
    ).toEqual([{}, { model: 'a' }]);
  });

  it.each([
    ['sep=;\nmodel;ttft_ms\n', 'a;12,5\nb;13,25\n'],
    ['Title,,\nmodel,ttft_ms,tok_s\n', 'a,12.5,90\nb,13.5,95\n'],
    [',ttft_ms,ttft_ms\n,mean,p99\n', 'a,12.5,90\nb,13.5,95\n'],
    ['model,ttft,power\n,[ms],(W)\n', 'a,12.5,90\nb,13.5,95\n'],
    ['test,result,latency_ms\n', 'a,PASS,90\nb,FAIL,95\n'],
  ])('are read as a stream as they are read whole: %j', (first, rows) => {
    const head = first + rows.repeat(5);
    const input = { path: 'a.csv', bytes: Buffer.from(head + rows.repeat(200)) };
    for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: head.length })).toEqual(readWhole(input));
  });
});

describe('JSON whose records have numbers under error', () => {
  const failed = (list: readonly unknown[]) => read(JSON.stringify(list.map((error, id) => ({ id, error }))), 'a.json').failed;

  it.each<[unknown[], (string | null)[]]>([
    [
      ['boom', 500, null, 0, 7, ''],
      ['boom', 'error is 500', null, null, 'error is 7', null],
    ],
    [
      [500, 503, 0],
      ['error is 500', 'error is 503', null],
    ],
    [
      [0, 1],
      [null, 'error is 1'],
    ],
    [
      [null, null, 137],
      [null, null, 'error is 137'],
    ],
    [
      [0.013, 0.02],
      [null, null],
    ],
    [
      [0, 3, 12],
      [null, null, null],
    ],
    [
      [{ message: 'boom' }, 3],
      ['boom', 'error is 3'],
    ],
  ])('fail by them where they are codes: %j', (list, reasons) => {
    expect(failed(list)).toEqual(reasons.flatMap((reason, index) => (reason === null ? [] : [{ pointer: `/${index}`, reason }])));
  });

  const lines = (list: readonly unknown[]) => list.map((error, id) => `${JSON.stringify({ id, ttft_ms: id + 0.5, error })}\n`).join('');
  const many = (count: number, of: (row: number) => unknown) => Array.from({ length: count }, (_, row) => of(row));

  it.each<[string, unknown[], unknown[]]>([
    [
      'words in the head',
      many(20, (row) => (row === 3 ? 'boom' : null)),
      many(300, (row) => (row % 9 === 0 ? 500 : row % 7 === 0 ? 0 : null)),
    ],
    ['nothing in the head', many(20, () => null), many(300, (row) => (row % 9 === 0 ? 'boom' : row % 11 === 1 ? 7 : null))],
    ['zeros in the head', many(20, () => 0), many(300, (row) => (row % 9 === 0 ? 1 : 0))],
    ['rates', many(20, (row) => row + 0.5), many(300, (row) => row + 0.25)],
  ])('fail as lines of a stream as they do whole: %s', (_, head, rest) => {
    const first = lines(head);
    const input = { path: 'a.jsonl', bytes: Buffer.from(lines([...head, ...rest])) };
    for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: first.length })).toEqual(readWhole(input));
  });

  it('say where words come behind numbers in a stream', () => {
    const head = many(20, (row) => row + 0.5);
    const input = { path: 'a.jsonl', bytes: Buffer.from(lines([...head, ...many(30, (row) => (row === 20 ? 'boom' : row + 1.25))])) };
    const streamed = readStreamed(input, { head: lines(head).length });
    expect(streamed?.failed).toHaveLength(10);
    expect(streamed?.warnings).toEqual([
      '"error" holds numbers in the first lines and words further down: the numbers above were not taken for errors, because the file was read as a stream',
    ]);
  });
});
