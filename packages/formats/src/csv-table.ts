import { guessDelimiter } from './csv-delimiter.ts';
import { type CsvRow, csvRows, isBlank } from './csv-rows.ts';
import { errorMessageIn } from './error-message.ts';
import { excerpt } from './excerpt.ts';
import { markColumns } from './failure.ts';
import type { Limits } from './limits.ts';
import { readCell } from './number-cell.ts';
import { Refusal } from './refusal.ts';
import { columnNames, type Row, type Table } from './table.ts';
import { unitsRow } from './units-row.ts';
import type { Warnings } from './warnings.ts';

/**
 * Reads a CSV text as one table. Rows that do not fit the header are named in warnings and left out.
 * @param text of any line ends
 * @param preferred the delimiter to try first
 * @throws Refusal where the text is no table, or a row or cell is too large
 */
export function readCsv(text: string, preferred: string, limits: Limits, warnings: Warnings): Table {
  const lines = text.replace(/\r\n?/g, '\n');
  const message = errorMessageIn(lines);
  if (message !== null) throw new Refusal(`not a table: an error message ("${message.quote}") (line ${message.line})`);
  const all = csvRows(lines, guessDelimiter(lines, preferred), limits);
  const { header, below } = splitHeader(all.filter((row) => !isBlank(row) || row.cells.length === 1));
  if (header.broken) throw new Refusal(`not a table: line ${header.line} has a quote that is never closed`);
  const headerless = header.cells.every((cell) => isNumber(cell) || readCell(cell).is === 'comma');
  const columns = headerless ? header.cells.map((_, index) => `column ${index + 1}`) : columnNames(header.cells);
  if (columns.length === 1) refuseProse(header, below, headerless);
  warnAboutHeader(header, headerless, warnings);
  const rows = fittingRows(header, headerless ? [header, ...below] : below, warnings);
  const trusted = lines.endsWith('\n') ? rows : withoutCutCell(rows, all, columns, lines.endsWith('"'), warnings);
  const found = headerless ? null : unitsRow(trusted);
  const none = columns.map(() => null);
  return { line: header.line, columns, units: found ?? none, rows: found === null ? trusted : trusted.slice(1) };
}

function isNumber(cell: string): boolean {
  return readCell(cell).is === 'number';
}

const isComment = (row: CsvRow): boolean => row.cells[0]?.trimStart().startsWith('#') === true;

