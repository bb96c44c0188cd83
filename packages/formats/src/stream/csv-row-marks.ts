import type { CsvMeaning } from './csv-meaning.ts';
import { MARK } from './csv-roles.ts';

/** Stands behind each cell; no byte of UTF-8. */
const END = 0xff;

/** Reasons for failing that are remembered by the cells that say them, and the longest of these, in bytes. */
const REASONS = 20_000;
const REASON_BYTES = 1_000;

/** The cells of a row that say whether it failed, as bytes. */
export class RowMarks {
  /** whether the table has such columns */
  readonly any: boolean;
  /** why the row that was judged last failed, or null */
  reason: string | null = null;
  readonly #columns: readonly number[];
  readonly #meaning: CsvMeaning;
  readonly #reasons = new Map<string, string | null>();
  #bytes = Buffer.alloc(1_024);
  #length = 0;
  /** those of the row before */
  #before = Buffer.alloc(1_024);
  #lengthBefore = -1;
  #lost = 0;

  constructor(meaning: CsvMeaning) {
    this.#meaning = meaning;
    this.#columns = [...meaning.roles.entries()].flatMap(([index, role]) => ((role & MARK) === 0 ? [] : [index]));
    this.any = this.#columns.length > 0;
  }

  begin(): void {
    this.#length = 0;
  }

  /** Adds the next such cell of the row. */
  add(bytes: Uint8Array, start: number, end: number): void {
    let length = this.#length;
    if (length + end - start + 1 > this.#bytes.length) {
      const more = Buffer.alloc((length + end - start + 1) * 2);
      this.#bytes.copy(more, 0, 0, length);
      this.#bytes = more;
    }
    const own = this.#bytes;
    for (let at = start; at < end; at += 1) {
      own[length] = bytes[at] as number;
      length += 1;
    }
    own[length] = END;
    this.#length = length + 1;
  }

  /** Whether the row failed, by all of its cells that say so. */
  judge(): boolean {
    const own = this.#bytes;
    const length = this.#length;
    const before = this.#before;
    this.#forgetLost();
    let same = length === this.#lengthBefore;
    for (let at = 0; same && at < length; at += 1) same = own[at] === before[at];
    if (!same) {
      this.reason = this.#reasonOf(own.subarray(0, length));
      this.#bytes = before;
      this.#before = own;
      this.#lengthBefore = length;
    }
    return this.reason !== null;
  }

  /** Reasons that are known hold no longer once what a column of errors holds has become something else. */
  #forgetLost(): void {
    if (this.#lost === this.#meaning.reasonsLost) return;
    this.#lost = this.#meaning.reasonsLost;
    this.#reasons.clear();
    this.#lengthBefore = -1;
  }

  #reasonOf(marked: Buffer): string | null {
    const text = marked.length <= REASON_BYTES ? marked.toString('latin1') : null;
    const known = text === null ? undefined : this.#reasons.get(text);
    if (known !== undefined) return known;
    const cells = new Array<string>(this.#meaning.roles.length).fill('');
    let start = 0;
    for (const index of this.#columns) {
      const end = marked.indexOf(END, start);
      cells[index] = marked.toString('utf8', start, end);
      start = end + 1;
    }
    const reason = this.#meaning.failureOf(cells);
    if (this.#reasons.size >= REASONS) this.#reasons.clear();
    if (text !== null) this.#reasons.set(text, reason);
    return reason;
  }
}
