import { labelValue } from './labels.ts';
import { isPercentileName, isStatisticWord, wordsOf } from './name-words.ts';
import { readCell } from './number-cell.ts';
import type { Table } from './table.ts';
import { unitFromName, unitOfSymbol } from './unit-from-name.ts';

/** Longest name of a metric that a row may have. */
const NAME_CHARS = 80;

/** Headers of the column that names what each row is of. */
const NAMING = new Set(['metric', 'metrics', 'metric name', 'measure']);

/** Headers of columns that say nothing of what is in them, where the row is named. */
const VALUES = new Set(['value', 'values', 'val', 'result', 'results']);

/** What a row of such a table is of: its own words, and the unit that they or the cell beside them state. */
export type RowName = { name: string; unit: string | null };

/**
 * A table that holds a metric in each row: `metric,value,unit`. Its columns hold numbers of different things, so that a column
 * alone names none of them.
 */
export class NamedRows {
  /** columns that name the rows, and are no labels */
  readonly used: ReadonlySet<number>;
  readonly #name: number;
  readonly #unit: number;

  private constructor(name: number, unit: number) {
    this.#name = name;
    this.#unit = unit;
    this.used = new Set([name, unit].filter((index) => index >= 0));
  }

  /**
   * The names of a table's rows; null where it has no column of them.
   * @param numeric indices of the columns of numbers
   */
  static of({ columns }: Table, numeric: ReadonlySet<number>): NamedRows | null {
    const named = (names: ReadonlySet<string>): number =>
      columns.findIndex((column, index) => !numeric.has(index) && names.has(wordsOf(column).join(' ')));
    const name = named(NAMING);
    return name < 0 ? null : new NamedRows(name, named(new Set(['unit', 'units'])));
  }

  /** The name of a row; null where it has none that can be one. Two units that differ are none. */
  nameOf(cells: readonly string[]): RowName | null {
    const name = labelValue((cells[this.#name] ?? '').replace(/[`*]/g, ''), NAME_CHARS);
    if (name === null) return null;
    const stated = (cells[this.#unit] ?? '').trim();
    const own = unitFromName(name);
    if (stated === '') return { name, unit: own };
    const unit = unitOfSymbol(stated);
    return { name, unit: own === null || own === unit ? unit : null };
  }
}

/** Whether a table has a column that names the number of each row. */
export function isOfNamedRows({ columns, rows }: Table): boolean {
  const at = columns.findIndex((column) => NAMING.has(wordsOf(column).join(' ')));
  return at >= 0 && rows.some(({ cells }) => readCell(cells[at] ?? '').is === 'text');
}

/** Whether a column of such a table says no more than which statistic is in it, or nothing. */
export function isOfValues(column: string): boolean {
  const words = wordsOf(column);
  return (
    isPercentileName(column) ||
    VALUES.has(words.join(' ')) ||
    (words.length === 1 && words.every((word) => isStatisticWord(word) || word === 'min' || word === 'max'))
  );
}
