/** Bytes that UTF-8 never has: the end of a part of a key, and what a part is. */
const END = 0xff;
/** a unit behind a number */
export const UNIT = 0xfe;
/** an empty cell where a number may be */
export const NOTHING = 0xfd;
/** a text where a number may be */
export const WORD = 0xfc;
export const IS_ZERO = 0xfb;
export const BELOW_ZERO = 0xfa;
/** the row failed */
export const FAILED = 0xf9;
/** what a text says of the kind of its row */
export const KIND_OF_ROW = 0xf8;

/** a number where others of the column are words */
export const WATCHED = 0xf7;

/** The longest key; the text of a longer one is looked at each time. */
const KEY_BYTES = 64 * 1024;

/** What the meaning of a row depends on, as bytes: rows of the same bytes mean the same. */
export class RowKey {
  readonly bytes = new Uint8Array(KEY_BYTES);
  length = 0;
  /** not all of it is there */
  tooLong = false;

  begin(): void {
    this.length = 0;
    this.tooLong = false;
  }

  add(byte: number): void {
    if (this.length >= KEY_BYTES) this.tooLong = true;
    else {
      this.bytes[this.length] = byte;
      this.length += 1;
    }
  }

  /** Adds a part that says what it is, and of which column. */
  part(what: number, slot: number, bytes: Uint8Array, start: number, end: number): void {
    this.add(what);
    this.add(slot >>> 8);
    this.add(slot & 0xff);
    this.copy(bytes, start, end);
  }

  /** Adds a cell. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    const key = this.bytes;
    let { length } = this;
    if (length + end - start + 1 > KEY_BYTES) {
      this.tooLong = true;
      return;
    }
    for (let at = start; at < end; at += 1) {
      key[length] = bytes[at] as number;
      length += 1;
    }
    key[length] = END;
    this.length = length + 1;
  }
}
