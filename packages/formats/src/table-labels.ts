import { columnsApart } from './columns-apart.ts';
import { isDimension, mayBeDimension, TextsOfName } from './dimensions.ts';
import { isSettingName, labelValue, namesNothing, setLabel } from './labels.ts';
import { markOf } from './marks.ts';
import { wordsOf } from './name-words.ts';
import { isUnnamed } from './named-columns.ts';
import { columnsOfNamedRows } from './named-rows.ts';
import { isAbsent, readCell } from './number-cell.ts';
import { drawnAmong, SettingValues, sentenceOnDrawn } from './setting-values.ts';
import type { Table } from './table.ts';
import type { Warnings } from './warnings.ts';

type Labels = Readonly<Record<string, string>>;

/** A column whose cells are labels of the other cells of their row. */
type LabelColumn = { index: number; name: string };

/** Columns by which the context window or the layers on the GPU are set: `temp` beside one of them is no heat. */
const SAMPLING = new Set(['num_ctx', 'num_gpu', 'top_p', 'top_k', 'num_predict', 'ctx']);

/** A day or a time of day: an index of them numbers the rows. */
const DATE = /\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d{2}/;

/** Columns of numbers that label nothing, though their names are those of settings: each row has a value of its own, more or less. */
export function drawnColumns(table: Table, numeric: ReadonlySet<number>, warnings: Warnings): ReadonlySet<number> {
  const settings = new Map<number, SettingValues>();
  for (const [index, name] of table.columns.entries()) {
    if (!numeric.has(index) || !isSettingName(name)) continue;
    const values = new SettingValues();
    for (const { cells } of table.rows) addCell(values, cells[index] ?? '');
    settings.set(index, values);
  }
  const drawn = drawnAmong(settings);
  for (const index of drawn)
    warnings.add('drawn settings', sentenceOnDrawn(table.columns[index] ?? '', settings.get(index) ?? new SettingValues()));
  return drawn;
}

/** Adds the number of a cell, if it holds one. */
export function addCell(values: SettingValues, cell: string): void {
  if (cell !== '' && readCell(cell).is === 'number') values.add(cell.trim());
}

/**
 * The columns that label the rows of a table. A column of numbers is a measurement and no label (`gpu` may be a utilisation), unless
 * its name says that it was set.
 * @param numeric indices of the columns of numbers
 * @param drawn those of them that label nothing, though their names are those of settings
 * @param presented whether the table is part of a page, where the first column names its rows
 */
export function labelColumns(table: Table, numeric: ReadonlySet<number>, drawn: ReadonlySet<number>, presented: boolean): LabelColumn[] {
  const settings = table.columns.flatMap((name, index) => (isSettingName(name) && !drawn.has(index) ? [{ index, name }] : []));
  const heat = settings.some(({ name }) => SAMPLING.has(name.toLowerCase()))
    ? table.columns.flatMap((name, index) => (name.toLowerCase() === 'temp' ? [{ index, name: 'temperature' }] : []))
    : [];
  const words = table.columns.flatMap((name, index) => {
    if (numeric.has(index) || isSettingName(name) || markOf(name) !== undefined) return [];
    const texts = textsOf(table, index);
    const isIndex = index === 0 && isUnnamed(name) && texts.areNames && !table.rows.some(({ cells }) => DATE.test(cells[0] ?? ''));
    return isIndex || isDimension(name, texts, settings.length > 0) ? [{ index, name }] : [];
  });
  const found = [...settings, ...heat, ...words];
  if (!presented) return found;
  const first = table.columns[0] ?? '';
  const own = found.length === 0 && mayNameRows(first, numeric) ? [{ index: 0, name: first }] : found;
  if (columnsOfNamedRows(table) !== null) return own;
  const apart = columnsApart(
    table,
    numeric,
    own.map(({ index }) => index),
  );
  return [...own, ...apart.map((index) => ({ index, name: table.columns[index] ?? '' }))];
}

/** The texts of a column; none where all of them say that there is no value. */
function textsOf(table: Table, index: number): TextsOfName {
  const texts = new TextsOfName();
  if (table.rows.every(({ cells }) => isAbsent(cells[index] ?? ''))) return texts;
  for (const { cells } of table.rows) texts.add(cells[index] ?? '');
  return texts;
}

function mayNameRows(name: string, numeric: ReadonlySet<number>): boolean {
  return !numeric.has(0) && mayBeDimension(name) && !wordsOf(name).includes('metric');
}

/** Different labels of one table that are remembered, so that rows of the same labels share them. */
const REMEMBERED = 10_000;
/** Longer texts are not remembered. */
const REMEMBERED_CHARS = 1_000;

/** The labels of rows, by their cells. */
export class LabelsOfRows {
  readonly #columns: readonly LabelColumn[];
  readonly #known = new Map<string, Labels>();

  constructor(columns: readonly LabelColumn[]) {
    this.#columns = columns;
  }

  of(cells: readonly string[]): Labels {
    const key = this.#columns.map(({ index }) => cells[index] ?? '').join('\0');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels: Record<string, string> = {};
    for (const { index, name } of this.#columns) {
      const value = namesNothing(cells[index] ?? '') ? null : labelValue(cells[index] ?? '');
      if (value !== null) setLabel(labels, name, value);
    }
    if (this.#known.size < REMEMBERED && key.length <= REMEMBERED_CHARS) this.#known.set(key, labels);
    return labels;
  }
}
