import { hasCertainUnit, mayBringUnits, mayMixUnits } from './column-units.ts';
import { NONE, type Offence, type Trouble, type Verdict } from './column-verdict.ts';
import { CommaEvidence, type Commas, withoutCommas } from './comma-numbers.ts';
import { isLabelName, isSettingName } from './labels.ts';
import type { NamedColumn } from './named-columns.ts';
import { readCell } from './number-cell.ts';
import { OF_WHOLE_COLUMNS, WrittenNumbers } from './written-numbers.ts';

/** What is known of a column before its cells. */
export type ColumnName = {
  name: string;
  /** as its name or the row of units states it */
  unit: string | null;
  /** what it holds where its rows name their numbers themselves: each of a metric may have a unit of its own; else null */
  named: NamedColumn | null;
  /** what the commas in it do, where that is known already */
  commas?: Commas | null | undefined;
};

/** How many numbers that no double holds are kept to be named: as many as a topic of warnings shows, and one to be counted. */
const BEYOND = 6;

/** What begins as a number, maybe behind a sign of about or more. */
const MAY_BE_NUMBER = /^\s*(?:[~≈<>≤≥+±-]\s*)?\d/;

/** Units of one column that are told apart; more are no units of one thing. */
const MOST_UNITS = 20;

/** What a column holds in the rows that succeeded, or in those that failed. */
export class ColumnSurvey {
  readonly beyond: Offence[] = [];
  readonly #of: ColumnName;
  readonly #mayBring: boolean;
  readonly #ofValues: boolean;
  readonly #evidence = new CommaEvidence();
  /** whether a number without a comma is there whose unit, or lack of one, fits the header */
  #fits = false;
  readonly #units = new Set<string>();
  /** whether a number is there without a unit of its own */
  #bare = false;
  /** the first cell whose unit is not certain */
  #uncertain: Offence | null = null;
  /** cells that are no numbers for certain, and look like some; and those whose commas may be such */
  readonly #passed = { cells: [] as Offence[], count: 0 };
  readonly #left = { cells: [] as Offence[], count: 0 };
  /** the unit of the first number */
  #first: string | null | undefined;
  #firstLine = Number.POSITIVE_INFINITY;
  #word: Offence | null = null;
  readonly #written = new WrittenNumbers();
  #comma: Offence | null = null;
  /** the first cell whose commas cannot be those of the cells above */
  #otherComma: Offence | null = null;
  /** the first cell of a unit that the header does not have; and of one that the first cell does not have */
  #foreignCell: Offence | null = null;
  #otherUnit: Offence | null = null;

  constructor(of: ColumnName) {
    this.#of = of;
    // Where each row has a metric of its own, no unit of its cells is the column's.
    this.#ofValues = of.named === 'values' || of.named === 'configuration';
    this.#mayBring = of.unit === null && of.named !== 'other' && mayBringUnits(of.name);
  }

  /** Whether nothing stands in it but marks of absence. */
  get isEmpty(): boolean {
    return this.#first === undefined && this.#word === null && this.#comma === null && this.beyond.length === 0;
  }

  add(line: number, text: string): void {
    if (text === '') return;
    const cell = readCell(text);
    if (cell.is === 'absent') return;
    if (cell.is === 'beyond') {
      if (this.beyond.length < BEYOND) this.beyond.push({ line, cell: text });
    } else if (cell.is === 'text') {
      this.#word ??= { line, cell: text };
      this.#written.add(text);
      if (MAY_BE_NUMBER.test(text)) this.#pass({ line, cell: text });
    } else if (cell.is === 'comma') this.#addComma({ line, cell: text });
    else {
      this.#addPlain({ line, cell: text });
      this.#addUnit(cell.unit, { line, cell: text });
    }
  }

