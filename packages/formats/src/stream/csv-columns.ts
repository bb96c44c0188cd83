import { mayGroupByPoints, provesPoint } from '../comma-numbers.ts';
import { mayGroup } from '../grouping-points.ts';
import { sentenceOnMix } from '../left-out-columns.ts';
import { readCell } from '../number-cell.ts';
import { failureOfRow } from '../row-failure.ts';
import type { Row } from '../table.ts';
import { type Column, columnOf, columnWith, firstWord, headerUnit, isWritten, numberIn, PLAIN } from '../table-columns.ts';
import type { CsvErrors } from './csv-errors.ts';
import type { CsvHead } from './csv-head.ts';
import type { CsvPoints } from './csv-points.ts';
import { type CsvRoles, KEY, NUMBER, WATCH } from './csv-roles.ts';
import type { StreamOutput } from './stream-output.ts';

export type CsvColumnsOptions = {
  head: CsvHead;
  roles: CsvRoles;
  /** whether the table is none of a tool that is known */
  generic: boolean;
  output: StreamOutput;
  /** what is known of the columns of errors, and of points and commas in numbers: the context of rows that are read looks at it too */
  errors: CsvErrors;
  points: CsvPoints;
  /** columns that are left out because their points may group thousands: the context looks at them too */
  grouped: Set<number>;
  /** tells what the ordinary reader says of a row for whose sake a column is left out */
  tellOf: (row: Row) => void;
  /** reads the rows that wait, before what they mean changes */
  settle: () => void;
};

/** The columns of a table, and which of them turn out to be none of numbers behind the head. */
export class CsvColumns {
  /** whether words were met in the last column, behind the head */
  endsInWords = false;
  /** what is known of the columns of errors */
  readonly errors: CsvErrors;
  /** columns of numbers, and those that were such before a word came */
  readonly numeric: Map<number, Column>;
  readonly #of: CsvColumnsOptions;
  readonly #head: CsvHead;
  readonly #output: StreamOutput;
  readonly #roles: CsvRoles;
  /** columns of numbers that are none, because a word stands in them */
  readonly #dropped = new Set<number>();
  /** columns that had no value in the head, and then no number */
  readonly #late = new Set<number>();
  /** columns of a generic table whose numbers nobody looks for, because the head has no column of numbers there */
  readonly #unread: ReadonlySet<number>;
  /** those of them of which it is to be told when a number comes */
  readonly #untold: Set<number>;
  /** by column of the table: those of the output */
  readonly #opened = new Map<number, Set<number>>();

  constructor(options: CsvColumnsOptions) {
    const { head, roles, generic, output, errors } = options;
    this.#of = options;
    this.#head = head;
    this.#output = output;
    this.#roles = roles;
    this.numeric = new Map(roles.numeric);
    this.errors = errors;
    const unread = [...roles.roles.entries()].flatMap(([index, role]) => (generic && (role & (NUMBER | KEY)) === 0 ? [index] : []));
    this.#unread = new Set([...unread, ...roles.wordy]);
    // Of a column that mixes words and numbers in the head, the reading of the head says that it is left out.
    this.#untold = new Set([...roles.wordy].filter((index) => !this.errors.tells(index)));
  }

