import { type FailedRecord, isCanonical, type NumberColumn, type NumberSink } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import { POINTER_CHARS } from '../extract.ts';
import type { Limits } from '../limits.ts';
import { beyondLimit } from '../refusal.ts';
import type { Warnings } from '../warnings.ts';

/** Sums of squares over magnitudes beyond these leave the range of a double. */
const TOO_LARGE = 1e150;
const TOO_SMALL = 1e-150;

/** What a stream fills in place of an Extract: numbers go on to a sink, what failed and how much it was is kept. */
export class StreamOutput {
  readonly failed: FailedRecord[] = [];
  /** rows or objects that carry results or say that they failed */
  records = 0;
  readonly limits: Limits;
  readonly warnings: Warnings;
  readonly #sink: NumberSink;
  readonly #known = new Map<string, number>();
  readonly #columns: NumberColumn[] = [];
  /** by column: how many numbers it was given */
  #counts = new Float64Array(64);
  /** by column: what is to be looked at before a number is added */
  #flags = new Uint8Array(64);
  /** numbers of one column that are looked at together, and the lines of those that are taken */
  #run = new Float64Array(1_024);
  #runLines = new Float64Array(1_024);
  #failures = 0;
  /** quarters of the columns that may be open which are */
  #quarters = 0;
  /** by topic and column, the first of the numbers that are warned of, and how many there are */
  readonly #noted = new Map<string, Map<number, Noted>>();

  constructor(sink: NumberSink, limits: Limits, warnings: Warnings) {
    this.#sink = sink;
    this.limits = limits;
    this.warnings = warnings;
  }

