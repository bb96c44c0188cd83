import { type CsvEnd, type CsvRow, isBlank } from './csv-rows.ts';
import { mayBeDimension } from './dimensions.ts';
import { excerpt } from './excerpt.ts';
import { isLabelName, isSettingName } from './labels.ts';
import { readCell } from './number-cell.ts';
import { markColumns } from './row-failure.ts';
import type { Row } from './table.ts';
import type { Warnings } from './warnings.ts';

/** A table whose text has no line end at its end. */
export type UnendedTable = {
  rows: readonly Row[];
  header: CsvRow;
  /** the last row of the text, whether it is one of the table or not */
  last: CsvRow | undefined;
  columns: readonly string[];
  end: Exclude<CsvEnd, 'line'>;
};

/**
 * A last line without a line end cannot be told from one that was cut: what stands in its last cell may be the beginning of
 * another number, label or error. A closing quote shows that a number is whole; of a text it may be half of a doubled one.
 * @returns the rows, the last one without what cannot be told, or without the last one where its failure or labels cannot
 */
export function withoutCutCell({ rows, header, last, columns, end }: UnendedTable, warnings: Warnings): readonly Row[] {
  if (last === undefined || isBlank(last)) return rows;
  if (last === header || last.cells.length !== columns.length) warnings.endsInside();
  const row = rows.at(-1);
  const untold = `line ${last.line}, the last one, has no line end and cannot be told from a cut one`;
  if (last === header) {
    if (row !== undefined) warnings.add('last line', `${untold}: it was not read`);
    return [];
  }
  if (row === undefined || row.line !== last.line) return rows;
  const name = columns.at(-1) ?? '';
  const cell = row.cells.at(-1) ?? '';
  const labels = mayLabel(name, rows);
  if (markColumns([name]).length > 0 || labels) {
    const unknown = labels ? 'what it was measured on' : 'whether it failed';
    warnings.endsInside();
    warnings.add('last line', `${untold}: ${unknown} is unknown (column "${name}"), so the row was not read`);
    return rows.slice(0, -1);
  }
  if (end === 'quote') return rows;
  const shown = cell.trim() === '' ? 'which is empty,' : `"${excerpt(cell, 40)}"`;
  warnings.add('last line', `${untold}: its last cell, ${shown} in column "${name}", was not read`);
  return [...rows.slice(0, -1), { line: row.line, cells: [...row.cells.slice(0, -1), ''] }];
}

/** Whether the last column may label its rows: by its name, or because words stand in it. */
function mayLabel(name: string, rows: readonly Row[]): boolean {
  if (isLabelName(name) || isSettingName(name)) return true;
  return mayBeDimension(name) && rows.some(({ cells }) => readCell(cells.at(-1) ?? '').is === 'text');
}
