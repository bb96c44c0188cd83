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
  /** as its name or the row of units states it */
  unit: string | null;
};

/** A cell that keeps its column from being one of numbers. */
type Offence = { line: number; cell: string };

/** A column that was left out because of a cell. */
type LeftOut = { name: string; offence: Offence };

/** What a column holds in the rows that succeeded, or in those that failed. */
type Survey = {
  numbers: number;
  /** the first cell that is no number; `comma`: because of its commas */
  offence: (Offence & { comma: boolean }) | null;
  /** the first number with a unit that the column does not have */
  foreign: Offence | null;
  beyond: Offence[];
};

/** Columns of one table that are named one by one in a warning; the rest are counted. */
const NAMED = 3;

/** How many numbers that no double holds are kept to be named: as many as a topic of warnings shows, and one to be counted. */
const BEYOND = 6;

/**
 * Finds the columns whose cells are all numbers, or empty, in the rows that did not fail; where all rows failed, in these.
 * A column that mixes numbers and words is left out, with a warning that names the first line that does not fit; so is one
 * whose cells bring units that its name does not state.
 * @param failed by row: whether it says that it failed
 */
export function numericColumns(table: Table, failed: readonly boolean[], warnings: Warnings): Column[] {
  const commas: LeftOut[] = [];
  const units: LeftOut[] = [];
  const columns = table.columns.flatMap((name, index): Column[] => {
    const unit = table.units[index] ?? unitFromName(name);
    const { good, bad } = surveyColumn(table.rows, index, unit, failed);
    const nothingGood = good.numbers === 0 && good.offence === null && good.beyond.length === 0;
    const used = nothingGood ? bad : good;
    for (const { line, cell } of used.beyond) {
      warnings.add('numbers beyond a double', `line ${line}, column "${name}": a double cannot hold ${excerpt(cell, 40)}; it was not read`);
    }
    const { numbers, offence, foreign } = used;
    if (offence?.comma === true) commas.push({ name, offence });
    else if (offence !== null && numbers > 0) warnings.add('mixed columns', sentenceOnMix(name, offence));
    else if (foreign !== null) units.push({ name, offence: foreign });
    return numbers > 0 && offence === null ? [{ index, name, unit }] : [];
  });
  warnAboutColumns('commas', commas, 'a comma in a number may group thousands or begin the fraction', warnings);
  warnAboutColumns('units in cells', units, 'the cells bring a unit that the header does not state', warnings);
  return columns;
}

/**
 * The number in a cell of a column, or null.
 * @param unit the column's. A cell may repeat it; `%` it may bring along. Any other unit would be a second one in the column.
 */
export function numberIn(cell: string, unit: string | null): ColumnNumber | null {
  const read = cell === '' ? null : readCell(cell);
  return read?.is === 'number' && fits(read.unit, unit) ? { value: read.value, text: read.text, unit: read.unit ?? unit } : null;
}

function fits(own: string | null, column: string | null): boolean {
  return own === null || own === column || (column === null && own === '%');
}

function surveyColumn(rows: readonly Row[], index: number, unit: string | null, failed: readonly boolean[]) {
  const good: Survey = { numbers: 0, offence: null, foreign: null, beyond: [] };
  const bad: Survey = { numbers: 0, offence: null, foreign: null, beyond: [] };
  for (const [row, { line, cells }] of rows.entries()) {
    const text = cells[index] ?? '';
    if (text === '') continue;
    const survey = failed[row] === true ? bad : good;
    const cell = readCell(text);
    if (cell.is === 'number' && fits(cell.unit, unit)) {
      survey.numbers += 1;
    } else if (cell.is === 'beyond') {
      if (survey.beyond.length < BEYOND) survey.beyond.push({ line, cell: text });
    } else if (cell.is !== 'absent') {
      survey.offence ??= { line, cell: text, comma: cell.is === 'comma' };
      if (cell.is === 'number') survey.foreign ??= { line, cell: text };
    }
  }
  return { good, bad };
}

/** That a column is left out because of a word among its numbers. */
export function sentenceOnMix(name: string, { line, cell }: Offence): string {
  return `column "${name}" was left out: line ${line} has "${excerpt(cell, 40)}" among numbers`;
}

function warnAboutColumns(topic: string, columns: readonly LeftOut[], why: string, warnings: Warnings): void {
  if (columns.length === 0) return;
  const named = columns.slice(0, NAMED).map(({ name, offence }) => `"${name}" (line ${offence.line}: "${excerpt(offence.cell, 40)}")`);
  const more = columns.length > NAMED ? ` and ${columns.length - NAMED} more` : '';
  const [noun, verb] = columns.length === 1 ? ['column', 'was'] : ['columns', 'were'];
  warnings.add(topic, `${noun} ${named.join(', ')}${more} ${verb} left out: ${why}`);
}
