import Papa from 'papaparse';
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

/**
 * Splits a CSV text into rows. Blank lines are rows of one empty cell.
 * @param text lines end with LF
 * @param delimiter one character
 * @param limits bounds for columns and cells
 * @param most rows to read at most
 * @throws Refusal where a row or a cell is too large
 */
export function csvRows(text: string, delimiter: string, limits: Pick<Limits, 'maxColumns' | 'maxCellChars'>, most = 0): CsvRow[] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\n', header: false, preview: most });
  const broken = new Set(errors.flatMap(({ type, row }) => (type === 'Quotes' && row !== undefined ? [row] : [])));
  let line = 1;
  return data.map((cells, index) => {
    const row = { line, cells, broken: broken.has(index) };
    if (cells.length > limits.maxColumns) throw beyondLimit(`has a row of ${cells.length} cells (line ${line})`, limits, 'maxColumns');
    line += 1;
    for (const cell of cells) {
      if (cell.length > limits.maxCellChars) {
        throw beyondLimit(`has a cell of ${cell.length} characters (line ${row.line})`, limits, 'maxCellChars');
      }
      line += breaksIn(cell);
    }
    return row;
  });
}

/** Whether a row is a blank line, or delimiters only. */
export function isBlank(row: CsvRow): boolean {
  return row.cells.every((cell) => cell.trim() === '');
}

function breaksIn(cell: string): number {
  let breaks = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}
