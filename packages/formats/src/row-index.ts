import { readCell } from './number-cell.ts';
import type { Table } from './table.ts';

/** Names of the index that pandas writes in front of its columns: none, and what it calls it where it reads the file again. */
const UNNAMED = /^(?:column \d{1,6}|Unnamed: 0(?:\.\d{1,6})?)$/;
/** Names that columns of other things have too. */
const NAMED = new Set(['index', 'level_0']);

/** What is known of one column in front. */
type Counted = { index: number; named: boolean; first: number; last: number; rows: number; counts: boolean };

/**
 * The columns in front of a table that may only count its rows (0, 1, 2, …), as pandas writes its index: they are no measurements, and
 * label nothing. All rows are looked at, those that failed too.
 */
export class RowIndex {
  readonly #columns: readonly Counted[];

  constructor({ columns, line, rows }: Pick<Table, 'columns' | 'line' | 'rows'>) {
    // Without a header, no name says that a column is no measurement.
    const headerless = rows[0]?.line === line;
    // An index stands in front of something.
    const names = headerless ? [] : columns.slice(0, -1);
    const end = names.findIndex((name) => !UNNAMED.test(name) && !NAMED.has(name));
    this.#columns = names
      .slice(0, end < 0 ? names.length : end)
      .map((name, index) => ({ index, named: NAMED.has(name), first: Number.NaN, last: Number.NaN, rows: 0, counts: true }));
  }

  /** The columns of a table that only count its rows. */
  static of(table: Table): ReadonlySet<number> {
    const index = new RowIndex(table);
    for (const { cells } of table.rows) index.take(cells);
    return index.columns;
  }

  /** Whether there is a column that may count. */
  get isPossible(): boolean {
    return this.#columns[0]?.counts === true;
  }

  /** Looks at the cells of the next row. */
  take(cells: readonly string[]): void {
    for (const column of this.#columns) {
      if (!column.counts) return;
      const cell = readCell(cells[column.index] ?? '');
      add(column, cell.is === 'number' && cell.unit === null ? cell.value : Number.NaN);
    }
  }

  /** … at its numbers by column, NaN where there is none, of a row like one whose cells were looked at. */
  takeNumbers(values: Float64Array): void {
    for (const column of this.#columns) {
      if (!column.counts) return;
      add(column, values[column.index] ?? Number.NaN);
    }
  }

  /** Those of the columns that count all rows that were looked at. */
  get columns(): ReadonlySet<number> {
    const found = new Set<number>();
    for (const { index, named, first, rows, counts } of this.#columns) {
      const fromBegin = first === 0 || first === 1;
      if (!counts || rows === 0 || (!fromBegin && (named || rows === 1))) break;
      found.add(index);
    }
    return found;
  }
}

function add(column: Counted, value: number): void {
  column.counts = Number.isSafeInteger(value) && value >= 0 && (column.rows === 0 || value === column.last + 1);
  if (column.rows === 0) column.first = value;
  column.last = value;
  column.rows += 1;
}