/** The first row that is no comment; or the last comment, where it has the shape of the rows below it. */
function splitHeader(rows: readonly CsvRow[]): { header: CsvRow; below: readonly CsvRow[] } {
  const at = rows.findIndex((row) => !isBlank(row) && !isComment(row));
  const first = rows[at];
  if (first === undefined) throw new Refusal('not a table: it holds comment lines only');
  const above = rows.slice(0, at).findLast((row) => !isBlank(row));
  if (above !== undefined && first.cells.length > 1 && above.cells.length === first.cells.length && first.cells.some(isNumber)) {
    const [cell = '', ...others] = above.cells;
    return { header: { ...above, cells: [cell.replace(/^\s*#\s*/, ''), ...others] }, below: rows.slice(at) };
  }
  return { header: first, below: rows.slice(at + 1) };
}

/** One column is a table where a short name stands above numbers, or where all lines are numbers. */
function refuseProse(header: CsvRow, below: readonly CsvRow[], headerless: boolean): void {
  const rows = below.filter((row) => !isBlank(row) && !isComment(row));
  const cells = rows.map((row) => readCell(row.cells[0] ?? ''));
  const numbers = cells.filter(({ is }) => is === 'number').length;
  const table =
    rows.every((row) => row.cells.length === 1) &&
    cells.every(({ is }) => is === 'number' || is === 'absent') &&
    (headerless || numbers > 0);
  if (!table) throw new Refusal(`not a table: its lines have no columns (line ${header.line}: "${excerpt(header.cells[0] ?? '', 80)}")`);
}

function warnAboutHeader(header: CsvRow, headerless: boolean, warnings: Warnings): void {
  const { line, cells } = header;
  if (headerless) {
    warnings.add('header', `line ${line} is all numbers: there is no header, the columns are named column 1 to column ${cells.length}`);
    return;
  }
  const numeric = cells.find(isNumber);
  if (numeric !== undefined) {
    warnings.add(
      'header',
      `line ${line} was read as the header although "${excerpt(numeric, 40)}" in it is a number; if it is data, it was not read`,
    );
  }
  const repeated = cells.find((cell, index) => cell.trim() !== '' && cells.indexOf(cell) !== index);
  if (repeated !== undefined) {
    warnings.add(
      'header',
      `the header (line ${line}) has "${excerpt(repeated, 40)}" more than once: the later ones are named with #2, #3, …`,
    );
  }
}

/** The rows with a cell for each column, down to a second table. */
function fittingRows(header: CsvRow, rows: readonly CsvRow[], warnings: Warnings): Row[] {
  const fitting: Row[] = [];
  const width = header.cells.length;
  const headerless = rows[0] === header;
  let blank = false;
  let numbers = false;
  let comments = 0;
  let seen = 0;
  for (const row of rows) {
    const { line, cells } = row;
    if (isBlank(row)) {
      blank = true;
    } else if (isComment(row) && (cells.length !== width || width === 1)) {
      comments += 1;
    } else if (blank && !row.broken && seen > 0 && (cells.length !== width || (numbers && !cells.some(isNumber)))) {
      warnings.add('second table', `line ${line}, behind a blank line, begins another table: nothing from there on was read`);
      break;
    } else {
      seen += 1;
      blank = false;
      if (row.broken)
        warnings.add('broken quotes', `line ${line} has a quote that is not closed: the row, and what the quote swallows, was not read`);
      else if (cells.length !== width)
        warnings.add(
          'ragged rows',
          `line ${line} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${width}`,
        );
      else if (!headerless && cells.every((cell, index) => cell === header.cells[index]))
        warnings.add('repeated header', `line ${line} repeats the header: not read as data`);
      else {
        fitting.push({ line, cells });
        numbers ||= cells.some(isNumber);
      }
    }
  }
  if (comments > 0)
    warnings.add(
      'comments',
      comments === 1 ? '1 line begins with # and was taken as a comment' : `${comments} lines begin with # and were taken as comments`,
    );
  if (fitting.length === 0 && seen > 0) {
    const other = rows.find((row) => !isBlank(row) && !row.broken && row.cells.length !== width);
    const widthOfFirst = other === undefined ? '' : ` (line ${other.line} has ${other.cells.length})`;
    throw new Refusal(`not a table: none of the ${seen} rows below the header (line ${header.line}) has its ${width} cells${widthOfFirst}`);
  }
  if (seen === 0) warnings.add('no rows', `the table has a header (line ${header.line}) and no rows`);
  return fitting;
}

/**
 * A last line without a line end cannot be told from one that was cut: what stands in its last cell may be the
 * beginning of another number, label or error. A closing quote shows that it is whole.
 */
function withoutCutCell(rows: Row[], all: readonly CsvRow[], columns: readonly string[], quoted: boolean, warnings: Warnings): Row[] {
  const last = rows.at(-1);
  if (last === undefined || last.line !== all.findLast((row) => !isBlank(row))?.line) return rows;
  const name = columns.at(-1) ?? '';
  const cell = last.cells.at(-1) ?? '';
  const untold = `line ${last.line}, the last one, has no line end and cannot be told from a cut one`;
  if (markColumns([name]).length > 0) {
    if (quoted && cell !== '') return rows;
    warnings.add('last line', `${untold}: whether it failed is unknown (column "${name}"), so the row was not read`);
    return rows.slice(0, -1);
  }
  if (quoted || cell.trim() === '') return rows;
  warnings.add('last line', `${untold}: its last cell, "${excerpt(cell, 40)}" in column "${name}", was not read`);
  return [...rows.slice(0, -1), { line: last.line, cells: [...last.cells.slice(0, -1), ''] }];
}
