import { CsvCells } from './csv-cells.ts';
import type { Limits } from './limits.ts';
import { beyondLimit } from './refusal.ts';

/** One record of a CSV file, before anything is known of its header. */
export type CsvRow = {
  /** the 1-based line on which it begins; a quoted cell may span several */
  line: number;
  cells: readonly string[];
  /** its quotes are not in order, so its cells cannot be trusted */
  broken: boolean;
};

/** How a text ends: behind a line, behind a closing quote, inside of a cell, or inside of quotes. */
export type CsvEnd = 'line' | 'quote' | 'cell' | 'open quote';

/**
 * Splits a CSV text into rows. Blank lines are rows of one empty cell; of a broken row no cell is kept that is too long.
 * @param text lines end with LF, CRLF or CR
 * @param delimiter one character
 * @throws Refusal where a row, a cell or the whole is too large; nothing beyond the limits is kept until then
 */
export function csvRows(
  text: string,
  delimiter: string,
  limits: Pick<Limits, 'maxColumns' | 'maxCells' | 'maxCellChars'>,
): { rows: CsvRow[]; end: CsvEnd } {
  const rows: CsvRow[] = [];
  const cells = new CsvCells(text, delimiter);
  // One list for all rows, copied at each row's end: a list that grew would hold room for many more cells.
  const row: string[] = [];
  let width = 0;
  let total = 0;
  let line = 1;
  let begin = 1;
  let broken = false;
  while (cells.next()) {
    if (width < limits.maxColumns) row[width] = keptText(cells, line, limits);
    width += 1;
    total += 1;
    if (total > limits.maxCells) throw beyondLimit(`has more than ${limits.maxCells} cells (line ${line})`, limits, 'maxCells');
    line += cells.breaks;
    broken ||= cells.broken;
    if (!cells.last) continue;
    if (width > limits.maxColumns) throw beyondLimit(`has a row of ${width} cells (line ${begin})`, limits, 'maxColumns');
    rows.push({ line: begin, cells: row.slice(0, width), broken });
    width = 0;
    line += 1;
    begin = line;
    broken = false;
  }
  return { rows, end: endOf(cells, rows.at(-1)) };
}

function keptText(cells: CsvCells, line: number, limits: Pick<Limits, 'maxCellChars'>): string {
  if (cells.length <= limits.maxCellChars) return cells.text();
  // What an open quote swallows is the rest of the file: the row is named and left out, the rows above it are read.
  if (cells.broken) return '';
  throw beyondLimit(`has a cell of ${cells.length} characters (line ${line})`, limits, 'maxCellChars');
}

function endOf(last: CsvCells, row: CsvRow | undefined): CsvEnd {
  if (last.open) return 'open quote';
  // Blanks behind the last line's end begin nothing.
  if (!last.atEnd || (row !== undefined && row.cells.length === 1 && isBlank(row))) return 'line';
  return last.quoted ? 'quote' : 'cell';
}

/** Whether a row is a blank line, or delimiters only. */
export function isBlank(row: CsvRow): boolean {
  return !row.broken && row.cells.every((cell) => cell.trim() === '');
}
