import type { ArtifactKind } from '@chimera/shared/domain';
import { formatOf } from '../formats/registry.ts';
import { type JsonLine, JsonLineParser, readJsonLines } from '../json-lines.ts';
import type { Limits } from '../limits.ts';
import { Refusal } from '../refusal.ts';
import { Warnings } from '../warnings.ts';
import { LINE_FEED, textBetween } from './json-bytes.ts';
import { JsonColumns } from './json-columns.ts';
import { type LineReading, type LinesOf, linesOf } from './json-lines-of.ts';
import { columnTail, linePlaceOf } from './json-places.ts';
import { JsonPlanner } from './json-planner.ts';
import { LineSplitter } from './line-splitter.ts';
import type { StreamOutput } from './stream-output.ts';

/** The first lines, which decide for the others: so many at most, of so many characters in all. */
const FIRST_LINES = 1_000;
const FIRST_CHARS = 1024 * 1024;

/** What a stream of JSON lines is made from. */
export type JsonHead = {
  kind: ArtifactKind;
  /** the first lines of the file, whole ones (or all of the file), decoded, without byte order mark */
  text: string;
  limits: Limits;
  /** takes numbers, failed records, the count of records and warnings */
  output: StreamOutput;
};

/**
 * JSON lines as a stream. What one line means is said by the ordinary reader of the file's format; lines that differ from one in
 * numbers and free texts only (those that no label, mark or failure depends on) are then read without being parsed.
 *
 * What whole reading decides by the whole file is decided by the first lines of the head here (1,000, or 1 MiB):
 * - the format;
 * - which texts repeat over the records, and so are labels: a text that begins to repeat later is none;
 * - which numbers named as settings are different in nearly each record, and so label nothing; where that shows later, they label
 *   nothing from there on, and a warning says so;
 * - the label `place`, where one metric stands in several places of the file: places that come later make none;
 * - the label `start`: a record is cold where its load duration is one beside those of the first lines; where these have no cold
 *   one, warm ones stay unlabelled.
 */
export class JsonStream {
  readonly format: string;
  readonly #output: StreamOutput;
  readonly #lines: LinesOf;
  readonly #columns: JsonColumns;
  readonly #parser: JsonLineParser;
  readonly #splitter: LineSplitter;
  readonly #most: number;
  #first: JsonLine[] = [];
  #planner: JsonPlanner | null = null;
  #line = 0;
  #records = 0;
  #recordsBesideMarks = 0;
  #marked = false;

  private constructor({ limits, output }: JsonHead, format: string, lines: LinesOf, most: number) {
    this.format = format;
    this.#output = output;
    this.#lines = lines;
    this.#most = most;
    this.#columns = new JsonColumns(output);
    this.#parser = new JsonLineParser(limits, output.warnings);
    this.#splitter = new LineSplitter((bytes, start) => this.#read(bytes, start));
  }

  /** @returns null where no line of the head is a document, or its format puts together what stands in several lines */
  static of(head: JsonHead): JsonStream | null {
    const { kind, limits, output } = head;
    const first = firstLines(head.text);
    try {
      const lines = readJsonLines(first, { ...limits, maxValues: Number.POSITIVE_INFINITY }, new Warnings());
      const format = formatOf({ kind, shape: 'jsonl', lines });
      const reader = linesOf(format, limits, output.warnings);
      return reader === null ? null : new JsonStream(head, format.name, reader, first.split('\n').length - 1);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  /**
   * Takes all bytes of the file from behind a byte order mark, those of the head again: valid UTF-8, in pieces of any size. A piece
   * is not kept.
   * @throws Refusal where a line is too long, nests too deep or holds too many values, or more columns are open than may be
   */
  push(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
  }

  /**
   * The file has ended, with or without a line's end.
   * @throws Refusal as `push` does, and where no line could be read
   */
  end(): void {
    this.#splitter.end();
    this.#parser.end();
    if (this.#planner === null) this.#begin();
    const last = this.#lines.end();
    if (last !== null) this.#give(last, () => undefined);
    const marked = this.#marked || this.#planner?.marked === true;
    const read = this.#planner ?? { records: 0, recordsBesideMarks: 0 };
    this.#output.records += marked ? this.#recordsBesideMarks + read.recordsBesideMarks : this.#records + read.records;
  }

  /** Reads the line that begins at a byte; returns the place of its line feed. */
  #read(bytes: Uint8Array, start: number): number {
    this.#line += 1;
    const taken = this.#planner?.take(bytes, start, this.#line) ?? -1;
    if (taken >= 0) {
      this.#parser.pass(this.#planner?.notNumbers ?? 0);
      return taken;
    }
    const end = bytes.indexOf(LINE_FEED, start);
    this.#splitter.refuseTooLong(end - start, this.#line);
    const source = textBetween(bytes, start, end);
    if (source.trim() === '') return end;
    this.#parser.settle();
    const { warnings } = this.#output;
    const before = warnings.count();
    const parsed = this.#parser.parse(source, { line: this.#line, values: 0 });
    if (parsed === null) return end;
    const line: JsonLine = { line: this.#line, value: parsed.value };
    // What stands behind the last line feed belongs to the first lines where it is the next of these.
    if (this.#planner === null && (this.#line <= this.#most || this.#splitter.ended)) {
      this.#first.push(line);
      return end;
    }
    const own = warnings.count() - before;
    if (this.#planner === null) this.#begin();
    const told = warnings.count() - own;
    const contradictions = warnings.count('contradictions');
    const reading = this.#lines.read(line);
    const columns = this.#give(reading, () => line);
    if (this.#output.crowds()) this.#lines.relieve?.(this.#line + 1);
    if (warnings.count('contradictions') === contradictions)
      this.#planner?.learn({ bytes, start, end: end + 1, line: this.#line, parsed, reading }, columns, warnings.count() !== told);
    return end;
  }

  /** Reads the first lines together. */
  #begin(): void {
    const byLine = new Map(this.#first.map((one) => [one.line, one]));
    this.#give(this.#lines.begin(this.#first), (line) => byLine.get(line));
    this.#first = [];
    this.#planner = new JsonPlanner(this.#lines, this.#output);
  }

  /** Gives what was read to the output; returns the column of each number. */
  #give(reading: LineReading, lineOf: (line: number) => JsonLine | undefined): number[] {
    const columns: number[] = [];
    for (const measurement of reading.measurements) {
      const { line, tail } = linePlaceOf(measurement.pointer);
      const column = this.#columns.of(measurement, columnTail(tail, lineOf(line)?.value));
      columns.push(column);
      this.#output.add(column, measurement.value, line);
    }
    for (const record of reading.failed) this.#output.fail(record);
    this.#records += reading.records;
    this.#recordsBesideMarks += reading.recordsBesideMarks;
    this.#marked ||= reading.marked;
    return columns;
  }
}

/** The lines of a head that decide for the file: one at least. */
function firstLines(text: string): string {
  let end = 0;
  for (let lines = 0; lines < FIRST_LINES; lines += 1) {
    const next = text.indexOf('\n', end);
    if (next < 0 || (end > 0 && next > FIRST_CHARS)) break;
    end = next + 1;
  }
  return text.slice(0, end);
}
