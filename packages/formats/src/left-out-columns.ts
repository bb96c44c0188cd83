import type { Offence, Passed } from './column-verdict.ts';
import { excerpt } from './excerpt.ts';
import type { Warnings } from './warnings.ts';

/** Columns of one table that are named one by one in a warning; the rest are counted. */
const NAMED = 3;

const [UNITS, WRITTEN] = ['units in cells', 'written numbers'];

/** By reason, in the order in which they are told: the topic, and what is said of columns that are left out. */
const WHY = {
  commas: ['commas', 'a comma in a number may group thousands or begin the fraction'],
  units: [UNITS, 'the cells bring a unit that the header does not state'],
  'several units': [UNITS, 'its cells have different units, or some have none, and the header states none'],
  spread: [WRITTEN, 'a number with ± has a spread, and nobody says which'],
  groups: [WRITTEN, 'blanks or apostrophes in a number may group thousands'],
  points: [WRITTEN, 'a point in a number may group thousands or begin the fraction'],
  sign: [WRITTEN, 'a sign before its numbers is not read'],
  multiple: [WRITTEN, 'what stands behind its numbers is no unit that is known'],
  several: [WRITTEN, 'its cells hold more than one number'],
} as const;

/** Why a column of numbers is not read. */
export type Reason = keyof typeof WHY;

/** A column that was left out because of a cell. */
type LeftOut = { name: string; offence: Offence };

/** The columns of one table that are left out, by why. */
export class LeftOutColumns {
  readonly #columns = new Map<Reason, LeftOut[]>();

  add(reason: Reason, name: string, offence: Offence): void {
    const columns = this.#columns.get(reason) ?? [];
    this.#columns.set(reason, columns);
    columns.push({ name, offence });
  }

  /** Says of each reason which columns it left out. */
  warn(warnings: Warnings): void {
    for (const [reason, [topic, why]] of Object.entries(WHY)) {
      const columns = this.#columns.get(reason as Reason);
      if (columns !== undefined) warnings.add(topic, sentenceOn(columns, why));
    }
  }
}

function sentenceOn(columns: readonly LeftOut[], why: string): string {
  const named = columns.slice(0, NAMED).map(({ name, offence }) => `"${name}" (line ${offence.line}: "${excerpt(offence.cell, 40)}")`);
  const more = columns.length > NAMED ? ` and ${columns.length - NAMED} more` : '';
  const [noun, verb] = columns.length === 1 ? ['column', 'was'] : ['columns', 'were'];
  return `${noun} ${named.join(', ')}${more} ${verb} left out: ${columns.length === 1 ? why : why.replace(/\bits\b/, 'their')}`;
}

/** That a column is left out because of a word among its numbers. */
export function sentenceOnMix(name: string, { line, cell }: Offence): string {
  return `column "${name}" was left out: line ${line} has "${excerpt(cell, 40)}" among numbers`;
}

/** Names cells that were passed over in a column that is read. */
export function warnAboutPassed(name: string, { cells, count }: Passed, warnings: Warnings): void {
  const topic = 'cells that are no numbers';
  for (const { line, cell } of cells)
    warnings.add(topic, `line ${line}, column "${name}": "${excerpt(cell, 40)}" was left out: it is no number for certain`);
  warnings.more(topic, count - cells.length);
}
