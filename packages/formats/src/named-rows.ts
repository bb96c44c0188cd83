import { saysMetric } from './canonical-name.ts';
import { isLabelName, isSettingName, labelValue } from './labels.ts';
import { wordsOf } from './name-words.ts';
import { isUnnamed, type NamedColumn, namedColumns, namesNoResults } from './named-columns.ts';
import { readCell } from './number-cell.ts';
import type { Table } from './table.ts';
import { unitFromName, unitOfSymbol } from './unit-from-name.ts';

/** Longest name of a metric that a row may have. */
const NAME_CHARS = 80;

/** Headers of the column that names what each row is of. */
const NAMING = new Set(['metric', 'metrics', 'metric name', 'measure']);

/** Marks of emphasis and code in a name. */
const EMPHASIS = /[`*]/g;

/** … and of the one that states its unit. */
const UNIT = new Set(['unit', 'units']);

/** Rows of a table whose first column has no header that are asked for their names; a longer table holds records. */
const MOST_ROWS = 200;

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
  readonly #columns: readonly NamedColumn[];

  private constructor(name: number, unit: number, columns: readonly NamedColumn[]) {
    this.#name = name;
    this.#unit = unit;
    this.#columns = columns;
    this.used = new Set([name, unit].filter((index) => index >= 0));
  }

  /**
   * The names of a table's rows; null where it has no column of them.
   * @param numeric indices of the columns of numbers
   */
  static of(table: Table, numeric: ReadonlySet<number>): NamedRows | null {
    const { columns } = table;
    const name = namingColumn(table, (index) => !numeric.has(index));
    const unit = columns.findIndex((column, index) => !numeric.has(index) && UNIT.has(wordsOf(column).join(' ')));
    return name < 0 ? null : new NamedRows(name, unit, namedColumns(columns, name));
  }

  /** What a column of numbers holds. */
  holds(index: number): NamedColumn {
    return this.#columns[index] ?? 'other';
  }

  /** The name of a row; null where it has none that can be one. Two units that differ are none. */
  nameOf(cells: readonly string[]): RowName | null {
    const name = labelValue((cells[this.#name] ?? '').replace(EMPHASIS, ''), NAME_CHARS);
    if (name === null) return null;
    const stated = (cells[this.#unit] ?? '').trim();
    const own = unitFromName(name);
    if (stated === '') return { name, unit: own };
    const unit = unitOfSymbol(stated);
    return { name, unit: own === null || own === unit ? unit : null };
  }
}

/** What the columns of a table hold that has one that names the number of each row; null where it has none. */
export function columnsOfNamedRows(table: Table): readonly NamedColumn[] | null {
  const { columns, rows } = table;
  const at = namingColumn(table, () => true);
  return at >= 0 && rows.some(({ cells }) => readCell(cells[at] ?? '').is === 'text') ? namedColumns(columns, at) : null;
}

/**
 * Index of the column that names the rows, or -1. A first column under another name, or none, is one where a third of its words at
 * least, and two, say metrics of the registry, under another name each with its unit: `| | vLLM | SGLang |` above `| TTFT p50 | 80 ms |`,
 * `| Context | 128 | 512 |` above `| TTFT (ms) | 80 | 95 |`. Not in a stream, of whose rows only some are known.
 */
function namingColumn({ columns, rows, counting }: Table, mayBe: (index: number) => boolean): number {
  const at = columns.findIndex((column, index) => mayBe(index) && NAMING.has(wordsOf(column).join(' ')));
  if (at >= 0 || columns.length < 2 || !mayBe(0) || rows.length > MOST_ROWS || counting !== undefined) return at;
  const [first = ''] = columns;
  if (isSettingName(first) || isLabelName(first) || namesNoResults(first)) return -1;
  const says = isUnnamed(first) ? saysMetric : statesMetric;
  const said = rows.filter(({ cells }) => says((cells[0] ?? '').replace(EMPHASIS, ''))).length;
  return said >= 2 && said * 3 >= rows.length ? 0 : -1;
}

function statesMetric(name: string): boolean {
  return unitFromName(name) !== null && saysMetric(name);
}
