import type { ArtifactKind, NumberSink, StreamedReading } from '@chimera/shared/domain';
import { contentOf } from '../content-of-text.ts';
import { decode } from '../encoding.ts';
import { formatOf, isKnown } from '../formats/registry.ts';
import { parseJson } from '../json-document.ts';
import { looksLikeJsonLines } from '../json-lines.ts';
import { extensionOf, kindByName, kindByText } from '../kind.ts';
import { DEFAULT_LIMITS, LIMITS_OF_WHOLE, type Limits } from '../limits.ts';
import { reasonOf } from '../read-artifact.ts';
import { beyondLimit, Refusal } from '../refusal.ts';
import { Warnings } from '../warnings.ts';
import { readCsvHead } from './csv-head.ts';
import { CsvStream } from './csv-stream.ts';
import { JsonStream } from './json-stream.ts';
import { StreamOutput } from './stream-output.ts';
import { TextCheck } from './text-check.ts';

/**
 * What reads the records behind the encoding: `push` takes all bytes of the file from behind a byte order mark, which are valid
 * UTF-8 and not to be kept. Both throw a Refusal where the file cannot be read.
 */
type Records = { push(bytes: Uint8Array): void; end(): void };

/** What a stream is made of. */
type Found = { records: Records; output: StreamOutput; kind: ArtifactKind; format: string };

export type StreamOptions = {
  /** within the dataset, with `/` */
  path: string;
  /** the first bytes of the file: the whole lines of up to 1 MiB are looked at, 5,000 at most */
  head: Uint8Array;
  /** those that differ from the defaults */
  limits?: Partial<Limits>;
  /** takes the numbers, in the order of the file */
  sink: NumberSink;
};

/** Most bytes of a head that are looked at: all that is decided by it is decided in this time and memory. */
const HEAD_BYTES = 1024 * 1024;
const HEAD_LINES = 5_000;

const LF = 0x0a;
const CR = 0x0d;
const MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Reads a CSV file or JSON lines of any size as a stream: what its records mean is what the ordinary reader makes of them in the
 * context of the file's head, and their numbers go to a sink one by one. What whole reading decides by the whole file is decided by
 * the head:
 *
 * - format, delimiter, header, units, which columns are of numbers (a word that comes later drops its column, as in whole reading;
 *   numbers that come later in a column of words are not read, and a warning says so as whole reading does; a column that only says
 *   that there is no value is one of what comes later);
 * - what numbers under `error` are: measurements, or codes by which rows fail. Where the head does not tell, the first one that comes
 *   does; where a later one shows something else, a warning says so;
 * - what commas in numbers do, where the head proves it;
 * - which texts repeat over the records and so label them: texts that begin to repeat behind the head do not;
 * - which numbers named as settings are different in nearly each record, and so label nothing; where that shows behind the head only,
 *   they label nothing from there on, and a warning says so;
 * - the labels `place` and `start`: which places there are, and how long a load is that makes a record a cold one;
 * - whether 0, 1 and single letters under `success` are answers.
 *
 * `maxLines`, `maxCells`, `maxMeasurements`, `maxPointerChars` and `maxBytes` do not bound a stream, nor its head; `maxValues` bounds
 * each line of JSON by itself, and `maxStreamBytes`, `maxNumberColumns` and `maxFailedRecords` the whole.
 */
export class StreamReader {
  readonly #found: Found;
  readonly #limits: Limits;
  readonly #check = new TextCheck();
  #bytes = 0;
  /** bytes of a byte order mark that are still to be passed over */
  #mark: number;
  #reason: string | null = null;
  #cut = false;

  private constructor(found: Found, limits: Limits, mark: number) {
    this.#found = found;
    this.#limits = limits;
    this.#mark = mark;
  }

