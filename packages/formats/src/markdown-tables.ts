import type { Limits } from './limits.ts';
import { beyondLimit } from './refusal.ts';
import { columnNames, type Row, type Table } from './table.ts';
import type { Warnings } from './warnings.ts';

const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/**
 * Finds the pipe tables of a Markdown text (GitHub's dialect): a header, a row of dashes with as many cells, rows.
 * Rows of another width are named in warnings and left out; a row of dashes without its header is named too.
 * @param text of any line ends
 * @returns the tables, cells without emphasis and code marks, in the order of the file
 * @throws Refusal where a row or a cell is too large
 */
export function markdownTables(text: string, limits: Limits, warnings: Warnings): Table[] {
  const lines = text.split(/\r\n?|\n/);
  const tables: Table[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!isDelimiterRow(line, limits)) continue;
    const above = lines[at - 1] ?? '';
    const header = cellsOf(above);
    const width = cellsOf(line).length;
    if (header.length !== width || !above.includes('|') || (hasEdge(line) && !hasEdge(above))) {
      warnings.add(
        'tables without header',
        `line ${at + 1} is the dashed row of a table whose header does not stand alone on the line above: the table was not read`,
      );
      continue;
    }
    const rows: Row[] = [];
    let below = at + 1;
    for (; below < lines.length && (lines[below] ?? '').includes('|') && !headsTable(lines, below, limits); below += 1) {
      const row = rowOf(lines[below] ?? '', below, below === lines.length - 1, width, limits, warnings);
      if (row !== null) rows.push(row);
    }
    const columns = columnNames(header.map(plain));
    tables.push({ line: at, columns, units: columns.map(() => null), rows });
    at = below - 1;
  }
  return tables;
}

/** Whether a line is the row of dashes below a header. One too long for the columns allowed is none. */
function isDelimiterRow(line: string, limits: Limits): boolean {
  return line.includes('|') && line.length <= limits.maxColumns * 20 && DELIMITER_ROW.test(line);
}

/** A row above dashes of its own width begins the next table: the line break between the two was lost. */
function headsTable(lines: readonly string[], at: number, limits: Limits): boolean {
  const dashes = lines[at + 1] ?? '';
  return isDelimiterRow(dashes, limits) && cellsOf(dashes).length === cellsOf(lines[at] ?? '').length;
}

function hasEdge(line: string): boolean {
  return line.trimStart().startsWith('|');
}

function rowOf(source: string, index: number, last: boolean, width: number, limits: Limits, warnings: Warnings): Row | null {
  const line = index + 1;
  const cells = cellsOf(source).map(plain);
  if (cells.length > limits.maxColumns) throw beyondLimit(`has a row of ${cells.length} cells (line ${line})`, limits, 'maxColumns');
  const long = cells.find((cell) => cell.length > limits.maxCellChars);
  if (long !== undefined) throw beyondLimit(`has a cell of ${long.length} characters (line ${line})`, limits, 'maxCellChars');
  if (cells.length !== width) {
    warnings.add('ragged rows', `line ${line} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${width}`);
    return null;
  }
  // Only a closing pipe or a line end shows that the last cell is whole.
  if (last && !source.trimEnd().endsWith('|')) {
    warnings.add('last line', `line ${line}, the last one, has no line end and cannot be told from a cut one: the row was not read`);
    return null;
  }
  return { line, cells };
}

/** Splits a line at its pipes, those behind a backslash apart. */
function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** A cell's words without the marks around them: `**0.651**` is a number in bold. */
function plain(cell: string): string {
  return cell.replace(/^(\*\*|__|\*|_|`)(.*)\1$/s, '$2').trim();
}
