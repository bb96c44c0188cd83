import { ColumnSurvey, fitsHeader } from './column-survey.ts';
import { hasCertainUnit, mayMixUnits } from './column-units.ts';
import type { NumberStyle, Offence } from './column-verdict.ts';
import { withoutCommas } from './comma-numbers.ts';
import { mayBeDimension, TextsOfName } from './dimensions.ts';
import { excerpt } from './excerpt.ts';
import { firstGroup, groupedByPoints } from './grouping-points.ts';
import { isLabelName } from './labels.ts';
import { LeftOutColumns, sentenceOnMix, warnAboutPassed } from './left-out-columns.ts';
import type { NamedColumn } from './named-columns.ts';
import { columnsOfNamedRows } from './named-rows.ts';
import { readCell } from './number-cell.ts';
import type { HeldNumber } from './number-literal.ts';
import type { Row, Table } from './table.ts';
import { unitFromName } from './unit-from-name.ts';
import type { Warnings } from './warnings.ts';
import { OF_WHOLE_COLUMNS, WrittenNumbers } from './written-numbers.ts';

/** A number with its unit. */
export type ColumnNumber = HeldNumber & { unit: string | null };

/** A column of numbers. */
export type Column = {
  /** 0-based */
  index: number;
  name: string;
  /** as its name, the row of units or each of its cells states it */
  unit: string | null;
  style: NumberStyle;
  /** whether points in it begin fractions for certain, so that a comma can only group */
  points: boolean;
};

/** Numbers as a cell alone tells them. */
export const PLAIN: NumberStyle = { units: 'header', commas: null };

/** What is known of the rows of a table. */
export type KnownRows = {
  /** by row: whether it says that it failed */
  failed: readonly boolean[];
  /** columns that tell of failures, and hold no measurements whatever stands in them */
  telling?: ReadonlySet<number>;
};

/**
 * Finds the columns whose cells are all numbers, or empty, in the rows that did not fail; where all rows failed, in these.
 * A column that mixes numbers and words is left out, with a warning that names the first line that does not fit; so is one
 * whose cells bring units that are not certain, or commas that may group thousands or begin the fraction; or points, beside commas
 * that begin fractions.
 */
export function numericColumns(table: Table, { failed, telling }: KnownRows, warnings: Warnings): Column[] {
  const left = new LeftOutColumns();
  const named = columnsOfNamedRows(table);
  const found = table.columns.flatMap((name, index): Column[] => {
    if (telling?.has(index) === true) return [];
    const survey = surveyOf(table, index, failed, named?.[index] ?? null);
    for (const { line, cell } of survey.beyond) {
      warnings.add('numbers beyond a double', `line ${line}, column "${name}": a double cannot hold ${excerpt(cell, 40)}; it was not read`);
    }
    const verdict = survey.verdict();
    if (verdict.is === 'numbers') warnAboutPassed(name, verdict.passed, warnings);
    if (verdict.is === 'numbers') return [{ index, name, unit: verdict.unit, style: verdict.style, points: verdict.points }];
    if (verdict.is === 'mixed') warnings.add('mixed columns', sentenceOnMix(name, verdict.offence));
    else if (verdict.is !== 'nothing' && !labels(table, index, verdict)) left.add(verdict.is, name, verdict.offence);
    return [];
  });
  const grouped = table.grouped ?? groupedByPoints(table, found, failed);
  const columns = found.filter(({ index }) => !grouped.has(index));
  for (const { index, name } of found) {
    const offence = grouped.has(index) ? firstGroup(table, index, failed) : null;
    if (offence !== null) left.add('points', name, offence);
  }
  left.warn(warnings);
  return columns;
}

/** Whether words that look like numbers tell rows apart, so that nothing is lost of them: `2K` in half of the rows. */
function labels({ columns, rows }: Table, index: number, { is, offence }: { is: string; offence: Offence }): boolean {
  const name = columns[index] ?? '';
  // `8B` under `Model` is its name.
  if (is === 'units' && isLabelName(name) && !hasCertainUnit(offence.cell)) return true;
  if (!(is === 'sign' || is === 'multiple' || is === 'several') || !mayBeDimension(name)) return false;
  const texts = new TextsOfName();
  for (const { cells } of rows) texts.add(cells[index] ?? '');
  return texts.repeat();
}

