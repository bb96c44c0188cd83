import type { ArtifactKind } from '@chimera/shared/domain';
import { withoutCutCell } from '../csv-cut.ts';
import { type CsvEnd, type CsvRow, csvRows } from '../csv-rows.ts';
import type { Format } from '../formats/format.ts';
import type { Limits } from '../limits.ts';
import { Refusal } from '../refusal.ts';
import type { Row } from '../table.ts';
import type { Warnings } from '../warnings.ts';
import type { CsvHead } from './csv-head.ts';
import { CsvMeaning } from './csv-meaning.ts';
import { CsvPlans, type ScannedRow } from './csv-plans.ts';
import { RowBytes } from './csv-row-bytes.ts';
import { CsvScanner } from './csv-scanner.ts';
import { CsvSieve } from './csv-sieve.ts';
import { endOfRow } from './row-end.ts';
import type { StreamOutput } from './stream-output.ts';

/** A row that takes more bytes has a quote that is never closed, or is none of a table of measurements. */
const ROW_BYTES = 16 * 1024 * 1024;
/** … and whatever cells may hold: what is there of a row is looked through with each piece. */
const MOST_ROW_BYTES = 64 * 1024 * 1024;
/** Of a UTF-16 code unit, in UTF-8. */
const MOST_CHAR_BYTES = 3;

/** Rows of which so many had no plan make that the next ones are read together. */
const WINDOW = 2_000;
const MANY = 500;
const TOGETHER = 20_000;

export type CsvStreamOptions = {
  kind: ArtifactKind;
  head: CsvHead;
  format: Format;
  limits: Limits;
  /** takes numbers, failed records, the count of records and warnings */
  output: StreamOutput;
};

/**
 * A table in CSV as a stream. Rows without surprises are read on bytes (CsvScanner); any other row becomes texts, goes through the
 * same sieve as in the ordinary reader, and is read by it in the context of the head (CsvMeaning).
 */
export class CsvStream {
  readonly #head: CsvHead;
  readonly #limits: Limits;
  readonly #warnings: Warnings;
  readonly #output: StreamOutput;
  readonly #meaning: CsvMeaning;
  readonly #scanner: CsvScanner;
  readonly #sieve: CsvSieve;
  readonly #rest = new RowBytes();
  readonly #rowBytes: number;
  #line = 1;
  /** the last byte of the file, as far as it is known */
  #last = LF;
  #window = 0;
  #without = 0;
  #together = 0;
  #keysLost = 0;

  constructor({ kind, head, format, limits, output }: CsvStreamOptions) {
    this.#head = head;
    this.#limits = limits;
    // A row with one cell as long as may be, and room for others.
    this.#rowBytes = Math.min(Math.max(ROW_BYTES, (limits.maxCellChars + 1_000_000) * MOST_CHAR_BYTES), MOST_ROW_BYTES);
    this.#warnings = output.warnings;
    for (const sentence of head.warnings) this.#warnings.add('header', sentence);
    this.#output = output;
    this.#meaning = new CsvMeaning(head, format, kind, this.#output);
    this.#scanner = new CsvScanner(head, this.#meaning, this.#output);
    this.#sieve = new CsvSieve(head, this.#warnings);
  }

