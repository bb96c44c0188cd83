import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CsvCells } from './csv-cells.ts';
import { csvRows } from './csv-rows.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const rowsOf = (text: string, delimiter = ',') => csvRows(text, delimiter, DEFAULT_LIMITS).rows;

describe('CsvCells', () => {
  it('tells what it knows of each cell', () => {
    const cells = new CsvCells('a,"b ""c""\r\nd" ,\r"e\n', ',');
    const told: unknown[] = [];
    while (cells.next()) {
      const { quoted, doubled, breaks, open, broken, last, atEnd } = cells;
      told.push([cells.text(), quoted, doubled, breaks, open, broken, last, atEnd]);
    }
    expect(told).toEqual([
      ['a', false, 0, 0, false, false, false, false],
      ['b "c"\nd', true, 2, 1, false, false, false, false],
      ['', false, 0, 0, false, false, true, false],
      ['e\n', true, 0, 1, true, true, true, true],
    ]);
  });

  it.each([
    ['', [['']]],
    ['\n', [['']]],
    ['a', [['a']]],
    ['a,', [['a', '']]],
    ['a\n', [['a']]],
    ['a\n\nb', [['a'], [''], ['b']]],
    ['a\rb\r\nc', [['a'], ['b'], ['c']]],
    ['5" disk,"x"', [['5" disk', 'x']]],
  ])('splits %j', (text, rows) => expect(rowsOf(text).map(({ cells }) => cells)).toEqual(rows));

  it('calls a row broken whose quotes are not in order, and goes on behind it', () => {
    expect(rowsOf('"a"b",c\n"d",e\nf,"g').map(({ broken }) => broken)).toEqual([true, false, true]);
    // The quote of the second line closes the first one's.
    expect(rowsOf('"a,c\n"d",e\nf,g\n')).toMatchObject([
      { line: 1, broken: true },
      { line: 3, broken: false },
    ]);
  });

  it('splits well-formed text as another program does', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', '"', ',', ';', '\t', '\n', 'µ', "'"), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n'), (rows, delimiter, newline) => {
        const text = rows.map((row) => row.map((words) => `"${words.replaceAll('"', '""')}"`).join(delimiter)).join(newline);
        const { data } = Papa.parse<string[]>(text, { delimiter, newline });
        expect(data).toEqual(rows);
        expect(rowsOf(text, delimiter).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it('agrees with another program on any text of which it calls no row broken', () => {
    const anything = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', '\n', ' '), maxLength: 30 });
    fc.assert(
      fc.property(anything, (text) => {
        const rows = rowsOf(text);
        fc.pre(rows.every(({ broken }) => !broken) && !/"[ \t]+$/.test(text));
        const { data } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
        // That program takes what stands behind the last line's end for one more row.
        const theirs = text.endsWith('\n') && data.length > rows.length ? data.slice(0, -1) : data;
        expect(rows.map(({ cells }) => cells)).toEqual(text === '' ? [['']] : theirs);
      }),
      { numRuns: 2000 },
    );
  });
});