/** What a column holds in the rows that did not fail; where nothing stands there, in those that did. */
function surveyOf(table: Table, index: number, failed: readonly boolean[], named: NamedColumn | null): ColumnSurvey {
  const name = table.columns[index] ?? '';
  const of = { name, unit: headerUnit(table, index), named, commas: table.commas?.get(index) };
  const good = new ColumnSurvey(of);
  for (const [row, { line, cells }] of table.rows.entries()) if (failed[row] !== true) good.add(line, cells[index] ?? '');
  if (!good.isEmpty) return good;
  const bad = new ColumnSurvey(of);
  for (const [row, { line, cells }] of table.rows.entries()) if (failed[row] === true) bad.add(line, cells[index] ?? '');
  return bad;
}

/** The unit that the name of a column or the row of units states. */
export function headerUnit({ columns, units }: Table, index: number): string | null {
  return units[index] ?? unitFromName(columns[index] ?? '');
}

/** The number in a cell of a column, or null. */
export function numberIn(cell: string, column: Pick<Column, 'name' | 'unit' | 'style'>): ColumnNumber | null {
  if (cell === '') return null;
  const { commas } = column.style;
  const plain = commas === null ? cell : withoutCommas(cell, commas);
  // Beside commas that begin fractions, a point may group thousands.
  if (commas === 'fraction' && plain === cell && cell.includes('.')) return null;
  const read = readCell(plain);
  const isOne = read.is === 'number' && (column.style.units === 'own' ? hasCertainUnit(plain) : fits(read.unit, column));
  return isOne ? { value: read.value, text: read.text, unit: read.unit ?? column.unit } : null;
}

function fits(own: string | null, { name, unit, style: { units } }: Pick<Column, 'name' | 'unit' | 'style'>): boolean {
  if (units === 'header') return fitsHeader(own, unit);
  return own === unit || (units === 'mixed' && own !== null && unit !== null && mayMixUnits(name, [unit, own]));
}

/** A column that has a cell like this too, where it has none that contradicts it; null where a cell cannot be one of it. */
export function columnWith(cell: string, column: Column): Column | null {
  if (numberIn(cell, column) !== null) return column;
  const { style, unit, points } = column;
  // What is none in one row of its own metric says nothing of the others.
  if (style.units === 'own') return column;
  const grouped: Column = { ...column, style: { ...style, commas: 'groups' } };
  if (style.commas === null && points && numberIn(cell, grouped) !== null) return grouped;
  const mixed: Column = { ...column, style: { ...style, units: 'mixed' } };
  return style.units === 'cells' && unit !== null && numberIn(cell, mixed) !== null ? mixed : null;
}

/** The column of which this is the first cell with something in it; null where it is no number for certain. */
export function columnOf(cell: string, table: Table, index: number): Column | null {
  const name = table.columns[index] ?? '';
  const survey = new ColumnSurvey({ name, unit: headerUnit(table, index), named: columnsOfNamedRows(table)?.[index] ?? null });
  survey.add(0, cell);
  const verdict = survey.verdict();
  return verdict.is === 'numbers' ? { index, name, unit: verdict.unit, style: verdict.style, points: verdict.points } : null;
}

/** The first word in a column, of rows that did not fail. */
export function firstWord(rows: readonly Row[], index: number, isFailed: (cells: readonly string[]) => boolean): Offence | null {
  const row = rows.find(({ cells }) => !['absent', 'beyond', 'number'].includes(readCell(cells[index] ?? '').is) && !isFailed(cells));
  return row === undefined ? null : { line: row.line, cell: row.cells[index] ?? '' };
}

/** Whether the words in a column, of rows that did not fail, are numbers in a writing that is not read. */
export function isWritten(rows: readonly Row[], index: number, isFailed: (cells: readonly string[]) => boolean): boolean {
  const written = new WrittenNumbers();
  for (const { cells } of rows) if (readCell(cells[index] ?? '').is === 'text' && !isFailed(cells)) written.add(cells[index] ?? '');
  const { writing } = written;
  return writing !== null && !OF_WHOLE_COLUMNS.has(writing);
}