  /**
   * @returns null where the content cannot be read as a stream: one JSON document, UTF-16, a text of a tool, a page, no text at all.
   * It is then to be read whole, within the ordinary limits.
   */
  static of({ path, head, limits: given, sink }: StreamOptions): StreamReader | null {
    const limits: Limits = { ...DEFAULT_LIMITS, ...given };
    try {
      const mark = MARK.every((byte, index) => head[index] === byte) ? MARK.length : 0;
      const bytes = firstLines(head.subarray(mark, HEAD_BYTES));
      if (bytes === null || (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return null;
      const { text } = decode(bytes);
      const kind = kindByName(path) ?? kindByText(text, ofHead(limits));
      const found = recordsOf({ path, kind, text, limits, sink });
      return found === null ? null : new StreamReader(found, limits, mark);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  /** Takes the next bytes of the file, from its beginning, in pieces of any size; a piece may be used again afterwards. Never throws. */
  push(piece: Uint8Array): void {
    if (this.#reason !== null || piece.length === 0) return;
    try {
      this.#bytes += piece.length;
      if (this.#bytes > this.#limits.maxStreamBytes)
        throw beyondLimit(`too large: more than ${this.#limits.maxStreamBytes} bytes`, this.#limits, 'maxStreamBytes');
      const passed = Math.min(this.#mark, piece.length);
      this.#mark -= passed;
      const rest = piece.subarray(passed);
      if (this.#check.push(rest)) this.#found.records.push(rest);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** The file has ended. Never throws. */
  end(): StreamedReading {
    const { records: stream, output, kind, format } = this.#found;
    const { warnings } = output;
    try {
      if (this.#reason === null) {
        const warning = this.#check.end();
        stream.end();
        output.end();
        if (warning !== null) warnings.add('encoding', warning);
      }
    } catch (error) {
      this.#refuse(error);
    }
    const cut = this.#cut || warnings.cut ? { cut: true } : {};
    if (this.#reason !== null) return { status: 'refused', kind, format, reason: this.#reason, ...cut };
    const { measurements, records, failed } = output;
    return { status: 'read', kind, format, warnings: warnings.list(), measurements, records, failed, ...cut };
  }

  #refuse(error: unknown): void {
    this.#reason = reasonOf(error);
    this.#cut = error instanceof Refusal && error.cut;
  }
}

type Head = { path: string; kind: ArtifactKind; text: string; limits: Limits; sink: NumberSink };

function recordsOf({ path, kind, text, limits, sink }: Head): Found | null {
  const tabs = extensionOf(path) === 'tsv';
  if (kind === 'json' && !looksLikeJsonLines(text, limits)) return null;
  const headLimits = ofHead(limits);
  const content = contentOf(kind, text, headLimits, new Warnings(), { tabs, isKnown });
  const output = new StreamOutput(sink, limits, new Warnings());
  if (content.shape === 'table') {
    const head = readCsvHead(text, tabs ? '\t' : ',', headLimits);
    if (head.table.rows.length === 0) return null;
    const format = formatOf(content);
    return { records: new CsvStream({ kind, head, format, limits: headLimits, output }), output, kind, format: format.name };
  }
  if (content.shape !== 'jsonl' || !areLines(text, headLimits)) return null;
  output.warnings.take(shapeWarnings(kind));
  const records = JsonStream.of({ kind, text, limits, output });
  return records === null ? null : { records, output, kind, format: records.format };
}

/** Without those that bound what is held at once: a head is small, and so is what is held of the rest. */
function ofHead(limits: Limits): Limits {
  const free = Object.fromEntries([...LIMITS_OF_WHOLE].map((name) => [name, Number.POSITIVE_INFINITY]));
  return { ...limits, ...free };
}

/** Whether a text holds a document on each line, and not one that goes on behind the head. */
function areLines(text: string, limits: Limits): boolean {
  if (looksLikeJsonLines(text, limits)) return true;
  const outcome = parseJson(text, limits);
  return 'fault' in outcome && !outcome.fault.atEnd;
}

/** What is said of a file whose lines are documents and whose name says something else, in the words of the ordinary reader. */
function shapeWarnings(kind: ArtifactKind): Warnings {
  const warnings = new Warnings();
  const lines = '{"a":1}\n{"a":1}\n';
  if (kind !== 'jsonl') contentOf(kind, lines, DEFAULT_LIMITS, warnings, { tabs: false, isKnown: () => false });
  return warnings;
}

/** The bytes up to the end of the last line, or of the last that is looked at; null where no line ends. */
function firstLines(head: Uint8Array): Uint8Array | null {
  const lineEnd = head.includes(LF) ? LF : CR;
  let end = -1;
  for (let lines = 0; lines < HEAD_LINES; lines += 1) {
    const next = head.indexOf(lineEnd, end + 1);
    if (next < 0) break;
    end = next;
  }
  return end < 0 ? null : head.subarray(0, end + 1);
}
