import { ColumnSurvey, fitsHeader, type NumberStyle, type Offence, type Passed } from './column-survey.ts';
import { hasCertainUnit, mayMixUnits } from './column-units.ts';
import { withoutCommas } from './comma-numbers.ts';
import { mayBeDimension, TextsOfName } from './dimensions.ts';
import { excerpt } from './excerpt.ts';
import { firstGroup, groupedByPoints } from './grouping-points.ts';
import { isOfNamedRows } from './named-rows.ts';
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

/** A column that was left out because of a cell. */
type LeftOut = { name: string; offence: Offence };

/** Columns of one table that are named one by one in a warning; the rest are counted. */
const NAMED = 3;

/** What is said of columns that are left out. */
const WHY = {
  commas: 'a comma in a number may group thousands or begin the fraction',
  units: 'the cells bring a unit that the header does not state',
  'several units': 'its cells have different units, or some have none, and the header states none',
  spread: 'a number with ± has a spread, and nobody says which',
  groups: 'blanks or apostrophes in a number may group thousands',
  points: 'a point in a number may group thousands or begin the fraction',
  sign: 'a sign before its numbers is not read',
  multiple: 'what stands behind its numbers is no unit that is known',
} as const;

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
  const left = {
    ...{ commas: [] as LeftOut[], units: [] as LeftOut[], 'several units': [] as LeftOut[] },
    ...{ spread: [] as LeftOut[], groups: [] as LeftOut[], points: [] as LeftOut[], sign: [] as LeftOut[], multiple: [] as LeftOut[] },
  };
  const named = isOfNamedRows(table);
  const found = table.columns.flatMap((name, index): Column[] => {
    if (telling?.has(index) === true) return [];
    const survey = surveyOf(table, index, failed, named);
    for (const { line, cell } of survey.beyond) {
      warnings.add('numbers beyond a double', `line ${line}, column "${name}": a double cannot hold ${excerpt(cell, 40)}; it was not read`);
    }
    const verdict = survey.verdict();
    if (verdict.is === 'numbers') warnAboutPassed(name, verdict.passed, warnings);
    if (verdict.is === 'numbers') return [{ index, name, unit: verdict.unit, style: verdict.style, points: verdict.points }];
    if (verdict.is === 'mixed') warnings.add('mixed columns', sentenceOnMix(name, verdict.offence));
    else if (verdict.is !== 'nothing' && !labels(table, index, verdict.is)) left[verdict.is].push({ name, offence: verdict.offence });
    return [];
  });
  const grouped = table.grouped ?? groupedByPoints(table, found, failed);
  const columns = found.filter(({ index }) => !grouped.has(index));
  for (const { index, name } of found) {
    const offence = grouped.has(index) ? firstGroup(table, index, failed) : null;
    if (offence !== null) left.points.push({ name, offence });
  }
  warnAboutColumns('commas', left.commas, WHY.commas, warnings);
  warnAboutColumns('units in cells', left.units, WHY.units, warnings);
  warnAboutColumns('units in cells', left['several units'], WHY['several units'], warnings);
  warnAboutColumns('written numbers', left.spread, WHY.spread, warnings);
  warnAboutColumns('written numbers', left.groups, WHY.groups, warnings);
  warnAboutColumns('written numbers', left.points, WHY.points, warnings);
  warnAboutColumns('written numbers', left.sign, WHY.sign, warnings);
  warnAboutColumns('written numbers', left.multiple, WHY.multiple, warnings);
  return columns;
}

/** Whether words that look like numbers tell rows apart, so that nothing is lost of them: `2K` in half of the rows. */
function labels({ columns, rows }: Table, index: number, is: keyof typeof WHY): boolean {
  if (!(is === 'sign' || is === 'multiple') || !mayBeDimension(columns[index] ?? '')) return false;
  const texts = new TextsOfName();
  for (const { cells } of rows) texts.add(cells[index] ?? '');
  return texts.repeat();
}

/** What a column holds in the rows that did not fail; where nothing stands there, in those that did. */
function surveyOf(table: Table, index: number, failed: readonly boolean[], named: boolean): ColumnSurvey {
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
  const survey = new ColumnSurvey({ name, unit: headerUnit(table, index), named: isOfNamedRows(table) });
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

/** That a column is left out because of a word among its numbers. */
export function sentenceOnMix(name: string, { line, cell }: Offence): string {
  return `column "${name}" was left out: line ${line} has "${excerpt(cell, 40)}" among numbers`;
}

function warnAboutPassed(name: string, { cells, count }: Passed, warnings: Warnings): void {
  const topic = 'cells that are no numbers';
  for (const { line, cell } of cells)
    warnings.add(topic, `line ${line}, column "${name}": "${excerpt(cell, 40)}" was left out: it is no number for certain`);
  warnings.more(topic, count - cells.length);
}

function warnAboutColumns(topic: string, columns: readonly LeftOut[], why: string, warnings: Warnings): void {
  if (columns.length === 0) return;
  const named = columns.slice(0, NAMED).map(({ name, offence }) => `"${name}" (line ${offence.line}: "${excerpt(offence.cell, 40)}")`);
  const more = columns.length > NAMED ? ` and ${columns.length - NAMED} more` : '';
  const [noun, verb] = columns.length === 1 ? ['column', 'was'] : ['columns', 'were'];
  warnings.add(
    topic,
    `${noun} ${named.join(', ')}${more} ${verb} left out: ${columns.length === 1 ? why : why.replace(/\bits\b/, 'their')}`,
  );
}
