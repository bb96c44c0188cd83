import { excerpt } from './excerpt.ts';
import { readCell } from './number-cell.ts';
import type { HeldNumber } from './number-literal.ts';
import type { Row, Table } from './table.ts';
import { unitFromName } from './unit-from-name.ts';
import type { Warnings } from './warnings.ts';

/** A number with its unit. */
export type ColumnNumber = HeldNumber & { unit: string | null };

/** A column of numbers. */
export type Column = {
  /** 0-based */
  index: number;
  name: string;
  /** by row of the table; null where the cell holds no number */
  numbers: readonly (ColumnNumber | null)[];
};

/** A cell that keeps its column from being one of numbers. */
type Offence = { line: number; cell: string; comma: boolean };

/** What a column holds in the rows that succeeded, or in those that failed. */
type Survey = { numbers: number; offence: Offence | null; beyond: { line: number; cell: string }[] };

/** Columns that are named one by one in a warning about commas; the rest are counted. */
const NAMED = 3;

/**
 * Finds the columns whose cells are all numbers, or empty, in the rows that did not fail; where all rows failed, in these.
 * A column that mixes numbers and words is left out, with a warning that names the first line that does not fit.
 * @param failed by row: whether it says that it failed
 */
export function numericColumns(table: Table, failed: readonly boolean[], warnings: Warnings): Column[] {
  const commas: { name: string; offence: Offence }[] = [];
  const columns = table.columns.flatMap((name, index) => {
    const { numbers, good, bad } = readColumn(table.rows, index, table.units[index] ?? unitFromName(name), failed);
    const { numbers: count, offence, beyond } = good.numbers === 0 && good.offence === null ? bad : good;
    for (const { line, cell } of beyond) {
      warnings.add('numbers beyond a double', `line ${line}, column "${name}": a double cannot hold ${excerpt(cell, 40)}; it was not read`);
    }
    if (offence?.comma === true) {
      commas.push({ name, offence });
    } else if (offence !== null && count > 0) {
      const what = `line ${offence.line} has "${excerpt(offence.cell, 40)}" among numbers`;
      warnings.add('mixed columns', `column "${name}" was left out: ${what}`);
    }
    return count > 0 && offence === null ? [{ index, name, numbers }] : [];
  });
  warnAboutCommas(commas, warnings);
  return columns;
}

function readColumn(rows: readonly Row[], index: number, unit: string | null, failed: readonly boolean[]) {
  const good: Survey = { numbers: 0, offence: null, beyond: [] };
  const bad: Survey = { numbers: 0, offence: null, beyond: [] };
  const numbers = rows.map(({ line, cells }, row): ColumnNumber | null => {
    const text = cells[index] ?? '';
    if (text === '') return null;
    const survey = failed[row] === true ? bad : good;
    const cell = readCell(text);
    // A cell may repeat the column's unit; `%` it may bring along. Any other unit would be a second one in the column.
    if (cell.is === 'number' && (cell.unit === null || cell.unit === unit || (unit === null && cell.unit === '%'))) {
      survey.numbers += 1;
      return { value: cell.value, text: cell.text, unit: cell.unit ?? unit };
    }
    if (cell.is === 'beyond') survey.beyond.push({ line, cell: text });
    else if (cell.is !== 'absent') survey.offence ??= { line, cell: text, comma: cell.is === 'comma' };
    return null;
  });
  return { numbers, good, bad };
}

function warnAboutCommas(columns: readonly { name: string; offence: Offence }[], warnings: Warnings): void {
  if (columns.length === 0) return;
  const named = columns.slice(0, NAMED).map(({ name, offence }) => `"${name}" (line ${offence.line}: "${excerpt(offence.cell, 40)}")`);
  const more = columns.length > NAMED ? ` and ${columns.length - NAMED} more` : '';
  const [noun, verb] = columns.length === 1 ? ['column', 'was'] : ['columns', 'were'];
  warnings.add(
    'commas',
    `${noun} ${named.join(', ')}${more} ${verb} left out: a comma in a number may group thousands or begin the fraction`,
  );
}
