import { isBlank } from '../formats/dcgm-fields.ts';
import { kindOfRow } from '../row-kind.ts';
import type { CsvPoints } from './csv-points.ts';
import { CLASS, EMPTY, KEY, KIND, MARK, NUMBER, WATCH } from './csv-roles.ts';
import { BELOW_ZERO, IS_ZERO, KIND_OF_ROW, NOTHING, type RowKey, UNIT, WATCHED, WORD } from './csv-row-key.ts';
import type { RowMarks } from './csv-row-marks.ts';
import { parseNumber } from './fast-number.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const PERCENT = 0x25;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** The least number that may stand for no value. */
const BLANKS = 0x7ffffff0;

/** Only texts with one of these in them say something of the row's kind. */
const SPECIAL =
  /delta|diff|change|improv|gain|speedup|ratio|reduc|target|goal|sl[oa]|thresh|limit|expect|estim|total|sum|all|vs|mean|av|median|std|min|max|p\d|pp|prefill|prompt|input|load|ttft|[^\0-\x7f]/i;
/** Longer ones say nothing: forty characters, of four bytes at most. */
const KIND_BYTES = 160;

/** What is noted of the cells of a row: their numbers by column, and what else the row's meaning depends on. */
export class CellNotes {
  /** by column; NaN where none stands */
  readonly values: Float64Array;
  readonly key: RowKey;
  readonly marks: RowMarks;
  /** line breaks in the cells of the row */
  breaks = 0;
  readonly #delimiter: number;
  readonly #points: CsvPoints;
  /** of the present cell in quotes: its closing quote, and whether its text is another than its bytes */
  #close = 0;
  #doubled = false;

  constructor(width: number, delimiter: number, key: RowKey, marks: RowMarks, points: CsvPoints) {
    this.values = new Float64Array(width);
    this.key = key;
    this.marks = marks;
    this.#delimiter = delimiter;
    this.#points = points;
  }

