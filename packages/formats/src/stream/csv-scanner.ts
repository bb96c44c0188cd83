import { readCell } from '../number-cell.ts';
import { CellNotes } from './csv-cell-notes.ts';
import type { CsvHead } from './csv-head.ts';
import type { CsvMeaning } from './csv-meaning.ts';
import { violationsOf } from './csv-pairs.ts';
import { type CsvPlan, variantOf } from './csv-plan.ts';
import { CsvPlans, type ScannedRow } from './csv-plans.ts';
import { KEY, NUMBER } from './csv-roles.ts';
import { FAILED, RowKey } from './csv-row-key.ts';
import { RowMarks } from './csv-row-marks.ts';
import { RowBatch } from './row-batch.ts';
import type { StreamOutput } from './stream-output.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const HASH = 0x23;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/** Roles of most columns; what is imported would be looked up for each cell. */
const ONLY_NUMBER: number = NUMBER;
const ONLY_KEY: number = KEY;

/** Digits that 32 bits hold whatever they are, and a double; powers of ten up to these are doubles too. */
const SHORT = 9;
const DIGITS = 15;
const POWERS = Float64Array.from({ length: DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads rows of a table on bytes: numbers into an array, and into a key what else their meaning depends on. What has a plan is
 * given to the output; the first row that has none, or that is no plain row of the table, ends the scan.
 */
export class CsvScanner {
  readonly delimiter: number;
  plans = new CsvPlans();
  /** rows that were read */
  rows = 0;
  /** whether one of them had a number */
  numbers = false;
  /** of the row where the scan goes on */
  line = 1;
  /** the row where the scan ended, if it has but no plan */
  row: ScannedRow | null = null;
  readonly #width: number;
  readonly #roles: Uint8Array;
  readonly #meaning: CsvMeaning;
  readonly #output: StreamOutput;
  readonly #cells: CellNotes;
  readonly #batch: RowBatch;
  readonly #maxCellChars: number;
  readonly #lastOfHead: number;
  readonly #headerBegin: number;
  /** a number among the names of the header, which a row that repeats it has too; NaN where none is */
  readonly #headerNumber: number;
  readonly #headerSlot: number;

  constructor(head: CsvHead, meaning: CsvMeaning, output: StreamOutput) {
    this.delimiter = head.delimiter.charCodeAt(0);
    this.#width = head.table.columns.length;
    this.#lastOfHead = head.lastLine;
    this.#roles = meaning.roles;
    this.#meaning = meaning;
    this.#output = output;
    this.#batch = new RowBatch(output);
    this.#cells = new CellNotes(this.#width, this.delimiter, new RowKey(), new RowMarks(meaning), meaning.points);
    this.#maxCellChars = output.limits.maxCellChars;
    this.#headerBegin = head.headerless ? -1 : (Buffer.from(head.header.cells[0] ?? '')[0] ?? this.delimiter);
    const names = head.headerless ? [] : head.header.cells.map((cell) => readCell(cell));
    const slot = names.findIndex(({ is }, index) => is === 'number' && ((this.#roles[index] ?? 0) & NUMBER) !== 0);
    const name = names[slot];
    this.#headerSlot = Math.max(0, slot);
    this.#headerNumber = name?.is === 'number' ? name.value : Number.NaN;
  }

  /**
   * @param bytes with a line's end at `end`, which is behind the last byte that is there
   * @param start where a row begins
   * @returns where the row begins that was not read: it is not there as a whole, or no plain one, or without a plan (`row`)
   */
  scan(bytes: Buffer, start: number, end: number): number {
    const next = this.#scan(bytes, start, end);
    this.#batch.flush();
    return next;
  }

  #scan(bytes: Buffer, start: number, end: number): number {
    // Whole numbers, as the compiler has to know.
    let begin = start | 0;
    const last = end | 0;
    const delimiter = this.delimiter | 0;
    const width = this.#width | 0;
    const roles = this.#roles;
    const cells = this.#cells;
    const { values, key, marks } = cells;
    const points = this.#meaning.points.bytes;
    const index = this.#meaning.index?.isPossible === true ? this.#meaning.index : null;
    for (let slot = 0; slot < width; slot += 1) if (((roles[slot] as number) & NUMBER) === 0) values[slot] = Number.NaN;
    this.row = null;
    for (; begin < last; ) {
      let at = begin;
      let numbers = 0;
      let slot = 0;
      cells.begin();
      if (!this.#beginsPlain(bytes, begin)) return begin;
      for (;;) {
        const role = roles[slot] as number;
        if ((role & ONLY_NUMBER) !== 0 && bytes[at] !== QUOTE) {
          let to = at;
          let digit = (bytes[to] as number) - ZERO;
          while (digit === SPACE - ZERO) {
            to += 1;
            digit = (bytes[to] as number) - ZERO;
          }
          const negative = digit === MINUS - ZERO;
          if (negative) {
            to += 1;
            digit = (bytes[to] as number) - ZERO;
          }
          const first = to;
          let mantissa = 0;
          while (digit >>> 0 <= 9) {
            mantissa = (mantissa * 10 + digit) | 0;
            to += 1;
            digit = (bytes[to] as number) - ZERO;
          }
          let digits = to - first;
          let behind = 0;
          const point = points[slot] as number;
          if (digit === point - ZERO) {
            to += 1;
            const from = to;
            digit = (bytes[to] as number) - ZERO;
            while (digit >>> 0 <= 9) {
              mantissa = (mantissa * 10 + digit) | 0;
              to += 1;
              digit = (bytes[to] as number) - ZERO;
            }
            behind = to - from;
            // Only a point may stand in front of all digits, or behind them.
            digits = point === DOT || (digits > 0 && behind > 0) ? digits + behind : 0;
          }
          const stop = digit + ZERO;
          const ends = stop === delimiter || stop === LF || stop === CR;
          if (ends && digits > 0 && digits <= DIGITS) {
            // A number that both ways came to would be put on the heap.
            if (digits > SHORT) values[slot] = longNumber(bytes, first, to, behind) * (negative ? -1 : 1);
            else if (behind === 0) values[slot] = negative ? -mantissa : mantissa;
            else values[slot] = (negative ? -mantissa : mantissa) / (POWERS[behind] as number);
            numbers += 1;
            if (role !== ONLY_NUMBER) cells.addNumber(bytes, slot, role, values[slot] as number, at, to);
            at = to;
          } else if (ends && to === at && role === ONLY_NUMBER) {
            values[slot] = Number.NaN;
          } else {
            to = at;
            while (bytes[to] !== delimiter && bytes[to] !== LF && bytes[to] !== CR) to += 1;
            if (to >= last) return begin;
            if (cells.add(bytes, slot, role, at, to)) numbers += 1;
            at = to;
          }
        } else if (bytes[at] === QUOTE) {
          const stop = cells.quoted(bytes, at + 1, last) | 0;
          if (stop < 0) return begin;
          if (role !== 0 && cells.addQuoted(bytes, slot, role, at + 1)) numbers += 1;
          at = stop;
        } else {
          const from = at;
          while (bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at += 1;
          if (at >= last) return begin;
          if (role === ONLY_KEY) key.copy(bytes, from, at);
          else if (role !== 0 && cells.add(bytes, slot, role, from, at)) numbers += 1;
        }
        if (bytes[at] !== delimiter) break;
        slot += 1;
        at += 1;
        if (slot === width) return begin;
      }
      // The line's end that stands behind the last byte is none of the row's.
      if (at >= last) return begin;
      if (bytes[at] === CR) {
        if (at + 1 >= last) return begin;
        if (bytes[at + 1] === LF) at += 1;
      }
      if (slot + 1 !== width || key.tooLong || at - begin > this.#maxCellChars) return begin;
      if (numbers === 0 && !this.#isPlainWithoutNumber(bytes, begin, at)) return begin;
      if (values[this.#headerSlot] === this.#headerNumber && (bytes[begin] === this.#headerBegin || bytes[begin] === QUOTE)) return begin;
      if (marks.any && marks.judge()) key.add(FAILED);
      const plan = this.plans.find(key.bytes, key.length);
      if (plan === undefined) {
        this.row = { values, key: key.bytes, length: key.length };
        return begin;
      }
      if (!this.#give(plan)) return begin;
      this.rows += 1;
      if (index !== null) index.takeNumbers(values);
      if (numbers > 0) this.numbers = true;
      this.line += 1 + cells.breaks;
      begin = at + 1;
    }
    return begin;
  }

  /** Gives the numbers of a row to the output; false where the plan is not for it. */
  #give(given: CsvPlan): boolean {
    const { values, key, marks } = this.#cells;
    const output = this.#output;
    const { line } = this;
    const { loads } = this.#meaning;
    const code = loads.any ? loads.codeOf(values) : 0;
    const violated = given.pairs.length === 0 ? 0 : violationsOf(given.pairs, values);
    if (violated < 0) return false;
    const plan = given.loads === code && given.violated === violated ? given : variantOf(given, code, violated);
    if (plan === undefined) {
      this.row = { values, key: key.bytes, length: key.length };
      return false;
    }
    const { unknown } = plan;
    for (let index = 0; index < unknown.length; index += 1) {
      if (Number.isNaN(values[unknown[index] as number])) continue;
      this.row = { values, key: key.bytes, length: key.length };
      return false;
    }
    output.records += plan.records;
    const { reason } = marks;
    if (reason !== null) output.fail({ pointer: `line ${line}`, reason });
    for (const { tail, reason } of plan.failed) output.fail({ pointer: `line ${line}${tail}`, reason });
    this.#batch.add(plan, values, line);
    if (line > this.#lastOfHead) for (const topic of plan.topics) output.warnings.more(topic, 1);
    return true;
  }

  /** Whether a row may be plain by its beginning: no blank line, and no comment. */
  #beginsPlain(bytes: Buffer, begin: number): boolean {
    let first = bytes[begin];
    if (first === SPACE || first === TAB) {
      let at = begin;
      while ((bytes[at] === SPACE || bytes[at] === TAB) && bytes[at] !== this.delimiter) at += 1;
      first = bytes[at];
    }
    return first !== LF && first !== CR && first !== HASH;
  }

  /** A row without a number may be a header, or hold blanks only. */
  #isPlainWithoutNumber(bytes: Buffer, begin: number, end: number): boolean {
    if (!this.numbers || bytes[begin] === this.#headerBegin || bytes[begin] === QUOTE) return false;
    for (let at = begin; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte > SPACE && byte < 0x80 && byte !== this.delimiter) return true;
    }
    return false;
  }
}

/** A number of digits and perhaps a point or a comma, so many of them behind it. */
function longNumber(bytes: Uint8Array, first: number, end: number, behind: number): number {
  let mantissa = 0;
  for (let at = first; at < end; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit >= 0) mantissa = mantissa * 10 + digit;
  }
  return behind === 0 ? mantissa : mantissa / (POWERS[behind] as number);
}
