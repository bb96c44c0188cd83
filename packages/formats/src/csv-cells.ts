const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Walks over the cells of a CSV text (RFC 4180; lines end with LF, CRLF or CR). What is known of the present cell stands in
 * fields, and nothing is copied until `text()` is called: a hostile file has more cells than fit into memory.
 * No character is looked at more than a few times, whatever quotes and blanks stand around it.
 */
export class CsvCells {
  /** where the cell's words begin and end; the quotes around them are outside */
  start = 0;
  end = 0;
  quoted = false;
  /** pairs of quotes that stand for one */
  doubled = 0;
  /** line breaks within the cell */
  breaks = 0;
  /** its quote is never closed: it swallows the rest of the text */
  open = false;
  /** its quotes are not in order: never closed, or something stands behind the closing one */
  broken = false;
  /** it is the last one of its row */
  last = false;
  /** the text ends with it, without a line's end */
  atEnd = false;
  readonly #text: string;
  readonly #delimiter: number;
  #at = 0;
  #done = false;

  /** @param delimiter one character, neither a quote nor a line break */
  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Goes on to the next cell; false where there is none. A text that ends with a line's end has no row behind it. */
  next(): boolean {
    if (this.#done) return false;
    const { length } = this.#text;
    this.quoted = this.#text.charCodeAt(this.#at) === QUOTE;
    const stop = this.quoted ? this.#endOfQuoted() : this.#endOfPlain();
    const code = this.#text.charCodeAt(stop);
    this.last = code !== this.#delimiter;
    this.#at = stop + (code === CR && this.#text.charCodeAt(stop + 1) === LF ? 2 : 1);
    this.atEnd = stop >= length;
    this.#done = this.atEnd || (this.last && this.#at >= length);
    return true;
  }

  /** How long `text()` is, in UTF-16 code units, where no line break in it is CRLF. */
  get length(): number {
    return this.end - this.start - this.doubled;
  }

  /** The cell's words; line breaks within them are LF. */
  text(): string {
    const raw = this.#text.slice(this.start, this.end);
    const words = this.doubled > 0 ? raw.replaceAll('""', '"') : raw;
    return this.breaks > 0 && words.includes('\r') ? words.replace(/\r\n?/g, '\n') : words;
  }

  /** Whether nothing but white space stands in it. */
  isBlank(): boolean {
    return this.start === this.end || this.#text.slice(this.start, this.end).trim() === '';
  }

  #endOfPlain(): number {
    this.doubled = 0;
    this.breaks = 0;
    this.open = false;
    this.broken = false;
    this.start = this.#at;
    let at = this.#at;
    for (; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === this.#delimiter || code === LF || code === CR) break;
    }
    this.end = at;
    return at;
  }

  #endOfQuoted(): number {
    this.doubled = 0;
    this.open = false;
    this.broken = false;
    this.start = this.#at + 1;
    for (let from = this.start; ; ) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) {
        this.open = true;
        this.broken = true;
        return this.#endAt(this.#text.length, this.#text.length);
      }
      if (this.#text.charCodeAt(quote + 1) === QUOTE) {
        this.doubled += 1;
        from = quote + 2;
        continue;
      }
      const behind = this.#behindBlanks(quote + 1);
      const code = this.#text.charCodeAt(behind);
      if (behind >= this.#text.length || code === this.#delimiter || code === LF || code === CR) return this.#endAt(quote, behind);
      this.broken = true;
      from = behind;
    }
  }

  #behindBlanks(from: number): number {
    let at = from;
    for (; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if ((code !== SPACE && code !== TAB) || code === this.#delimiter) break;
    }
    return at;
  }

  #endAt(end: number, stop: number): number {
    this.end = end;
    this.breaks = 0;
    for (let at = this.start; at < end; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === LF || (code === CR && this.#text.charCodeAt(at + 1) !== LF)) this.breaks += 1;
    }
    return stop;
  }
}