  /** Another row begins. */
  begin(): void {
    this.key.begin();
    this.marks.begin();
    this.breaks = 0;
  }
  /**
   * Goes to the end of a cell in quotes: whether quotes in it are doubled, and its line breaks, are noted.
   * @param start behind the opening quote
   * @returns behind the closing quote; -1 where it is not there yet, or something stands behind it
   */
  quoted(bytes: Buffer, start: number, end: number): number {
    const delimiter = this.#delimiter;
    let returns = false;
    this.#doubled = false;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        const behind = bytes[at + 1];
        if (at + 1 >= end) return -1;
        if (behind === QUOTE) {
          this.#doubled = true;
          at += 1;
          continue;
        }
        if (behind !== delimiter && behind !== LF && behind !== CR) return -1;
        this.#doubled ||= returns;
        this.#close = at;
        return at + 1;
      }
      if (byte === LF) this.breaks += 1;
      else if (byte === CR) {
        // As line feeds, they are other texts.
        returns = true;
        if (bytes[at + 1] !== LF) this.breaks += 1;
      }
    }
    return -1;
  }

  /** Notes a cell in quotes, from `start` to the closing quote. */
  addQuoted(bytes: Buffer, slot: number, role: number, start: number): boolean {
    if (!this.#doubled) return this.add(bytes, slot, role, start, this.#close);
    const text = bytes.toString('utf8', start, this.#close).replaceAll('""', '"').replace(/\r\n?/g, '\n');
    const plain = Buffer.from(text);
    return this.add(plain, slot, role, 0, plain.length);
  }

  /** Notes a cell that is not a number alone; whether it holds one. */
  add(bytes: Buffer, slot: number, role: number, start: number, end: number): boolean {
    let isNumber = false;
    if ((role & NUMBER) !== 0) isNumber = this.#number(bytes, slot, role, start, end);
    else if ((role & KEY) !== 0) this.key.copy(bytes, start, end);
    if ((role & MARK) !== 0 && !isNumber) this.marks.add(bytes, start, end);
    if ((role & KIND) !== 0) this.#kind(bytes, slot, start, end);
    if ((role & WATCH) !== 0 && mayBeNumber(bytes, start, end)) this.key.part(WATCHED, slot, bytes, 0, 0);
    return isNumber;
  }

  #number(bytes: Buffer, slot: number, role: number, start: number, end: number): boolean {
    const values = this.values;
    values[slot] = Number.NaN;
    let from = start;
    let to = end;
    while (from < to && bytes[from] === SPACE) from += 1;
    while (to > from && bytes[to - 1] === SPACE) to -= 1;
    if (from === to) {
      if ((role & EMPTY) !== 0) this.key.part(NOTHING, slot, bytes, 0, 0);
      if ((role & KEY) !== 0) this.key.copy(bytes, start, end);
      return false;
    }
    const plain = this.#points.isPlain(slot) ? bytes : this.#points.plain(bytes, slot, from, to);
    const value =
      plain === null ? Number.NaN : plain === bytes ? this.#valueOf(slot, bytes, from, to) : this.#valueOf(slot, plain, 0, plain.length);
    if (Number.isNaN(value)) {
      this.key.part(WORD, slot, bytes, from, to);
      if ((role & KEY) !== 0) this.key.copy(bytes, start, end);
      return false;
    }
    values[slot] = value;
    if (role !== NUMBER) this.addNumber(bytes, slot, role, value, start, end);
    return true;
  }

  /** The number of a cell without blanks around it, and a note of the unit behind it; NaN where it holds none. */
  #valueOf(slot: number, bytes: Buffer, start: number, end: number): number {
    // A number ends with a digit or its dot; of others most have a unit behind it.
    const last = bytes[end - 1] as number;
    const whole = last >= DOT && last <= NINE ? parseNumber(bytes, start, end) : Number.NaN;
    if (!Number.isNaN(whole)) return whole;
    const behind = endOfDigits(bytes, start, end);
    const value = behind > start ? parseNumber(bytes, start, behind) : Number.NaN;
    if (!Number.isNaN(value)) this.key.part(UNIT, slot, bytes, behind, end);
    return value;
  }

  /** What else the number of a cell is. */
  addNumber(bytes: Buffer, slot: number, role: number, value: number, start: number, end: number): void {
    if ((role & KEY) !== 0) this.key.copy(bytes, start, end);
    if ((role & CLASS) !== 0) {
      if (value === 0) this.key.part(IS_ZERO, slot, bytes, 0, 0);
      else if (value < 0) this.key.part(BELOW_ZERO, slot, bytes, 0, 0);
      else if (value >= BLANKS && isBlank(value)) {
        this.values[slot] = Number.NaN;
        this.key.part(WORD, slot, bytes, start, end);
      }
    }
    if ((role & MARK) !== 0) this.marks.add(bytes, start, end);
  }

  #kind(bytes: Buffer, slot: number, start: number, end: number): void {
    if (end === start || end - start > KIND_BYTES || !SPECIAL.test(bytes.toString('latin1', start, end))) return;
    const { statistic, aside, otherPhase } = kindOfRow([bytes.toString('utf8', start, end)], [0]);
    if (statistic === 'value' && !aside && !otherPhase) return;
    const kind = Buffer.from(`${statistic} ${aside} ${otherPhase}`);
    this.key.part(KIND_OF_ROW, slot, kind, 0, kind.length);
  }
}

/** Whether a cell among words may be a number: it begins as one and ends with a digit, a point or a percent sign. */
function mayBeNumber(bytes: Buffer, start: number, end: number): boolean {
  let from = start;
  let to = end;
  while (from < to && bytes[from] === SPACE) from += 1;
  while (to > from && bytes[to - 1] === SPACE) to -= 1;
  const last = bytes[to - 1] as number;
  if (from === to || (bytes[from] as number) > NINE || (last > NINE && last !== PERCENT)) return false;
  if (last === PERCENT) to -= 1;
  while (to > from && bytes[to - 1] === SPACE) to -= 1;
  return !Number.isNaN(parseNumber(bytes, from, to));
}

/** By byte: whether it may stand in a number behind its digits. */
const MAY_GO_ON = Uint8Array.from({ length: 256 }, (_, byte) => ('eE.,+-'.includes(String.fromCharCode(byte)) ? 1 : 0));

/** Behind the sign, digits and fraction at the beginning of a cell; its beginning where what follows may belong to the number. */
function endOfDigits(bytes: Buffer, start: number, end: number): number {
  let at = start;
  if (bytes[at] === MINUS) at += 1;
  const first = at;
  while (at < end && ((bytes[at] as number) - ZERO) >>> 0 <= 9) at += 1;
  if (at === first) return start;
  if (at < end && bytes[at] === DOT) {
    at += 1;
    while (at < end && ((bytes[at] as number) - ZERO) >>> 0 <= 9) at += 1;
  }
  // Of an exponent, a sign, a comma or a second dot the ordinary reader decides.
  return at < end && MAY_GO_ON[bytes[at] as number] === 1 ? start : at;
}