  /**
   * All bytes of the file from behind a byte order mark, the head's too, in pieces of any size; they are valid UTF-8.
   * @throws Refusal where the file cannot be read
   */
  push(piece: Uint8Array): void {
    this.#last = piece.at(-1) ?? this.#last;
    if (this.#sieve.over) return;
    const rest = this.#rest;
    rest.append(piece);
    // Without a line's end in it, a piece completes no row.
    if (piece.includes(LF) || piece.includes(CR) || rest.bytes[rest.end - piece.length - 1] === CR) this.#readRows();
    if (!this.#sieve.over && rest.length > this.#rowBytes) this.#sieve.swallow(this.#line, this.#rowBytes);
  }

  /**
   * The file has ended.
   * @throws Refusal where the file cannot be read
   */
  end(): void {
    if (!this.#sieve.over) this.#readRest();
    else if (this.#last !== LF && this.#last !== CR && this.#last !== QUOTE) this.#warnings.endsInside();
    this.#meaning.end();
    this.#sieve.end(this.#scanner);
  }

  /** Reads all rows that are there as a whole. */
  #readRows(): void {
    const rest = this.#rest;
    for (;;) {
      let scanned: ScannedRow | null = null;
      if (this.#line > this.#sieve.above && !this.#sieve.blank && this.#together === 0) {
        const scanner = this.#scanner;
        scanner.line = this.#line;
        rest.start = scanner.scan(rest.bytes, rest.start, rest.end);
        this.#line = scanner.line;
        scanned = scanner.row;
      }
      const next = endOfRow(rest.bytes, rest.start, rest.end, this.#scanner.delimiter);
      if (next < 0) return;
      // Whether its end is there when its length shows must not matter.
      if (next - rest.start > this.#rowBytes) {
        this.#sieve.swallow(this.#line, this.#rowBytes);
        return;
      }
      this.#takeText(rest.take(next), scanned);
      if (this.#sieve.over) return;
    }
  }

  /** Reads the text of one row. */
  #takeText(text: string, scanned: ScannedRow | null): void {
    const [row] = this.#rowsOf(text).rows;
    this.#line += linesIn(text);
    if (row !== undefined) this.#take(row, scanned);
  }

  /** The rows of a text that begins on the present line. */
  #rowsOf(text: string): { rows: CsvRow[]; end: CsvEnd } {
    const above = this.#line - 1;
    try {
      const { rows, end } = csvRows(text, this.#head.delimiter, this.#limits);
      return { rows: rows.map((row) => ({ ...row, line: row.line + above })), end };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(error.message.replace(/\(line (\d+)\)/, (_, line) => `(line ${Number(line) + above})`));
    }
  }

  /** Sieves a row as the ordinary reader does, and reads it where it is one of the table. */
  #take(row: CsvRow, scanned: ScannedRow | null): void {
    if (this.#sieve.takes(row, this.#scanner)) this.#read(row, scanned);
  }

  #read(row: Row, scanned: ScannedRow | null): void {
    if (this.#together > 0) {
      this.#together -= 1;
      this.#meaning.readLater(row);
      // Rows of which one says less by now are of fewer keys.
      if (this.#losesKeys()) this.#together = 0;
      if (this.#together === 0) this.#meaning.flush();
      return;
    }
    this.#count();
    const plan = this.#meaning.read(row, scanned?.values ?? null);
    if (this.#losesKeys() || plan === null || scanned === null) return;
    this.#scanner.plans.keep(plan, scanned, () => this.#meaning.withoutContradiction(row, scanned.values));
  }

  /** Whether keys have become other ones, so that no plan holds. */
  #losesKeys(): boolean {
    if (this.#meaning.keysLost === this.#keysLost) return false;
    this.#keysLost = this.#meaning.keysLost;
    this.#scanner.plans = new CsvPlans();
    return true;
  }

  /** Where many rows had to be read one by one, the next ones are read together. */
  #count(): void {
    const rows = this.#scanner.rows + this.#sieve.rows;
    this.#without += 1;
    if (rows - this.#window >= WINDOW) {
      if (this.#without > MANY && this.#without * 4 > rows - this.#window) this.#together = TOGETHER;
      this.#window = rows;
      this.#without = 0;
    }
  }

  /** Reads what stands behind the last line's end. */
  #readRest(): void {
    this.#readRows();
    if (this.#sieve.over || this.#rest.length === 0) return;
    const { rows, end } = this.#rowsOf(this.#rest.take(this.#rest.end));
    const last = rows.at(-1);
    for (const own of rows) {
      if (end === 'line' || own !== last) this.#take(own, null);
      else this.#takeCut(own, end);
      if (this.#sieve.over) return;
    }
  }

  /** The last row, without a line's end: what of it cannot be told from a cut one is not read. */
  #takeCut(row: CsvRow, end: 'quote' | 'cell' | 'open quote'): void {
    if (end !== 'quote') this.#warnings.endsInside();
    const { columns, rows } = this.#head.table;
    const fits = this.#sieve.takes(row, this.#scanner);
    const others = rows.filter(({ line }) => line !== row.line);
    // A word further down in the last column is as good as one in the head.
    const words = this.#meaning.endsInWords ? [{ line: 0, cells: columns.map(() => 'word') }] : [];
    const own = fits ? [row] : [];
    const trusted = withoutCutCell(
      { rows: [...others, ...words, ...own], header: this.#head.header, last: row, columns, end },
      this.#warnings,
    );
    const told = trusted.at(-1);
    if (fits && told !== undefined && told.line === row.line) this.#read(told, null);
  }
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Line ends in a text. */
function linesIn(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) lines += 1;
  }
  return lines;
}
