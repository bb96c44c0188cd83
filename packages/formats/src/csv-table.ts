import { withoutCutCell } from './csv-cut.ts';
import { guessDelimiter, tellsDelimiter } from './csv-delimiter.ts';
import { type CsvRow, csvRows, isBlank } from './csv-rows.ts';
import { errorMessageIn } from './error-message.ts';
import { excerpt } from './excerpt.ts';
import type { Limits } from './limits.ts';
import { readCell } from './number-cell.ts';
import { Refusal } from './refusal.ts';
import { sentenceOnTitles, titlesAbove } from './sheet-titles.ts';
import { columnNames, type Row, type Table } from './table.ts';
import { namesWithStatistics, statesStatistics, unitsRow } from './units-row.ts';
import type { Warnings } from './warnings.ts';

/**
 * Reads a CSV text as one table. Rows that do not fit the header are named in warnings and left out.
 * @param text of any line ends
 * @param preferred the delimiter to try first
 * @throws Refusal where the text is no table, or a row, a cell or the whole is too large
 */
export function readCsv(text: string, preferred: string, limits: Limits, warnings: Warnings): Table {
  const message = errorMessageIn(text);
  if (message !== null) throw new Refusal(`not a table: an error message ("${message.quote}") (line ${message.line})`);
  const { rows: all, end } = csvRows(text, guessDelimiter(text, preferred, limits.maxColumns), limits);
  if (end === 'cell' || end === 'open quote') warnings.endsInside();
  const { header, below } = splitHeader(tellsDelimiter(text) ? all.slice(1) : all, warnings);
  if (header.broken) throw new Refusal(`not a table: line ${header.line} has a quote that is never closed`);
  const headerless = header.cells.every((cell) => isNumber(cell) || readCell(cell).is === 'comma');
  const columns = headerless ? header.cells.map((_, index) => `column ${index + 1}`) : columnNames(header.cells);
  if (columns.length === 1) refuseProse(header, below, headerless);
  const second = below.find((row) => !isBlank(row) && !isComment(row));
  warnAboutHeader(
    header,
    headerless,
    statesStatistics(second?.cells ?? []) ? header.cells.map((cell) => excerpt(cell)) : columns,
    warnings,
  );
  const rows = fittingRows(header, headerless ? [header, ...below] : below, warnings);
  const trusted = end === 'line' ? rows : withoutCutCell({ rows, header, last: all.at(-1), columns, end }, warnings);
  const found = headerless ? null : unitsRow(trusted);
  const none = columns.map(() => null);
  const rowsBelow = found === null ? trusted : trusted.slice(1);
  const named = found === null ? null : namesWithStatistics(columns, header.cells, found);
  if (named !== null) return { line: header.line, columns: named, units: none, rows: rowsBelow };
  return { line: header.line, columns, units: found ?? none, rows: rowsBelow };
}

function isNumber(cell: string): boolean {
  return readCell(cell).is === 'number';
}

/** Whether a row is a comment, where it is none of the table. */
export const isComment = (row: CsvRow): boolean => row.cells[0]?.trimStart().startsWith('#') === true;

/** The first row that is no comment; or the last comment, where it has the shape of the rows below it. */
function splitHeader(all: readonly CsvRow[], warnings: Warnings): { header: CsvRow; below: readonly CsvRow[] } {
  const filled = all.filter((row) => row.cells.length === 1 || !isBlank(row));
  const titles = titlesAbove(filled);
  const last = titles.at(-1);
  if (last !== undefined) warnings.add('header', sentenceOnTitles(titles));
  const rows = last === undefined ? filled : filled.slice(filled.indexOf(last) + 1);
  const at = rows.findIndex((row) => !isBlank(row) && !isComment(row));
  const first = rows[at];
  if (first === undefined) throw new Refusal('not a table: it holds comment lines only');
  const above = rows.slice(0, at).findLast((row) => !isBlank(row));
  if (above !== undefined && first.cells.length > 1 && above.cells.length === first.cells.length && first.cells.some(isNumber)) {
    const [cell = '', ...others] = above.cells;
    return { header: { ...above, cells: [cell.trimStart().slice(1).trimStart(), ...others] }, below: rows.slice(at) };
  }
  return { header: first, below: rows.slice(at + 1) };
}

/** One column is a table where a short name stands above numbers, or where all lines are numbers. */
function refuseProse(header: CsvRow, below: readonly CsvRow[], headerless: boolean): void {
  let numbers = 0;
  const table = below.every((row) => {
    if (isBlank(row) || isComment(row)) return true;
    const { is } = readCell(row.cells[0] ?? '');
    if (is === 'number') numbers += 1;
    return row.cells.length === 1 && (is === 'number' || is === 'absent');
  });
  if (table && (headerless || numbers > 0)) return;
  throw new Refusal(`not a table: its lines have no columns (line ${header.line}: "${excerpt(header.cells[0] ?? '', 80)}")`);
}

