import type { Limits } from './limits.ts';
import { MarkdownHeadings } from './markdown-headings.ts';
import { closesRow, isRuler, plainCell, splitRow } from './markdown-row.ts';
import { beyondLimit } from './refusal.ts';
import { columnNames, type Row, type Table } from './table.ts';
import { endsLine } from './text-lines.ts';
import type { Warnings } from './warnings.ts';

/**
 * Finds the pipe tables of a Markdown text (GitHub's dialect): a header, a row of dashes with as many cells, rows.
 * Rows of another width are named in warnings and left out; a row of dashes without its header is named too.
 * @param text of any line ends
 * @returns the tables, cells without emphasis and code marks, in the order of the file
 * @throws Refusal where a row, a cell or all tables together are too large
 */
export function markdownTables(text: string, limits: Limits, warnings: Warnings): Table[] {
  const finder = new TableFinder(text, limits, warnings);
  finder.warnAboutCutEnd();
  return finder.tables();
}

/** A cell of nothing but words in bold. */
const BOLD = /^(?:\*\*[^*]{1,200}\*\*|__[^_]{1,200}__|<b>[^<]{1,200}<\/b>|<strong>[^<]{1,200}<\/strong>):?$/i;

class TableFinder {
  readonly #lines: readonly string[];
  readonly #limits: Limits;
  readonly #warnings: Warnings;
  /** index of a last line without a line's end, or -1 */
  readonly #unended: number;
  #cells = 0;

  constructor(text: string, limits: Limits, warnings: Warnings) {
    this.#lines = text.split(/\r\n?|\n/);
    this.#limits = limits;
    this.#warnings = warnings;
    this.#unended = endsLine(text) || this.#line(this.#lines.length - 1).trim() === '' ? -1 : this.#lines.length - 1;
  }

  /** A last line without a line's end that holds pipes and does not close with one may be half of a row, be it of dashes. */
  warnAboutCutEnd(): void {
    const last = this.#unended < 0 ? '' : this.#line(this.#unended);
    if (last.includes('|') && !closesRow(last)) this.#warnings.endsInside();
  }

  tables(): Table[] {
    const tables: Table[] = [];
    const headings = new MarkdownHeadings(this.#lines, { onlyHashes: false });
    for (let at = 0; at < this.#lines.length; at += 1) {
      const dashes = this.#dashes(at);
      if (dashes === null) continue;
      const header = at === 0 ? [] : this.#split(at - 1);
      const above = this.#line(at - 1);
      if (header.length !== dashes.length || !above.includes('|') || (hasEdge(this.#line(at)) && !hasEdge(above))) {
        this.#warnAboutHeader(at);
        continue;
      }
      const { rows, below } = this.#rows(at + 1, dashes.length);
      const columns = columnNames(header.map(plainCell));
      tables.push({ line: at, columns, units: columns.map(() => null), rows, above: headings.above(at - 1) });
      at = below - 1;
    }
    return tables;
  }

  #line(at: number): string {
    return this.#lines[at] ?? '';
  }

  #split(at: number): string[] {
    return splitRow(this.#line(at), at + 1, this.#limits);
  }

  /** The cells of a row of dashes, or null where a line is none. */
  #dashes(at: number): string[] | null {
    const line = this.#line(at);
    if (!isRuler(line)) return null;
    const cells = this.#split(at);
    return cells.every((cell) => /^:?-+:?$/.test(cell)) ? cells : null;
  }

  #warnAboutHeader(at: number): void {
    if (at === this.#unended) this.#warnings.endsInside();
    this.#warnings.add(
      'tables without header',
      `line ${at + 1} is the dashed row of a table whose header does not stand alone on the line above: the table was not read`,
    );
  }

  /** The rows below a row of dashes, and the index of the line behind them. */
  #rows(from: number, width: number): { rows: Row[]; below: number } {
    const rows: Row[] = [];
    let below = from;
    for (; below < this.#lines.length && this.#line(below).includes('|') && !this.#headsTable(below); below += 1) {
      const row = this.#row(below, width);
      if (row !== null) rows.push(row);
    }
    // It has no pipe yet, and may become a row.
    if (below === this.#unended) this.#warnings.endsInside();
    return { rows, below };
  }

  /** A row above dashes of its own width begins the next table: the line break between the two was lost. */
  #headsTable(at: number): boolean {
    const dashes = this.#dashes(at + 1);
    return dashes !== null && dashes.length === this.#split(at).length;
  }

  #row(at: number, width: number): Row | null {
    const line = at + 1;
    const given = this.#split(at);
    const bold = BOLD.test((given[0] ?? '').trim());
    // A row of fewer cells has empty ones behind them; of others than titles it is not certain which are missing.
    const cells = bold && given.length === 1 ? [plainCell(given[0] ?? ''), ...Array(width - 1).fill('')] : given.map(plainCell);
    this.#cells += cells.length;
    if (this.#cells > this.#limits.maxCells)
      throw beyondLimit(`has more than ${this.#limits.maxCells} cells (line ${line})`, this.#limits, 'maxCells');
    if (cells.length !== width) {
      if (at === this.#unended) this.#warnings.endsInside();
      const sentence = `line ${line} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${width}`;
      this.#warnings.add('ragged rows', sentence);
      return null;
    }
    // Only a closing pipe or a line end shows that the last cell is whole.
    if (at === this.#unended && !closesRow(this.#line(at))) {
      const untold = `line ${line}, the last one, has no line end and cannot be told from a cut one`;
      this.#warnings.add('last line', `${untold}: the row was not read`);
      return null;
    }
    return bold ? { line, cells, bold } : { line, cells };
  }
}

function hasEdge(line: string): boolean {
  return line.trimStart().startsWith('|');
}
