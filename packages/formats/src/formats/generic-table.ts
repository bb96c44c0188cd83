import { SETTING_NAMES } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { failureOfRow, markColumns } from '../failure.ts';
import { COLUMN_LABELS, labelValue } from '../labels.ts';
import { statisticFromName } from '../statistic-from-name.ts';
import type { Table } from '../table.ts';
import { type Column, numericColumns } from '../table-columns.ts';
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
  const labels = labelColumns(table, columns);
  const statistics = columns.map(({ name }) => statisticFromName(name));
  for (const [index, { line, cells }] of table.rows.entries()) {
    const reason = reasons[index] ?? null;
    if (reason !== null) extract.failed.push({ pointer: `line ${line}`, reason });
    const own = labelsOf(cells, labels);
    for (const [at, column] of columns.entries()) {
      const number = column.numbers[index] ?? null;
      if (number === null) continue;
      extract.add({
        metric: column.name,
        statistic: statistics[at] ?? 'value',
        value: number.value,
        text: number.text,
        unit: number.unit,
        n: null,
        labels: SETTING_NAMES.has(column.name.toLowerCase()) ? {} : own,
        pointer: `line ${line} column ${column.name}`,
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
  return table.columns.flatMap((name, index) => {
    const label = name.toLowerCase();
    return SETTING_NAMES.has(label) || (COLUMN_LABELS.has(label) && !numbers.has(index)) ? [{ index, label }] : [];
  });
}

function labelsOf(cells: readonly string[], columns: readonly LabelColumn[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const { index, label } of columns) {
    const value = labelValue(cells[index] ?? '');
    if (value !== null) labels[label] = value;
  }
  return labels;
}
