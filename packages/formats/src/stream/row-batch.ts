import type { CsvPlan } from './csv-plan.ts';
import type { StreamOutput } from './stream-output.ts';

/** Rows and numbers of a batch at most: few enough to stay in a cache until they are given on. */
const ROWS = 8_192;
const NUMBERS = 32_768;
/** Columns that several plans share, times these plans; with more it is less work to go row by row. */
const MOST_SHARED = 4_096;

/**
 * Rows whose numbers go to the output together, column by column: number by number costs several times as much. Those of one column
 * keep the order of their lines.
 */
export class RowBatch {
  readonly #output: StreamOutput;
  #rows = 0;
  #numbers = 0;
  /** the numbers of each row in the order of its plan's columns */
  readonly #values = new Float64Array(NUMBERS);
  /** by row: where its numbers begin, its line, the index of its plan, and the next row of that plan; -1 where none is */
  readonly #starts = new Int32Array(ROWS);
  readonly #lines = new Float64Array(ROWS);
  readonly #planOf = new Int32Array(ROWS);
  readonly #nexts = new Int32Array(ROWS);
  /** the plans of the rows, each once */
  readonly #plans: CsvPlan[] = [];
  /** the columns of the output of which rows of several plans have numbers */
  readonly #shared = new Set<number>();
  /** columns of the output to the column of the table that their numbers are of */
  readonly #slotOf = new Map<number, number>();
  /** whether the order of a row's numbers is not that of the table's columns, or an output column has numbers of two of these */
  #mixed = false;
  /** where the numbers of some rows are, and their lines */
  readonly #some = { values: this.#values, starts: new Int32Array(ROWS), lines: new Float64Array(ROWS), length: 0 };

  constructor(output: StreamOutput) {
    this.#output = output;
  }

  /**
   * Takes the numbers of a row: those of the plan's slots, and its fixed ones.
   * @param values by column of the table; NaN where none stands
   */
  add(plan: CsvPlan, values: Float64Array, line: number): void {
    const { slots } = plan;
    if (plan.fixed.length > 0 || slots.length > NUMBERS) {
      this.#addAlone(plan, values, line);
      return;
    }
    if (this.#rows === ROWS || this.#numbers + slots.length > NUMBERS) this.flush();
    const row = this.#rows;
    const start = this.#numbers;
    if (plan.last < 0) this.#begin(plan, row);
    else this.#nexts[plan.last] = row;
    plan.last = row;
    this.#nexts[row] = -1;
    this.#planOf[row] = plan.at;
    this.#starts[row] = start;
    this.#lines[row] = line;
    const own = this.#values;
    for (let index = 0; index < slots.length; index += 1) own[start + index] = values[slots[index] as number] as number;
    this.#rows = row + 1;
    this.#numbers = start + slots.length;
  }

  /** Gives all numbers to the output. */
  flush(): void {
    if (this.#rows === 0) return;
    if (this.#mixed || this.#shared.size * this.#plans.length > MOST_SHARED) this.#giveRows();
    else {
      for (const plan of this.#plans) this.#giveColumns(plan);
      for (const column of this.#shared) this.#giveShared(column, this.#slotOf.get(column) ?? -1);
    }
    for (const plan of this.#plans) {
      plan.first = -1;
      plan.last = -1;
    }
    this.#plans.length = 0;
    this.#rows = 0;
    this.#numbers = 0;
    this.#shared.clear();
    this.#slotOf.clear();
    this.#mixed = false;
  }

  /** Gives a row to the output behind all others, number by number. */
  #addAlone({ slots, columns, fixed }: CsvPlan, values: Float64Array, line: number): void {
    this.flush();
    for (const [index, slot] of slots.entries()) {
      const value = values[slot] ?? Number.NaN;
      if (!Number.isNaN(value)) this.#output.add(columns[index] ?? -1, value, line);
    }
    for (const { column, value } of fixed) this.#output.add(column, value, line);
  }

  /** The first row of a plan. */
  #begin(plan: CsvPlan, row: number): void {
    plan.first = row;
    plan.at = this.#plans.push(plan) - 1;
    let before = -1;
    for (const [index, column] of plan.columns.entries()) {
      const slot = plan.slots[index] ?? -1;
      const known = this.#slotOf.get(column);
      if (known !== undefined) this.#shared.add(column);
      this.#mixed ||= slot <= before || (known ?? slot) !== slot;
      this.#slotOf.set(column, slot);
      before = slot;
    }
  }

  #giveRows(): void {
    for (let row = 0; row < this.#rows; row += 1) {
      const plan = this.#plans[this.#planOf[row] ?? -1] as CsvPlan;
      this.#output.addRow(plan.columns, this.#values, this.#starts[row] ?? 0, this.#lines[row] ?? 0);
    }
  }

  /** The numbers of a plan's own columns. */
  #giveColumns({ first, slots, columns }: CsvPlan): void {
    const { starts, lines } = this.#some;
    let length = 0;
    for (let row = first; row >= 0; row = this.#nexts[row] as number) {
      starts[length] = this.#starts[row] as number;
      lines[length] = this.#lines[row] as number;
      length += 1;
    }
    this.#some.length = length;
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index] as number;
      if (!this.#shared.has(column)) this.#output.addColumn(column, this.#some, index, slots[index] as number);
    }
  }

  /** The numbers of a column in rows of several plans. */
  #giveShared(column: number, slot: number): void {
    const places = Int32Array.from(this.#plans, ({ columns }) => columns.indexOf(column));
    const { starts, lines } = this.#some;
    let length = 0;
    for (let row = 0; row < this.#rows; row += 1) {
      const place = places[this.#planOf[row] as number] as number;
      if (place < 0) continue;
      starts[length] = (this.#starts[row] as number) + place;
      lines[length] = this.#lines[row] as number;
      length += 1;
    }
    this.#some.length = length;
    this.#output.addColumn(column, this.#some, 0, slot);
  }
}
