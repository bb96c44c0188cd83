import type { Extract } from '../extract.ts';
import { isLabelColumn, isSettingName, labelValue } from '../labels.ts';
import { failureOfRow, markColumns } from '../row-failure.ts';
import { statisticFromName } from '../statistic-from-name.ts';
import type { Table } from '../table.ts';
import { type Column, numberIn, numericColumns } from '../table-columns.ts';
import type { Format } from './format.ts';

/** Tables whose columns nothing here knows, in CSV or Markdown: every cell of a column of numbers is a measurement. */
export const genericTable: Format = {
  name: 'generic',
  detect: ({ shape }) => shape === 'table' || shape === 'markdown',
  read(content, extract) {
    if (content.shape !== 'table' && content.shape !== 'markdown') return;
    // A table of a page of prose that has no numbers and no failures is no list of records.
    for (const table of content.tables) readTable(table, extract, content.shape === 'table');
  },
};

function readTable(table: Table, extract: Extract, always: boolean): void {
  const marks = markColumns(table.columns, table.rows);
  const reasons = table.rows.map((row) => failureOfRow(row.cells, marks));
  const columns = numericColumns(
    table,
    reasons.map((reason) => reason !== null),
    extract.warnings,
  );
  const labels = new LabelsOfRows(labelColumns(table, columns));
  const told = columns.map((column) => ({
    column,
    statistic: statisticFromName(column.name),
    setting: isSettingName(column.name),
    behind: ` column ${column.name}`,
  }));
  for (const [index, { line, cells }] of table.rows.entries()) {
    const reason = reasons[index] ?? null;
    const place = `line ${line}`;
    if (reason !== null) extract.fail({ pointer: place, reason });
    const own = labels.of(cells);
    for (const { column, statistic, setting, behind } of told) {
      const number = numberIn(cells[column.index] ?? '', column.unit);
      if (number === null) continue;
      extract.add({
        metric: column.name,
        statistic,
        value: number.value,
        text: number.text,
        unit: number.unit,
        n: null,
        labels: setting ? {} : own,
        pointer: place + behind,
        failed: reason !== null,
      });
    }
  }
  if (always || columns.length > 0 || reasons.some((reason) => reason !== null)) extract.records += table.rows.length;
}

type LabelColumn = { index: number; label: string };

/** A column of numbers is a measurement and no label (`gpu` may be a utilisation), unless its name says that it was set. */
function labelColumns(table: Table, numeric: readonly Column[]): LabelColumn[] {
  const numbers = new Set(numeric.map(({ index }) => index));
  return table.columns.flatMap((name, index) =>
    isSettingName(name) || (isLabelColumn(name) && !numbers.has(index)) ? [{ index, label: name.toLowerCase() }] : [],
  );
}

/** Different labels of one table that are remembered, so that rows of the same labels share them. */
const REMEMBERED = 10_000;
/** Longer texts are not remembered. */
const REMEMBERED_CHARS = 1_000;

class LabelsOfRows {
  readonly #columns: readonly LabelColumn[];
  readonly #known = new Map<string, Readonly<Record<string, string>>>();

  constructor(columns: readonly LabelColumn[]) {
    this.#columns = columns;
  }

  of(cells: readonly string[]): Readonly<Record<string, string>> {
    const key = this.#columns.map(({ index }) => cells[index] ?? '').join('\0');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels: Record<string, string> = {};
    for (const { index, label } of this.#columns) {
      const value = labelValue(cells[index] ?? '');
      if (value !== null) labels[label] = value;
    }
    if (this.#known.size < REMEMBERED && key.length <= REMEMBERED_CHARS) this.#known.set(key, labels);
    return labels;
  }
}
