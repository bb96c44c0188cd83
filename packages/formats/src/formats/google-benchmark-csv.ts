import { readCsv } from '../csv-table.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { aggregateOf, basesOf, CV, isUndecided, meaningOf, NO_COUNTERS, warnAboutAggregate } from './google-benchmark-rows.ts';

const BEGIN = ['name', 'iterations', 'real_time', 'cpu_time', 'time_unit'];
const WORDS = new Set(['name', 'iterations', 'time_unit', 'label', 'error_occurred', 'error_message']);

/** Whether columns are those of `--benchmark_format=csv`. */
export function isGoogleCsv(columns: readonly string[]): boolean {
  return BEGIN.every((name, index) => columns[index] === name);
}

/** The header where it does not begin the text: `--benchmark_out_format=csv` writes the machine above it. */
const HEADER_BELOW = /(?<=\n)name,iterations,real_time,cpu_time,time_unit(?=[,\r\n])/;
/** What is written above it: the time, the program, the processor and its caches, warnings. */
const ABOVE = /^(?:Run on \(\d|Running \S|\*\*\*WARNING\*\*\* )/m;

/** Whether a text is such a table below a description of the machine. */
export function isGoogleCsvBelow(text: string): boolean {
  const at = text.slice(0, 20_000).search(HEADER_BELOW);
  return at > 0 && ABOVE.test(text.slice(0, at));
}

/** Reads such a table, with the warnings above it. */
export function readGoogleCsvBelow(extract: Extract, text: string): void {
  const at = text.search(HEADER_BELOW);
  const above = text.slice(0, at).split(/\r\n?|\n/);
  for (const [index, line] of above.entries())
    if (line.startsWith('***WARNING***')) extract.warnings.add('context', `line ${index + 1}: ${excerpt(line.slice(14).trim(), 120)}`);
  // Blank lines keep the numbers of the lines below them.
  const table = readCsv('\n'.repeat(above.length - 1) + text.slice(at), ',', extract.limits, extract.warnings);
  if (isGoogleCsv(table.columns)) readGoogleCsv(extract, table);
}

const isBroken = (cell: string): boolean => /^true$/i.test(cell.trim());

/** Reads a table of `--benchmark_format=csv`: one benchmark a row; the ends of names say what is an aggregate. */
export function readGoogleCsv(extract: Extract, { columns, rows }: Table): void {
  const all = rows.map(({ cells }) => cells[0] ?? '');
  const names = basesOf(all);
  for (const [row, { line, cells }] of rows.entries()) {
    const at = (column: string): string => cells[columns.indexOf(column)] ?? '';
    const name = at('name');
    const kind = aggregateOf({ name, type: null, aggregate: null }, names);
    // A row of complexity counts no iterations, and its time is a coefficient.
    const fitted = /_(?:BigO|RMS)$/.test(name) && at('iterations').trim() === '' && !isBroken(at('error_occurred'));
    if (kind === 'unknown' || fitted || isUndecided(all, row)) {
      warnAboutAggregate(extract, name.slice(name.lastIndexOf('_') + 1), `line ${line}`);
      continue;
    }
    const labels: Record<string, string> = { tool: 'google-benchmark' };
    addLabel(labels, 'test', kind.base, extract);
    addLabel(labels, 'label', at('label'), extract);
    extract.records += 1;
    const failed = isBroken(at('error_occurred'));
    if (failed)
      extract.fail({
        pointer: `line ${line}`,
        reason: `the benchmark had an error: ${excerpt(at('error_message'), 80)} ("${excerpt(name, 60)}")`,
      });
    for (const [index, column] of columns.entries()) {
      const cell = (cells[index] ?? '').trim();
      if (cell === '' || WORDS.has(column) || NO_COUNTERS.has(column)) continue;
      const read = readCell(cell);
      const pointer = `line ${line} column ${column}`;
      if (read.is !== 'number' || read.unit !== null) {
        if (read.is !== 'absent') extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(cell, 40)}" was not read`);
        continue;
      }
      const meaning = meaningOf(column, kind.statistic, at('time_unit').trim());
      addNumber(extract, new LiteralNumber(cell), meaning, { labels, pointer, failed }, meaning.statistic === CV ? `${column} cv` : column);
    }
  }
}
