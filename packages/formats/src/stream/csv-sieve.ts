import { type CsvRow, isBlank } from '../csv-rows.ts';
import { type Below, beginsTable, faultOf, isComment, warnAboutRows } from '../csv-table.ts';
import { excerpt } from '../excerpt.ts';
import { readCell } from '../number-cell.ts';
import { Refusal } from '../refusal.ts';
import type { Warnings } from '../warnings.ts';
import type { CsvHead } from './csv-head.ts';

/** Rows that were read without the sieve: how many, and whether one had a number. */
type Passed = { rows: number; numbers: boolean };

/** Tells which rows are those of the table, as the ordinary reader does, row by row. */
export class CsvSieve {
  /** rows up to this line stand above the table's rows */
  readonly above: number;
  /** rows of the table that it let through */
  rows = 0;
  /** a second table has begun, or a quote swallows the rest: nothing more is read */
  over = false;
  readonly #head: CsvHead;
  readonly #warnings: Warnings;
  readonly #below: Below;
  /** a row of another width, to be named */
  #other: CsvRow | null = null;

  constructor(head: CsvHead, warnings: Warnings) {
    this.#head = head;
    this.#warnings = warnings;
    const { headerless, header, table } = head;
    this.above = headerless ? header.line - 1 : header.line;
    this.#below = { width: table.columns.length, headerless, blank: false, numbers: false, comments: 0, seen: 0 };
  }

  /** Whether the last row was a blank line: behind it another table may begin. */
  get blank(): boolean {
    return this.#below.blank;
  }

  /** @throws Refusal where the table has one column, and the row shows that it is prose */
  takes(row: CsvRow, passed: Passed): boolean {
    const below = this.#below;
    const { width } = below;
    if (row.line <= this.above) return false;
    if (isBlank(row)) {
      if (row.cells.length === 1) below.blank = true;
      return false;
    }
    if (isComment(row) && (row.cells.length !== width || width === 1)) {
      below.comments += 1;
      return false;
    }
    if (beginsTable(row, { ...below, seen: below.seen + passed.rows, numbers: below.numbers || passed.numbers })) {
      this.#warnings.add('second table', `line ${row.line}, behind a blank line, begins another table: nothing from there on was read`);
      this.over = true;
      return false;
    }
    below.seen += 1;
    below.blank = false;
    if (width === 1) refuseProse(row);
    const fault = faultOf(row, this.#head.header, this.#head.headerless);
    if (fault !== null) {
      if (!row.broken && row.cells.length !== width) this.#other ??= row;
      this.#warnings.add(...fault);
      return false;
    }
    this.rows += 1;
    below.numbers ||= row.cells.some((cell) => readCell(cell).is === 'number');
    return row.line !== this.#head.unitsLine;
  }

  /** A row does not end within so many bytes: neither it nor what comes below is read. */
  swallow(line: number, bytes: number): void {
    const why = `has no end within ${bytes} bytes: a quote in it is not closed, or its cells are too long for a file that is read as a stream`;
    this.#warnings.add('broken quotes', `line ${line} ${why}; neither it nor what comes below was read`);
    this.#warnings.endsInside();
    this.#below.seen += 1;
    this.over = true;
  }

  /** @throws Refusal where no row had a cell for each column */
  end(passed: Passed): void {
    const below = { ...this.#below, seen: this.#below.seen + passed.rows };
    warnAboutRows(this.#head.header, this.#other === null ? [] : [this.#other], below, this.rows + passed.rows, this.#warnings);
  }
}

/** In a table of one column, each line is a number. */
function refuseProse({ line, cells }: CsvRow): void {
  const { is } = readCell(cells[0] ?? '');
  if (cells.length === 1 && (is === 'number' || is === 'absent')) return;
  throw new Refusal(`not a table: its lines have no columns (line ${line}: "${excerpt(cells[0] ?? '', 80)}")`);
}
