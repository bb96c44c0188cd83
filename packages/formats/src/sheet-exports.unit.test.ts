import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

function read(text: string, path = 'a.csv') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const told = (text: string, path?: string) =>
  read(text, path).measurements.map(({ pointer, metric, statistic, value, unit }) => [pointer, metric, statistic, value, unit]);

describe('lines above the header of a sheet', () => {
  const table = 'Model,TTFT (ms),Speed (tok/s)\na,80.5,45\nb,90,40\n';
  const numbers = (line: number) => [
    [`line ${line} column TTFT (ms)`, 'time_to_first_token', 'value', 80.5, 'ms'],
    [`line ${line} column Speed (tok/s)`, 'output_token_throughput', 'value', 45, 'tok/s'],
    [`line ${line + 1} column TTFT (ms)`, 'time_to_first_token', 'value', 90, 'ms'],
    [`line ${line + 1} column Speed (tok/s)`, 'output_token_throughput', 'value', 40, 'tok/s'],
  ];

  it.each([
    ['a title', 'Results,,\n', 3, 'line 1 ("Results") is a title above the header: it was passed over'],
    [
      'a title and what was noted',
      'Results,,\nGPU,A100,\nRuns,5,\n',
      5,
      'lines 1 ("Results") to 3 stand above the header as titles: they were passed over',
    ],
    ['what was noted, with colons', 'GPU:,A100,\n\n', 4, 'line 1 ("GPU:") is a title above the header: it was passed over'],
    [
      'lines without cells',
      'Results of today\nGPU: A100\n\n',
      5,
      'lines 1 ("Results of today") to 2 stand above the header as titles: they were passed over',
    ],
  ])('are passed over, and that is said: %s', (_, above, line, sentence) => {
    expect(told(above + table)).toEqual(numbers(line));
    expect(read(above + table).warnings).toEqual([sentence]);
    expect(told((above + table).replaceAll(',', ';'))).toEqual(numbers(line));
    expect(told((above + table).replaceAll(',', '\t'), 'a.tsv')).toEqual(numbers(line));
  });

  it('are none where the first row may be the header', () => {
    expect(told('Model,Size,\na,b,c\nd,1,2\n').map(([pointer]) => pointer)).toEqual([]);
    expect(told('name,v\na,b\nc,5\n')).toEqual([]);
  });
});

describe('a header of two rows', () => {
  it('names each column of a merged cell by it', () => {
    expect(told('Model,TTFT (ms),,Speed (tok/s),\n,mean,p99,mean,p99\na,80,95,45,50\n')).toEqual([
      ['line 3 column TTFT (ms) mean', 'time_to_first_token', 'mean', 80, 'ms'],
      ['line 3 column TTFT (ms) p99', 'time_to_first_token', 'p99', 95, 'ms'],
      ['line 3 column Speed (tok/s) mean', 'output_token_throughput', 'mean', 45, 'tok/s'],
      ['line 3 column Speed (tok/s) p99', 'output_token_throughput', 'p99', 50, 'tok/s'],
    ]);
  });

  it('names no column by a cell that has no statistic below it', () => {
    expect(told('Model,,TTFT (ms)\n,mean,p99\na,80,95\n').map(([pointer]) => pointer)).toEqual([
      'line 3 column column 2 mean',
      'line 3 column TTFT (ms) p99',
    ]);
  });

  it.each(['unit', 'Units', '[unit]', '-'])('may have a mark where there is no unit: %s', (mark) => {
    expect(told(`Model,TTFT,Speed\n${mark},ms,[tok/s]\na,80,45\n`)).toEqual([
      ['line 3 column TTFT', 'time_to_first_token', 'value', 80, 'ms'],
      ['line 3 column Speed', 'output_token_throughput', 'value', 45, 'tok/s'],
    ]);
  });

  it('is none where words beside such a mark are no units', () => {
    expect(read('Model,TTFT,Speed\n-,slow,fast\na,80,45\n').warnings.join()).toContain('line 2 has "slow" among numbers');
  });
});

describe('a first column of a file without a header', () => {
  const labels = (text: string) => read(text).measurements.map(({ labels }) => labels);

  it('labels the rows by the names that pandas writes as its index', () => {
    expect(labels(',ttft_ms\nengine a,80\nengine b,90\n')).toEqual([{ column_1: 'engine a' }, { column_1: 'engine b' }]);
  });

  it.each(['2026-01-0', '10:00:0', '01.02.202'])('does not label them by days and times: %s', (begin) => {
    expect(labels(`,ttft_ms\n${begin}1,80\n${begin}2,90\n`)).toEqual([{}, {}]);
  });
});

describe('labels of a file', () => {
  it.each(['name', 'method', 'system', 'server', 'instance'])('are what rows are called under %s, beside settings too', (name) => {
    expect(
      read(`${name},users,ttft_ms\na,10,80\nb,10,90\n`).measurements.flatMap(({ metric, labels }) => (metric === 'users' ? [] : [labels])),
    ).toEqual(['a', 'b'].map((own) => ({ users: '10', [name]: own })));
  });

  it('are no outcomes', () => {
    const all = read('model,correct,winner,ttft_ms\na,True,x,80\na,True,x,90\na,False,y,90\na,False,y,95\n').measurements;
    expect(new Set(all.map(({ labels }) => JSON.stringify(labels)))).toEqual(new Set(['{"model":"a"}']));
  });
});

describe('a page with merged cells', () => {
  const page = (rows: string) =>
    read(`| Suite | Batch | TTFT (ms) | Note |\n|---|---|---|---|\n${rows}`, 'a.md').measurements.flatMap(({ metric, labels }) =>
      metric === 'time_to_first_token' || metric === 'TTFT (ms)' ? [labels.suite] : [],
    );

  it('names rows by the cell above an empty one', () => {
    expect(page('| x | 1 | 80 | |\n| | 8 | 90 | |\n| y | 1 | 81 | |\n| | 8 | 91 | |\n')).toEqual(['x', 'x', 'y', 'y']);
  });

  it('does not name a row of all rows by it, nor rows above the first name', () => {
    expect(page('| long | 1 | 80 | |\n| | 8 | 90 | |\n| | 9 | 85 | Average |\n')).toEqual(['long', 'long', undefined]);
    expect(page('| | 1 | 80 | |\n| long | 8 | 85 | |\n| long | 9 | 86 | |\n| | 10 | 86 | |\n')).toEqual([
      undefined,
      'long',
      'long',
      undefined,
    ]);
  });

  it.each([
    ['marks', '| ✓ | 1 | 80 | |\n| | 8 | 90 | |\n'],
    ['answers', '| yes | 1 | 80 | |\n| | 8 | 90 | |\n| yes | 1 | 81 | |\n| | 8 | 91 | |\n'],
    ['the name above a row of nothing', '| long | 1 | 80 | |\n| | | | |\n| | 8 | 90 | |\n'],
  ])('names no row by %s', (_, rows) => {
    expect(page(rows)[1]).toBeUndefined();
  });

  it('names the rows of a group whose statistics each have a row', () => {
    expect(page('| long | 1 | 80 | p50 |\n| | 1 | 90 | p99 |\n')).toEqual(['long', 'long']);
  });

  it('does not carry a failure on', () => {
    const { failed } = read('| Error | Model | TTFT (ms) |\n|---|---|---|\n| OOM | a | 80 |\n| | b | 90 |\n', 'a.md');
    expect(failed.map(({ pointer }) => pointer)).toEqual(['line 3']);
  });
});
