import { readCell } from '../number-cell.ts';
import { failureOfRow } from '../row-failure.ts';
import type { Row } from '../table.ts';
import { numberIn, sentenceOnMix } from '../table-columns.ts';
import { unitFromName } from '../unit-from-name.ts';
import type { CsvHead } from './csv-head.ts';
import { type CsvRoles, KEY, NUMBER } from './csv-roles.ts';
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
  /** columns of a generic table whose numbers nobody looks for, because the head has no column of numbers there */
  readonly #unread: ReadonlySet<number>;
  /** those of them of which it is to be told when a number comes */
  readonly #untold: Set<number>;
  /** by column of the table: those of the output */
  readonly #opened = new Map<number, Set<number>>();

  constructor(head: CsvHead, roles: CsvRoles, generic: boolean, output: StreamOutput, tellOf: (row: Row) => void) {
    this.#head = head;
    this.#output = output;
    this.#of = roles;
    this.#generic = generic;
    this.#tellOf = tellOf;
    this.#numeric = new Map(roles.numeric);
    const { rows } = head.table;
    const holdsNumber = (index: number) => rows.some(({ cells }) => numberIn(cells[index] ?? '', this.#unitOf(index)) !== null);
    const unread = [...roles.roles.entries()].flatMap(([index, role]) => (generic && (role & (NUMBER | KEY)) === 0 ? [index] : []));
    this.#unread = new Set(unread);
    // Of a column that mixes words and numbers in the head, the reading of the head says that it is left out.
    this.#untold = new Set(unread.filter((index) => !holdsNumber(index)));
  }

  /** Why a row failed, of a generic table: its cells of the columns that say so decide. */
  failureOf(cells: readonly string[]): string | null {
    const failure = failureOfRow(cells, this.#of.marks);
    // A number by which a row failed, such as the status 500, is none to be read.
    if (failure === null)
      for (const index of this.#untold) if (numberIn(cells[index] ?? '', this.#unitOf(index)) !== null) this.#tellLate(index);
    return failure;
  }

  /** Whether a number of a column is to be read; where it is the first of a column that is not, that is told. */
  reads(index: number): boolean {
    if (!this.#unread.has(index)) return true;
    this.#tellLate(index);
    return false;
  }

  #tellLate(index: number): void {
    if (!this.#untold.delete(index)) return;
    const name = this.#head.table.columns[index] ?? '';
    const sentence = `column "${name}" has no numbers in the first rows and has some further down: these were not read, because the file was read as a stream`;
    this.#output.warnings.add('late numbers', sentence);
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

  #unitOf(index: number): string | null {
    const { columns, units } = this.#head.table;
    return units[index] ?? unitFromName(columns[index] ?? '');
  }

  /** A column that was empty has a first cell: whether it is one of numbers now. */
  #fill(index: number, cell: string, failed: boolean): boolean {
    const name = this.#head.table.columns[index] ?? '';
    const unit = this.#unitOf(index);
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
    if (this.#of.empty.has(index)) {
      // The head, among whose rows the ordinary reader is asked, has no number there that the word could stand among.
      const [name, cell] = [this.#head.table.columns[index] ?? '', row.cells[index] ?? ''];
      this.#output.warnings.add('mixed columns', sentenceOnMix(name, { line: row.line, cell }));
    } else this.#tellOf(row);
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