  verdict(): Verdict {
    const { unit } = this.#of;
    if (this.#ofValues && unit === null && this.#first !== undefined) return this.#ofNamedRows();
    const commas = this.#comma === null && this.#otherComma === null ? null : this.#commasOf();
    const comma = commas === null ? (this.#otherComma ?? this.#comma) : null;
    const units = this.#foreignCell === null ? 'header' : this.#unitsOfCells();
    const troubles: Trouble[] = [];
    if (comma !== null) troubles.push({ is: 'commas', offence: comma });
    if (units === null) troubles.push(...this.#offendingUnit());
    if (this.#word !== null) troubles.push(...this.#troubleOfWord(this.#word));
    const [first] = troubles.sort((one, other) => one.offence.line - other.offence.line);
    if (first !== undefined) return first;
    if (units === null || this.#word !== null || this.#first === undefined) return { is: 'nothing' };
    const [own = null] = this.#units;
    return {
      is: 'numbers',
      unit: units === 'cells' || units === 'mixed' ? own : unit,
      style: { units, commas },
      points: this.#evidence.points,
      passed: NONE,
    };
  }

  /** Each row has a number of its own metric: what is none in one row says nothing of the others. */
  #ofNamedRows(): Verdict {
    const commas = this.#comma === null && this.#otherComma === null ? null : this.#commasOf();
    const left = commas === null ? this.#left : NONE;
    const passed = { cells: [...left.cells, ...this.#passed.cells], count: left.count + this.#passed.count };
    return { is: 'numbers', unit: null, style: { units: 'own', commas }, points: this.#evidence.points, passed };
  }

  #pass(offence: Offence, into: { cells: Offence[]; count: number } = this.#passed): void {
    // What rows below zero hold, beside which a stream reads others, was told before.
    if (offence.line < 0) return;
    into.count += 1;
    if (into.cells.length < BEYOND) into.cells.push(offence);
  }

  #addComma(offence: Offence): void {
    const { cell } = offence;
    const { commas } = this.#of;
    const isPossible = this.#evidence.add(cell) && (commas == null || readCell(withoutCommas(cell, commas)).is === 'number');
    if (!isPossible) this.#otherComma ??= offence;
    this.#comma ??= offence;
    this.#pass(offence, this.#left);
    const [grouped, fraction] = [readCell(withoutCommas(cell, 'groups')), readCell(withoutCommas(cell, 'fraction'))];
    const read = grouped.is === 'number' ? grouped : fraction;
    if (read.is === 'number') this.#addUnit(read.unit, offence);
  }

  #addPlain(offence: Offence): void {
    const { cell } = offence;
    const isPossible = this.#evidence.addPlain(cell) && !(this.#of.commas === 'fraction' && cell.includes('.'));
    if (!isPossible && (this.#comma !== null || this.#of.commas === 'fraction')) this.#otherComma ??= offence;
  }

  #addUnit(unit: string | null, offence: Offence): void {
    if (unit !== null && this.#units.size < MOST_UNITS) this.#units.add(unit);
    if (unit === null) this.#bare = true;
    else if (!hasCertainUnit(offence.cell)) {
      this.#uncertain ??= offence;
      this.#pass(offence);
    }
    if (this.#first === undefined) {
      this.#first = unit;
      this.#firstLine = offence.line;
    }
    if (unit !== this.#first) this.#otherUnit ??= offence;
    if (!fitsHeader(unit, this.#of.unit)) this.#foreignCell ??= offence;
    else if (!offence.cell.includes(',')) this.#fits = true;
  }

  #commasOf(): Commas | null {
    if (this.#otherComma !== null) return null;
    return this.#of.commas ?? this.#evidence.commas;
  }

  /** How cells bring units that the header does not have; null where that is not certain. */
  #unitsOfCells(): 'cells' | 'mixed' | 'own' | null {
    if (this.#uncertain !== null) return null;
    if (!this.#mayBring || this.#bare) return null;
    if (this.#units.size === 1) return 'cells';
    return mayMixUnits(this.#of.name, [...this.#units]) ? 'mixed' : null;
  }

  #offendingUnit(): Trouble[] {
    if (this.#mayBring && this.#uncertain !== null) return [{ is: 'units', offence: this.#uncertain }];
    if (this.#mayBring && this.#otherUnit !== null) return [{ is: 'several units', offence: this.#otherUnit }];
    return this.#foreignCell === null ? [] : [{ is: 'units', offence: this.#foreignCell }];
  }

  #troubleOfWord(offence: Offence): Trouble[] {
    const { name } = this.#of;
    const writing = isLabelName(name) || isSettingName(name) ? null : this.#written.writing;
    if (writing !== null && !OF_WHOLE_COLUMNS.has(writing)) return [{ is: writing, offence }];
    if (this.#isAmongNumbers(offence)) return [{ is: 'mixed', offence }];
    return writing !== null && mayBringUnits(name) ? [{ is: writing, offence }] : [];
  }

  /** Whether a word stands where numbers do: behind the first of them, or above one that says nothing but a number. */
  #isAmongNumbers({ line }: Offence): boolean {
    if (this.#fits) return true;
    return this.#mayBring && this.#firstLine < line;
  }
}

/** Whether a cell's unit is the header's. `%` a cell may bring along. */
export function fitsHeader(own: string | null, header: string | null): boolean {
  return own === null || own === header || (header === null && own === '%');
}