  /** Why a row failed, of a generic table: its cells of the columns that say so decide. */
  failureOf(cells: readonly string[]): string | null {
    for (const index of this.errors.look(cells, this.#of.settle)) {
      this.numeric.delete(index);
      this.#loseNumbers(index);
    }
    const failure = failureOfRow(cells, this.errors.marks);
    // A number by which a row failed, such as the status 500, is none to be read.
    if (failure === null) for (const { index } of this.errors.marks) this.#tellIfLate(index, cells);
    return failure;
  }

  /** Whether a number of a column is to be read; where it is the first of a column that is not, that is told. */
  reads(index: number): boolean {
    if (!this.#unread.has(index)) return true;
    this.#tellLate(index);
    return false;
  }

  /** Whether the cells of a column may be numbers. */
  mayHoldNumbers(index: number): boolean {
    return ((this.#roles.roles[index] ?? 0) & NUMBER) !== 0 && !this.#dropped.has(index);
  }

  /** A column of the table has one more column of the output. */
  opened(index: number, column: number): void {
    const known = this.#opened.get(index) ?? new Set();
    this.#opened.set(index, known.add(column));
  }

  /** A column turns out to be none of measurements: none of its numbers is read. */
  leaveOut(index: number): void {
    this.#dropOutput(index);
  }

  /** The cells of a row without those that the columns of a generic table cannot have. */
  settled(row: Row): readonly string[] {
    this.endsInWords ||= readCell(row.cells.at(-1) ?? '').is === 'text';
    if (!this.#of.generic) return row.cells;
    const failed = this.failureOf(row.cells) !== null;
    if (!failed) for (const index of this.#untold) this.#tellIfLate(index, row.cells);
    const blank: number[] = [];
    for (const index of this.#roles.empty) {
      const cell = row.cells[index] ?? '';
      if (cell.trim() !== '' && !this.numeric.has(index) && !this.#fill(index, cell, failed)) blank.push(index);
    }
    for (const [index, column] of this.numeric) {
      const cell = row.cells[index] ?? '';
      if (cell === '') continue;
      if (this.#dropped.has(index)) blank.push(index);
      else if (!failed && this.#offends(cell, column)) {
        this.#drop(index, row);
        blank.push(index);
      }
    }
    return blank.length === 0 ? row.cells : row.cells.map((cell, index) => (blank.includes(index) ? '' : cell));
  }

  /** Tells of a number where the head has words, or nothing. */
  #tellIfLate(index: number, cells: readonly string[]): void {
    if (!this.#untold.has(index)) return;
    if (this.errors.tells(index)) this.#untold.delete(index);
    else if (numberIn(cells[index] ?? '', this.#plain(index)) !== null) this.#tellLate(index);
  }

  #tellLate(index: number): void {
    if (!this.#untold.delete(index)) return;
    this.#roles.roles[index] = (this.#roles.roles[index] ?? 0) & ~WATCH;
    const { table } = this.#head;
    const name = table.columns[index] ?? '';
    const isFailed = (cells: readonly string[]): boolean => failureOfRow(cells, this.#roles.marks) !== null;
    // The reading of the head says that it is left out.
    if (isWritten(table.rows, index, isFailed)) return;
    const word = firstWord(table.rows, index, isFailed);
    if (word !== null) this.#output.warnings.add('mixed columns', sentenceOnMix(name, word));
    else {
      const sentence = `column "${name}" has no numbers in the first rows and has some further down: these were not read, because the file was read as a stream`;
      this.#output.warnings.add('late numbers', sentence);
    }
  }

  /** A column of which no more is known than its name. */
  #plain(index: number): Pick<Column, 'name' | 'unit' | 'style'> {
    const { table } = this.#head;
    return { name: table.columns[index] ?? '', unit: headerUnit(table, index), style: PLAIN };
  }

  /** A column that was empty has a first cell: whether it is one of numbers now. */
  #fill(index: number, cell: string, failed: boolean): boolean {
    const { table } = this.#head;
    if (this.#late.has(index) || readCell(cell).is === 'absent') return false;
    const column = columnOf(cell, table, index);
    // What rows hold that failed says nothing of the others.
    if (failed) return column !== null;
    if (column !== null) {
      this.#take(column);
      return true;
    }
    this.#late.add(index);
    this.#roles.roles[index] = 0;
    this.#dropOutput(index);
    const sentence = `column "${table.columns[index] ?? ''}" is empty in the first rows and has words further down: they label nothing, because the file was read as a stream`;
    this.#output.warnings.add('late columns', sentence);
    return false;
  }

  /** Whether a cell keeps its column from being one of numbers; one that only shows how they are written does not. */
  #offends(cell: string, column: Column): boolean {
    const { is } = readCell(cell);
    if (is === 'absent' || is === 'beyond') return false;
    if (mayGroupByPoints(cell) && this.#of.points.anyFractions && mayGroup(column)) {
      this.#of.settle();
      this.#of.grouped.add(column.index);
      return true;
    }
    const found = columnWith(cell, column);
    if (found === null) return true;
    const shown = !found.points && provesPoint(cell) ? { ...found, points: true } : found;
    if (shown !== column) {
      this.#of.settle();
      this.#take(shown);
    }
    return false;
  }

  #take(column: Column): void {
    this.numeric.set(column.index, column);
    this.#of.points.take(this.numeric.values());
  }

  /** Leaves a column of numbers out, as the ordinary reader does where a word stands among them. */
  #drop(index: number, row: Row): void {
    if (this.#roles.empty.has(index)) {
      // The head, among whose rows the ordinary reader is asked, has no number there that the word could stand among.
      const [name, cell] = [this.#head.table.columns[index] ?? '', row.cells[index] ?? ''];
      this.#output.warnings.add('mixed columns', sentenceOnMix(name, { line: row.line, cell }));
    } else this.#of.tellOf(row);
    this.#dropped.add(index);
    this.#loseNumbers(index);
  }

  #loseNumbers(index: number): void {
    this.#roles.roles[index] = (this.#roles.roles[index] ?? 0) & ~NUMBER;
    this.#dropOutput(index);
  }

  #dropOutput(index: number): void {
    for (const column of this.#opened.get(index) ?? []) this.#output.drop(column);
  }
}
