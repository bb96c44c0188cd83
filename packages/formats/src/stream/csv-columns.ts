import { readCell } from '../number-cell.ts';
import { failureOfRow } from '../row-failure.ts';
import type { Row } from '../table.ts';
import { numberIn } from '../table-columns.ts';
import { unitFromName } from '../unit-from-name.ts';
import type { CsvHead } from './csv-head.ts';
import { type CsvRoles, NUMBER } from './csv-roles.ts';
import type { StreamOutput } from './stream-output.ts';

/** The columns of a table, and which of them turn out to be none of numbers behind the head. */
export class CsvColumns {
  /** whether words were met in the last column, behind the head */
  endsInWords = false;
  readonly #head: CsvHead;
  readonly #output: StreamOutput;
  readonly #of: CsvRoles;
  readonly #generic: boolean;
  /** tells what the ordinary reader says of a row for whose sake a column is left out */
  readonly #tellOf: (row: Row) => void;
  /** columns of numbers that are none, because a word stands in them */
  readonly #dropped = new Set<number>();
  /** columns that had no cell in the head, and then no number */
  readonly #late = new Set<number>();
  readonly #numeric: Map<number, { name: string; unit: string | null }>;
  /** by column of the table: those of the output */
  readonly #opened = new Map<number, Set<number>>();

  constructor(head: CsvHead, roles: CsvRoles, generic: boolean, output: StreamOutput, tellOf: (row: Row) => void) {
    this.#head = head;
    this.#output = output;
    this.#of = roles;
    this.#generic = generic;
    this.#tellOf = tellOf;
    this.#numeric = new Map(roles.numeric);
  }

  /** Why a row failed, of a generic table: its cells of the columns that say so decide. */
  failureOf(cells: readonly string[]): string | null {
    return failureOfRow(cells, this.#of.marks);
  }

  /** Whether the cells of a column may be numbers. */
  mayHoldNumbers(index: number): boolean {
    return ((this.#of.roles[index] ?? 0) & NUMBER) !== 0 && !this.#dropped.has(index);
  }

  /** A column of the table has one more column of the output. */
  opened(index: number, column: number): void {
    const known = this.#opened.get(index) ?? new Set();
    this.#opened.set(index, known.add(column));
  }

  /** The cells of a row without those that the columns of a generic table cannot have. */
  settled(row: Row): readonly string[] {
    this.endsInWords ||= readCell(row.cells.at(-1) ?? '').is === 'text';
    if (!this.#generic) return row.cells;
    const failed = this.failureOf(row.cells) !== null;
    const blank: number[] = [];
    for (const index of this.#of.empty) {
      const cell = row.cells[index] ?? '';
      if (cell.trim() !== '' && !this.#numeric.has(index) && !this.#fill(index, cell, failed)) blank.push(index);
    }
    for (const [index, { unit }] of this.#numeric) {
      const cell = row.cells[index] ?? '';
      if (cell === '') continue;
      if (this.#dropped.has(index)) blank.push(index);
      else if (!failed && isOffence(cell, unit)) {
        this.#drop(index, row);
        blank.push(index);
      }
    }
    return blank.length === 0 ? row.cells : row.cells.map((cell, index) => (blank.includes(index) ? '' : cell));
  }

  /** A column that was empty has a first cell: whether it is one of numbers now. */
  #fill(index: number, cell: string, failed: boolean): boolean {
    const { table } = this.#head;
    const name = table.columns[index] ?? '';
    const unit = table.units[index] ?? unitFromName(name);
    if (this.#late.has(index) || readCell(cell).is === 'absent') return false;
    const isNumber = numberIn(cell, unit) !== null;
    // What rows hold that failed says nothing of the others.
    if (failed) return isNumber;
    if (isNumber) {
      this.#numeric.set(index, { name, unit });
      return true;
    }
    this.#late.add(index);
    this.#of.roles[index] = 0;
    for (const column of this.#opened.get(index) ?? []) this.#output.drop(column);
    const sentence = `column "${name}" is empty in the first rows and has words further down: they label nothing, because the file was read as a stream`;
    this.#output.warnings.add('late columns', sentence);
    return false;
  }

  /** Leaves a column of numbers out, as the ordinary reader does where a word stands among them. */
  #drop(index: number, row: Row): void {
    this.#tellOf(row);
    this.#dropped.add(index);
    this.#of.roles[index] = (this.#of.roles[index] ?? 0) & ~NUMBER;
    for (const column of this.#opened.get(index) ?? []) this.#output.drop(column);
  }
}

/** Whether a cell keeps its column from being one of numbers. */
function isOffence(cell: string, unit: string | null): boolean {
  const { is } = readCell(cell);
  return is !== 'absent' && is !== 'beyond' && numberIn(cell, unit) === null;
}
