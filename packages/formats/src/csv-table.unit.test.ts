import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-table.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { Warnings } from './warnings.ts';

function read(text: string, preferred = ',') {
  const warnings = new Warnings();
  const { line, columns, rows, units } = readCsv(text, preferred, DEFAULT_LIMITS, warnings);
  return { line, columns, units, rows: rows.map((row) => [row.line, ...row.cells]), warnings: warnings.list() };
}

describe('readCsv', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['pipes', 'a|b\n1|2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR', 'a,b\r1,2\r'],
  ])('reads %s', (_what, text) => expect(read(text)).toMatchObject({ columns: ['a', 'b'], rows: [[2, '1', '2']], warnings: [] }));

  it('prefers the delimiter that fits the rows over one that stands in the words', () => {
    expect(read('when; where;ms\n1,5;x, y;2\n3,5;z;4\n')).toMatchObject({ columns: ['when', 'where', 'ms'] });
    expect(read('a;note,b\n1,2\n3,4\n').columns).toEqual(['a;note', 'b']);
  });

  it('counts physical lines over quoted line breaks', () => {
    const { rows } = read('prompt,ms\n"two\r\nlines, and ""quotes""",1\nx,2\n');
    expect(rows).toEqual([
      [2, 'two\nlines, and "quotes"', '1'],
      [4, 'x', '2'],
    ]);
  });

  it('names columns: repeated, without name, __proto__', () => {
    expect(read('a,a,,a#2,a,__proto__\n1,2,3,4,5,6\n')).toMatchObject({
      columns: ['a', 'a#2', 'column 3', 'a#2#2', 'a#3', '__proto__'],
      warnings: ['the header (line 1) has "a" more than once: the later ones are named with #2, #3, …'],
    });
  });

  it('leaves out rows of another width, and names them', () => {
    expect(read('a,b\n1,2\n3\n4,5,6\n7,8\n')).toMatchObject({
      rows: [
        [2, '1', '2'],
        [5, '7', '8'],
      ],
      warnings: ['line 3 has 1 cell where the header has 2', 'line 4 has 3 cells where the header has 2'],
    });
  });

  it('counts the ragged rows that it does not name', () => {
    expect(read(`a,b\n1,2\n${'3\n'.repeat(20)}`).warnings.at(-1)).toBe('… and 15 more (ragged rows)');
  });

  it('takes lines with # as comments, and a header behind # as a header', () => {
    expect(read('# made by hand\na,b\n1,2\n# half way\n3,4\n')).toMatchObject({
      line: 2,
      rows: [
        [3, '1', '2'],
        [5, '3', '4'],
      ],
      warnings: ['1 line begins with # and was taken as a comment'],
    });
    expect(read('#a,b\n1,2\n')).toMatchObject({ line: 1, columns: ['a', 'b'], rows: [[2, '1', '2']] });
    expect(read('a,b\n#1,2\n')).toMatchObject({ rows: [[2, '#1', '2']] });
  });

  it('reads on over blank lines, and stops at a second table', () => {
    expect(read('a,b\n1,2\n\n3,4\n,\n').rows).toHaveLength(2);
    const second = 'line 4, behind a blank line, begins another table: nothing from there on was read';
    expect(read('Metric,avg,min\nTTFT (ms),1,2\n\nMetric,Value\nx,3\n')).toMatchObject({
      rows: [[2, 'TTFT (ms)', '1', '2']],
      warnings: [second],
    });
    expect(read('a,b\n1,2\n\nc,d\n3,4\n')).toMatchObject({ rows: [[2, '1', '2']], warnings: [second] });
  });

  it('does not read a repeated header as data', () => {
    expect(read('a,b\n1,2\na,b\n3,4\n')).toMatchObject({
      rows: [
        [2, '1', '2'],
        [4, '3', '4'],
      ],
      warnings: ['line 3 repeats the header: not read as data'],
    });
  });

  it('reads numbers without a header', () => {
    expect(read('1,2\n3,4\n')).toMatchObject({
      columns: ['column 1', 'column 2'],
      rows: [
        [1, '1', '2'],
        [2, '3', '4'],
      ],
      warnings: ['line 1 is all numbers: there is no header, the columns are named column 1 to column 2'],
    });
    expect(read('1,2\n1,2\n').rows).toHaveLength(2);
    expect(read('model,1,2\nx,3,4\n').warnings[0]).toContain('although "1" in it is a number');
  });

  it('reads one column of numbers', () => {
    expect(read('latency_ms\n1\n2\n')).toMatchObject({
      columns: ['latency_ms'],
      rows: [
        [2, '1'],
        [3, '2'],
      ],
    });
  });

  it('takes a row of units from below the header', () => {
    expect(read('name,time,size,n\n,us,Kbyte,\nx,1,2,3\n')).toMatchObject({
      units: [null, 'us', 'Kbyte', null],
      rows: [[3, 'x', '1', '2', '3']],
    });
    expect(read('name,time\nfirst,ms\nx,1\n').units).toEqual([null, null]);
    expect(read('a,b\nx,y\nz,w\n').units).toEqual([null, null]);
  });

  it('reads a header without rows, with a warning', () => {
    expect(read('a,b\n')).toMatchObject({ rows: [], warnings: ['the table has a header (line 1) and no rows'] });
  });

  it('does not read a last cell that may be cut', () => {
    const warnings = [
      'line 3, the last one, has no line end and cannot be told from a cut one: its last cell, "4.2" in column "b", was not read',
    ];
    expect(read('a,b\n1,2\n3,4.2')).toMatchObject({
      rows: [
        [2, '1', '2'],
        [3, '3', ''],
      ],
      warnings,
    });
    expect(read('a,b\n1,2\n3,"4.2"')).toMatchObject({
      rows: [
        [2, '1', '2'],
        [3, '3', '4.2'],
      ],
      warnings: [],
    });
    expect(read('a,b\n1,2\n3,"4.').warnings).toEqual([
      'line 3 has a quote that is not closed: the row, and what the quote swallows, was not read',
    ]);
  });

  it('does not take a row for a success whose error may be cut', () => {
    expect(read('ms,error\n1,\n0,')).toMatchObject({
      rows: [[2, '1', '']],
      warnings: [expect.stringContaining('whether it failed is unknown')],
    });
  });

  it.each([
    ['an error message', '==ERROR== no such page\n', 'not a table: an error message ("==ERROR== no such page") (line 1)'],
    ['an error with commas', '\nError: a, b\nc, d\n', 'not a table: an error message ("Error: a, b") (line 2)'],
    [
      'a traceback',
      'Traceback (most recent call last):\n  File "x", line 1\n',
      'not a table: an error message ("Traceback (most recent call last):") (line 1)',
    ],
    ['prose', 'This is prose\nand no table\n', 'not a table: its lines have no columns (line 1: "This is prose")'],
    ['a line', 'hello', 'not a table: its lines have no columns (line 1: "hello")'],
    [
      'rows that never fit',
      'a,b\n1,2,3\n4,5,6\n',
      'not a table: none of the 2 rows below the header (line 1) has its 2 cells (line 2 has 3)',
    ],
    ['comments', '# one\n# two\n', 'not a table: it holds comment lines only'],
    ['an open quote', '"a,b\n1,2\n', 'not a table: line 1 has a quote that is never closed'],
  ])('refuses %s', (_what, text, reason) => expect(() => read(text)).toThrow(reason));
});
