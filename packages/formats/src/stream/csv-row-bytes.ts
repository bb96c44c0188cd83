const LF = 0x0a;
const LEAST = 64 * 1024;

/** The bytes of a table that are not read yet: pieces come in at the end, rows go out at the start. */
export class RowBytes {
  /** what is not read yet stands between `start` and `end`; a line feed behind it ends the last row for the scanner */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  append(piece: Uint8Array): void {
    const rest = this.length;
    if (rest + piece.length + 1 > this.bytes.length) {
      const bytes = Buffer.allocUnsafe(Math.max(LEAST, (rest + piece.length + 1) * 2));
      this.bytes.copy(bytes, 0, this.start, this.end);
      this.bytes = bytes;
      this.start = 0;
    } else if (this.end + piece.length + 1 > this.bytes.length) {
      this.bytes.copyWithin(0, this.start, this.end);
      this.start = 0;
    }
    this.end = this.start + rest;
    this.bytes.set(piece, this.end);
    this.end += piece.length;
    this.bytes[this.end] = LF;
  }

  /** The text up to a place, which is then read. */
  take(end: number): string {
    const text = this.bytes.toString('utf8', this.start, end);
    this.start = end;
    return text;
  }
}
