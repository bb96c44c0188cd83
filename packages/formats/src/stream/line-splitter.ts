import { Refusal } from '../refusal.ts';
import { LINE_FEED } from './json-bytes.ts';

/** Longest line, in bytes. */
const LINE_BYTES = 64 * 1024 * 1024;

/**
 * Cuts bytes that come in pieces into lines. A line is shown in the bytes that hold it, and ends with a line feed there, so that
 * whoever reads it need not look for its end first.
 */
export class LineSplitter {
  /** nothing comes behind the line that is being shown */
  ended = false;
  readonly #read: (bytes: Uint8Array, start: number) => number;
  /** the beginning of a line whose end has not come */
  #kept = new Uint8Array(64 * 1024);
  #length = 0;
  #lines = 0;

  /** @param read takes the line that begins at a byte, and returns the place of its line feed */
  constructor(read: (bytes: Uint8Array, start: number) => number) {
    this.#read = read;
  }

  /** @throws Refusal where a line is too long */
  push(piece: Uint8Array): void {
    // One kind of array, whatever comes: the loops that read it are made for that.
    const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
    let start = 0;
    if (this.#length > 0) {
      const end = bytes.indexOf(LINE_FEED);
      start = end < 0 ? bytes.length : end + 1;
      this.#keep(bytes.subarray(0, start));
      if (end < 0) return;
      this.#showKept();
    }
    const last = bytes.lastIndexOf(LINE_FEED);
    while (start <= last) {
      this.#lines += 1;
      start = this.#read(bytes, start) + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
  }

  /** Shows what stands behind the last line feed. */
  end(): void {
    if (this.#length === 0) return;
    this.ended = true;
    this.#keep(Uint8Array.of(LINE_FEED));
    this.#showKept();
  }

  /** @throws Refusal where a line is longer than any may be */
  refuseTooLong(length: number, line: number): void {
    if (length <= LINE_BYTES) return;
    const why = `the most that a line may have in a file that is read as a stream is ${LINE_BYTES} bytes`;
    throw new Refusal(`line ${line} is too long: ${why}; write one record on each line`);
  }

  #showKept(): void {
    this.#lines += 1;
    this.#length = 0;
    this.#read(this.#kept, 0);
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    this.refuseTooLong(length - 1, this.#lines + 1);
    if (length > this.#kept.length) {
      const kept = new Uint8Array(Math.max(length, this.#kept.length * 2));
      kept.set(this.#kept.subarray(0, this.#length));
      this.#kept = kept;
    }
    this.#kept.set(bytes, this.#length);
    this.#length = length;
  }
}
