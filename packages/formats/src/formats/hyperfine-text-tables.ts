import type { Limits } from '../limits.ts';
import { splitRow } from '../markdown-row.ts';
import type { Row, Table } from '../table.ts';
import { columnNames } from '../table.ts';
import { isHyperfineTable } from './hyperfine-markdown.ts';
import { type TextLine, textLines } from './printed-text.ts';

/** Longest row, and most columns, of a header that is looked at. */
const ROOM = { maxColumns: 100, maxCellChars: 4_000 };

/** Whether a text is a table of `--export-orgmode` or `--export-asciidoc`. */
export function isHyperfineTextTable(text: string): boolean {
  if (!/^[ \t]{0,20}\| ?Command\b/m.test(text) || !text.includes('Mean')) return false;
  // The header of either stands at the beginning of what the tool wrote.
  const head = tablesIn(text.slice(0, 20_000), ROOM);
  return head.some(({ columns }) => isHyperfineTable(columns));
}

/**
 * The tables of such a text that hyperfine wrote; a last line without its end may be cut, and is left out.
 * @returns `odd`: the lines of rows that have not as many cells as the header, which are left out too
 */
export function hyperfineTextTables(
  text: string,
  limits: Pick<Limits, 'maxColumns' | 'maxCellChars'>,
): { tables: Table[]; cut: TextLine | null; odd: number[] } {
  const last = textLines(text).at(-1);
  const cut = last !== undefined && !last.ended && last.text.trim() !== '' ? last : null;
  const all = tablesIn(text, limits).filter(({ columns }) => isHyperfineTable(columns));
  const isWhole = ({ columns }: Table, { cells }: Row): boolean => cells.length === columns.length;
  return {
    tables: all.map((table) => ({ ...table, rows: table.rows.filter((row) => isWhole(table, row)) })),
    cut,
    odd: all.flatMap((table) => table.rows.filter((row) => !isWhole(table, row)).map(({ line }) => line)),
  };
}

function tablesIn(text: string, limits: Pick<Limits, 'maxColumns' | 'maxCellChars'>): Table[] {
  const lines = textLines(text).filter(({ ended }) => ended);
  return [...orgTables(lines, limits), ...asciidocTables(lines, limits)];
}

const RULER = /^\|-[-+]{0,400}\+[-+]{0,400}\|?$/;

/** A row on each line; below the header a line of dashes and plus signs. */
function orgTables(lines: readonly TextLine[], limits: Pick<Limits, 'maxColumns' | 'maxCellChars'>): Table[] {
  const tables: Table[] = [];
  for (let at = 0; at + 1 < lines.length; at += 1) {
    const header = lines[at];
    const below = lines[at + 1]?.text.trim() ?? '';
    if (header === undefined || !isOrgRow(header) || !RULER.test(below)) continue;
    const rows: Row[] = [];
    for (at += 2; at < lines.length; at += 1) {
      const row = lines[at];
      if (row === undefined || !isOrgRow(row)) break;
      if (RULER.test(row.text.trim())) continue;
      rows.push({ line: row.line, cells: splitRow(row.text, row.line, limits).map((cell) => cell.replace(/^=(.*)=$/, '$1')) });
    }
    tables.push(tableOf(header.line, splitRow(header.text, header.line, limits), rows));
  }
  return tables;
}

function isOrgRow({ text }: TextLine): boolean {
  return text.trimStart().startsWith('|');
}

/** Between lines `|===` a cell on each line, and a blank line behind the header and each row. */
function asciidocTables(lines: readonly TextLine[], limits: Pick<Limits, 'maxColumns' | 'maxCellChars'>): Table[] {
  const tables: Table[] = [];
  let open: { line: number; cells: string[] }[] | null = null;
  let row: { line: number; cells: string[] } | null = null;
  for (const { line, text } of lines) {
    const own = text.trim();
    if (own === '|===') {
      const [header, ...rest] = open ?? [];
      if (header !== undefined) tables.push(tableOf(header.line, header.cells, rest));
      open = open === null ? [] : null;
      row = null;
    } else if (own === '' || !own.startsWith('|')) row = null;
    else if (open !== null) {
      if (row === null) {
        row = { line, cells: [] };
        open.push(row);
      }
      // A command may hold a pipe.
      const cell = own.slice(1).trim();
      if (row.cells.length < limits.maxColumns)
        row.cells.push(
          cell
            .slice(0, limits.maxCellChars)
            .replace(/^`(.*)`$/, '$1')
            .replaceAll('\\|', '|'),
        );
    }
  }
  // A long table, or one that is cut off.
  const [header, ...rest] = open ?? [];
  if (header !== undefined) tables.push(tableOf(header.line, header.cells, rest));
  return tables;
}

function tableOf(line: number, header: readonly string[], rows: readonly Row[]): Table {
  const columns = columnNames(header);
  return { line, columns, units: columns.map(() => null), rows };
}