function warnAboutHeader(header: CsvRow, headerless: boolean, columns: readonly string[], warnings: Warnings): void {
  const { line, cells } = header;
  if (headerless) {
    warnings.add('header', `line ${line} is all numbers: there is no header, the columns are named column 1 to column ${cells.length}`);
    return;
  }
  const percentiles = percentilesIn(cells);
  const numeric = cells.find((cell) => isNumber(cell) && !percentiles.has(cell));
  if (numeric !== undefined) {
    warnings.add(
      'header',
      `line ${line} was read as the header although "${excerpt(numeric, 40)}" in it is a number; if it is data, it was not read`,
    );
  }
  const repeated = cells.find((cell, index) => excerpt(cell) !== '' && columns[index] !== excerpt(cell));
  if (repeated !== undefined) {
    warnings.add(
      'header',
      `the header (line ${line}) has "${excerpt(repeated, 40)}" more than once: the later ones are named with #2, #3, …`,
    );
  }
}

/** Percentiles that name columns, as load generators write them: `50%`, `95%`, `99%`, three at least and ever higher. */
function percentilesIn(cells: readonly string[]): ReadonlySet<string> {
  const found = cells.filter((cell) => /^\d{1,3}(?:\.\d{1,6})?%$/.test(cell));
  const rising = found.every((cell, index) => index === 0 || Number.parseFloat(cell) > Number.parseFloat(found[index - 1] ?? ''));
  return new Set(found.length >= 3 && rising ? found : []);
}

/** What stands below the header: where it goes on, and what was met on the way. */
export type Below = { width: number; headerless: boolean; blank: boolean; numbers: boolean; comments: number; seen: number };

/** The rows with a cell for each column, down to a second table. */
function fittingRows(header: CsvRow, rows: readonly CsvRow[], warnings: Warnings): Row[] {
  const fitting: Row[] = [];
  const width = header.cells.length;
  const below: Below = { width, headerless: rows[0] === header, blank: false, numbers: false, comments: 0, seen: 0 };
  for (const row of rows) {
    if (isBlank(row)) {
      below.blank = true;
    } else if (isComment(row) && (row.cells.length !== width || width === 1)) {
      below.comments += 1;
    } else if (beginsTable(row, below)) {
      warnings.add('second table', `line ${row.line}, behind a blank line, begins another table: nothing from there on was read`);
      break;
    } else {
      below.seen += 1;
      below.blank = false;
      const fault = faultOf(row, header, below.headerless);
      if (fault !== null) {
        warnings.add(...fault);
        continue;
      }
      fitting.push(row);
      below.numbers ||= row.cells.some(isNumber);
    }
  }
  warnAboutRows(header, rows, below, fitting.length, warnings);
  return fitting;
}

/** Whether a row is the header of another table. */
export function beginsTable({ broken, cells }: CsvRow, { blank, seen, width, numbers }: Below): boolean {
  return blank && !broken && seen > 0 && (cells.length !== width || (numbers && !cells.some(isNumber)));
}

/** Why a row is none of the table: a topic and a sentence. */
export function faultOf({ line, cells, broken }: CsvRow, header: CsvRow, headerless: boolean): [string, string] | null {
  const width = header.cells.length;
  if (broken) return ['broken quotes', `line ${line} has a quote that is not closed: the row, and what the quote swallows, was not read`];
  if (cells.length !== width)
    return ['ragged rows', `line ${line} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${width}`];
  const repeats = !headerless && cells.every((cell, index) => cell === header.cells[index]);
  return repeats ? ['repeated header', `line ${line} repeats the header: not read as data`] : null;
}

/** Says what can be said when all rows were met; `rows`: where one of another width is looked for. */
export function warnAboutRows(header: CsvRow, rows: readonly CsvRow[], below: Below, fitting: number, warnings: Warnings): void {
  const { width, comments, seen } = below;
  if (comments > 0)
    warnings.add(
      'comments',
      comments === 1 ? '1 line begins with # and was taken as a comment' : `${comments} lines begin with # and were taken as comments`,
    );
  if (fitting === 0 && seen > 0) {
    const other = rows.find((row) => !isBlank(row) && !row.broken && row.cells.length !== width);
    const widthOfFirst = other === undefined ? '' : ` (line ${other.line} has ${other.cells.length})`;
    throw new Refusal(`not a table: none of the ${seen} rows below the header (line ${header.line}) has its ${width} cells${widthOfFirst}`);
  }
  if (seen === 0) warnings.add('no rows', `the table has a header (line ${header.line}) and no rows`);
}