  /** How many numbers were read, without those of columns that were dropped. */
  get measurements(): number {
    let total = 0;
    for (const [column] of this.#columns.entries()) if (this.#flags[column] !== DROPPED) total += this.#counts[column] ?? 0;
    return total;
  }

  /**
   * The number of a column, which is opened once.
   * @throws Refusal where more are open than the limits allow
   */
  open(column: NumberColumn): number {
    const { metric, statistic, unit, n, over, labels, failed, tail } = column;
    const key = JSON.stringify([metric, statistic, unit, n, over ?? null, failed, tail, Object.entries(labels).sort(byName)]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#columns.length >= this.limits.maxNumberColumns) {
      const what = `has more than ${this.#columns.length} combinations of labels and metrics (at ${excerpt(metric, 60)}${mostVaried(labels, this.#columns)})`;
      throw beyondLimit(what, this.limits, 'maxNumberColumns');
    }
    const opened = this.#sink.open(column);
    this.#known.set(key, opened);
    this.#grow(opened);
    this.#columns[opened] = column;
    this.#flags[opened] = tail.length > POINTER_CHARS - LINE_CHARS ? LONG : isCanonical(metric) ? CANONICAL : 0;
    return opened;
  }

  /** Whether another quarter of the columns that may be open is, since this was asked before. */
  crowds(): boolean {
    const quarters = Math.floor((this.#columns.length * 4) / this.limits.maxNumberColumns);
    if (quarters <= this.#quarters) return false;
    this.#quarters = quarters;
    return true;
  }

  /** Gives a number to its column, unless it is too large or too small to be computed with, or its pointer is too long. */
  add(column: number, value: number, line: number): void {
    if (!this.#takes(column, value, line)) return;
    this.#counts[column] = (this.#counts[column] ?? 0) + 1;
    this.#sink.add(column, value, line);
  }

  /** The same for the numbers of a row, one for each column; NaN where none is. */
  addRow(columns: Int32Array, values: Float64Array, start: number, line: number): void {
    for (let index = 0; index < columns.length; index += 1) {
      const value = values[start + index] as number;
      if (!Number.isNaN(value)) this.add(columns[index] as number, value, line);
    }
  }

  /**
   * The same for the numbers of one column on several lines; NaN where none is.
   * @param index of the number among those of each row
   * @param order of the column among those of the same lines
   */
  addColumn(column: number, { values, starts, lines, length }: Rows, index: number, order: number): void {
    if (length > this.#run.length) {
      this.#run = new Float64Array(length * 2);
      this.#runLines = new Float64Array(length * 2);
    }
    const run = this.#run;
    const flag = this.#flags[column];
    const least = flag === CANONICAL ? 0 : Number.NEGATIVE_INFINITY;
    let plain = flag === 0 || flag === CANONICAL;
    for (let at = 0; at < length; at += 1) {
      const value = values[(starts[at] as number) + index] as number;
      run[at] = value;
      if (!(value >= least && isInRange(value))) plain = false;
    }
    if (plain) this.#addRun(column, lines, length, order);
    else this.#addTaken(column, lines, length, order);
  }

  /** What was added to the column, and what will be, counts nowhere. */
  drop(column: number): void {
    if (this.#flags[column] === DROPPED) return;
    this.#flags[column] = DROPPED;
    this.#sink.drop(column);
  }

  /** Keeps a record that says it failed, the first ones of many; a pointer that is too long is shortened. */
  fail({ pointer, reason }: FailedRecord): void {
    this.#failures += 1;
    if (this.failed.length >= this.limits.maxFailedRecords) return;
    this.failed.push({ pointer: pointer.length > POINTER_CHARS ? excerpt(pointer) : pointer, reason });
  }

  /** Says what can be said only when all was read. */
  end(): void {
    for (const [topic, columns] of this.#noted) {
      const kept = [...columns].filter(([column]) => this.#flags[column] !== DROPPED).map(([, noted]) => noted);
      const [first] = kept.sort((a, b) => a.line - b.line || a.order - b.order);
      if (first === undefined) continue;
      this.warnings.add(topic, first.sentence, 1);
      this.warnings.more(
        topic,
        kept.reduce((total, { count }) => total + count, -1),
      );
    }
    if (this.#failures <= this.failed.length) return;
    const sentence = `${this.#failures} records say that they failed: the first ${this.failed.length} are listed, and none of them counts`;
    this.warnings.add('failed records', sentence, 1);
  }

  #addRun(column: number, lines: Float64Array, length: number, order: number): void {
    this.#counts[column] = (this.#counts[column] ?? 0) + length;
    this.#sink.addRun(column, this.#run, lines, length, order + 1);
  }

  /** Of a run that has something odd, what is taken. */
  #addTaken(column: number, lines: Float64Array, length: number, order: number): void {
    const [run, own] = [this.#run, this.#runLines];
    let taken = 0;
    for (let at = 0; at < length; at += 1) {
      const [value, line] = [run[at] as number, lines[at] as number];
      if (Number.isNaN(value) || !this.#takes(column, value, line, order)) continue;
      run[taken] = value;
      own[taken] = line;
      taken += 1;
    }
    if (taken > 0) this.#addRun(column, own, taken, order);
  }

  /** Whether a number is given to its column; what is odd about it is noted. */
  #takes(column: number, value: number, line: number, order = 0): boolean {
    if (!isInRange(value)) {
      const size = Math.abs(value);
      const sentence = (): string =>
        `${this.#at(column, line)}: ${value} is too ${size >= TOO_LARGE ? 'large' : 'small'} to be computed with; it was not read`;
      this.#note('numbers out of range', column, { line, order }, sentence);
      return false;
    }
    const flag = this.#flags[column];
    if (flag === 0) return true;
    if (flag === DROPPED) return false;
    if (flag === CANONICAL) {
      if (value < 0) this.#tellBelowZero(column, value, { line, order });
      return true;
    }
    if (`line ${line}`.length + (this.#columns[column]?.tail.length ?? 0) > POINTER_CHARS) {
      const length = `line ${line}`.length + (this.#columns[column]?.tail.length ?? 0);
      const sentence = (): string =>
        `${this.#at(column, line)}: the names on the way to a number take ${length} characters; it was not read`;
      this.#note('long names', column, { line, order }, sentence);
      return false;
    }
    return true;
  }

  #tellBelowZero(column: number, value: number, place: NotedPlace): void {
    const sentence = (): string =>
      `${this.#at(column, place.line)}: ${value} is below zero, which no time, rate or size can be: it is kept as the file has it, and counts nowhere`;
    this.#note('below zero', column, place, sentence);
  }

  /** Keeps a warning about a number until it is known whether its column is one of numbers. */
  #note(topic: string, column: number, place: NotedPlace, sentence: () => string): void {
    const columns = this.#noted.get(topic) ?? new Map<number, Noted>();
    this.#noted.set(topic, columns);
    const noted = columns.get(column);
    if (noted === undefined) columns.set(column, { ...place, sentence: sentence(), count: 1 });
    else noted.count += 1;
  }

  #at(column: number, line: number): string {
    const pointer = `line ${line}${this.#columns[column]?.tail ?? ''}`;
    return pointer.length > POINTER_CHARS ? excerpt(pointer) : pointer;
  }

  #grow(column: number): void {
    if (column < this.#counts.length) return;
    const length = Math.max(column + 1, this.#counts.length * 2);
    const counts = new Float64Array(length);
    counts.set(this.#counts);
    this.#counts = counts;
    const flags = new Uint8Array(length);
    flags.set(this.#flags);
    this.#flags = flags;
  }
}

/** Numbers of rows: where those of each row begin, and its line. */
type Rows = { values: Float64Array; starts: Int32Array; lines: Float64Array; length: number };

/** A line, and the order of a column among those that were given numbers of it together. */
type NotedPlace = { line: number; order: number };
type Noted = NotedPlace & { sentence: string; count: number };

/** The column was dropped; no number of it is below zero; its pointer may be too long. */
const DROPPED = 1;
const CANONICAL = 2;
const LONG = 3;

/** The longest `line N`. */
const LINE_CHARS = 24;

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The label that has most values among the columns, with the one that came last. */
function mostVaried(labels: NumberColumn['labels'], columns: readonly NumberColumn[]): string {
  const values = new Map<string, Set<string>>(Object.keys(labels).map((name) => [name, new Set()]));
  for (const column of columns) for (const [name, value] of Object.entries(column.labels)) values.get(name)?.add(value);
  const [most] = [...values].sort(([, a], [, b]) => b.size - a.size);
  if (most === undefined) return '';
  const [name, of] = most;
  return `; the label "${excerpt(name, 40)}", here "${excerpt(labels[name] ?? '', 40)}", has ${of.size} values so far: without it in the file, or with a higher limit, the file can be read`;
}

/** Whether a number is neither too large nor too small to be computed with. */
function isInRange(value: number): boolean {
  const size = value < 0 ? -value : value;
  return size < TOO_LARGE && (size >= TOO_SMALL || size === 0);
}
