import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

const POINTS = 'a point in a number may group thousands or begin the fraction';

function read(text: string, path = 'a.csv') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  const { measurements, failed, warnings } = reading;
  return { numbers: measurements.map(({ pointer, value }) => `${pointer}: ${value}`), failed, warnings };
}

describe('a table whose commas begin fractions', () => {
  it('may group thousands with points: a column that can be read both ways is left out', () => {
    expect(read('name;wait_ms;size\na;12,5;1.234\nb;13,5;987\n')).toEqual({
      numbers: ['line 2 column wait_ms: 12.5', 'line 3 column wait_ms: 13.5'],
      failed: [],
      warnings: [`column "size" (line 2: "1.234") was left out: ${POINTS}`],
    });
    const page = '| name | wait (ms) | size |\n|--|--|--|\n| a | 12,5 | 987 |\n| b | 13,5 | 1.234 |\n';
    expect(read(page, 'a.md').warnings).toEqual([`column "size" (line 4: "1.234") was left out: ${POINTS}`]);
  });

  it('has numbers with points where one of them cannot group', () => {
    const { numbers, warnings } = read('name;wait_ms;size\na;12,5;1.234\nb;13,5;1.5\n');
    expect(numbers.filter((one) => one.includes('size'))).toEqual(['line 2 column size: 1.234', 'line 3 column size: 1.5']);
    expect(warnings).toEqual([]);
  });

  it('leaves points alone where no comma begins a fraction', () => {
    expect(read('name,wait_ms,size\na,12,1.234\nb,13,2.345\n').numbers).toContain('line 2 column size: 1.234');
    expect(read('name,wait_ms,size\na,"1,234.5",1.234\nb,13,2.345\n').numbers).toContain('line 2 column size: 1.234');
  });

  it('says that numbers with several points are not read', () => {
    expect(read('name;size\na;1.234.567\nb;2.345.678\n').warnings).toEqual([`column "size" (line 2: "1.234.567") was left out: ${POINTS}`]);
    expect(read('name;size\na;987\nb;2.345.678\n').warnings).toEqual([`column "size" (line 3: "2.345.678") was left out: ${POINTS}`]);
  });

  it('has errors that are bounds and no messages', () => {
    for (const cells of [
      ['0,3', '0,4'],
      ['0,345', '1,200'],
      ['12,345', '22,3'],
      ['0,3 ms', '0,4 ms'],
    ]) {
      const { numbers, failed } = read(`name;wait_ms;error\na;12,5;${cells[0]}\nb;13,25;${cells[1]}\n`);
      expect(failed).toEqual([]);
      expect(numbers.filter((one) => one.includes('error'))).toEqual(
        cells.map((cell, row) => `line ${row + 2} column error: ${Number.parseFloat(cell.replace(',', '.'))}`),
      );
    }
    // A thousand and one and a bit are both no message.
    const { failed, warnings } = read('name;wait_ms;error\na;12,5;1,345\nb;13,25;2,200\n');
    expect(failed).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(read('name;wait_ms;error\na;12,5;out of memory, 3\nb;13,25;0,5\n').failed).toHaveLength(2);
  });

  it('is read as a stream as whole', () => {
    const rows = (begin: number, count: number, size: (row: number) => string) =>
      Array.from({ length: count }, (_, at) => begin + at)
        .map((row) => `m;${row % 3 === 0 ? row : `${row},5`};0,${row};${size(row)}\n`)
        .join('');
    for (const size of [
      (row: number): string => `${(row % 8) + 1}.234`,
      (row: number): string => (row === 7 ? '1.5' : '1.234'),
      (row: number): string => (row % 2 === 0 ? '1.234.567' : '1.234'),
    ]) {
      const head = `model;ttft_ms;error;size\n${rows(100, 40, (row) => size(row - 100))}`;
      const input = { path: 'a.csv', bytes: Buffer.from(head + rows(140, 300, size)) };
      const whole = readWhole(input);
      expect(whole.failed).toEqual([]);
      for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: head.length })).toEqual(whole);
    }
  });

  it('says in a stream too where the first point comes late', () => {
    const rows = (begin: number, count: number, late: number) =>
      Array.from({ length: count }, (_, at) => begin + at)
        .map((row) => `m;${row},5;${row === late ? '1.234' : row + 400}\n`)
        .join('');
    const head = `model;ttft_ms;size\n${rows(100, 40, 0)}`;
    const input = { path: 'a.csv', bytes: Buffer.from(head + rows(140, 300, 333)) };
    const whole = readWhole(input);
    expect(whole.warnings).toEqual([`column "size" (line 235: "1.234") was left out: ${POINTS}`]);
    for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: head.length })).toEqual(whole);
  });
});
