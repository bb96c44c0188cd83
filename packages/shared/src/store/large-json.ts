// The engine's texts end at 512 Mi characters, and evidence of very many artifacts is larger.
const MOST_AT_ONCE = 64 * 1_048_576;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The value of JSON in UTF-8 of any size: what the engine's `JSON.parse` gives, which reads no text of more than 512 MiB. What has more than
 * `mostAtOnce` bytes is taken apart, lists and objects member by member, until each piece has fewer.
 * Throws a SyntaxError where it is no JSON, and what the engine throws where a single text is too long for it.
 */
export function parseJsonBytes(bytes: Uint8Array, mostAtOnce = MOST_AT_ONCE): unknown {
  return new LargeJson(bytes, mostAtOnce).value(0, bytes.length);
}

class LargeJson {
  readonly #bytes: Buffer;
  readonly #most: number;

  constructor(bytes: Uint8Array, most: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#most = most;
  }

  /** The value between two places. Blanks may stand around it. */
  value(start: number, end: number): unknown {
    if (end - start <= this.#most) return JSON.parse(this.#text(start, end));
    const from = this.#afterBlanks(start);
    const first = this.#bytes[from];
    if (first === OPEN_LIST) return this.#list(from, end);
    if (first === OPEN_OBJECT) return this.#object(from, end);
    return JSON.parse(this.#text(from, end));
  }

  #list(from: number, end: number): unknown[] {
    const list: unknown[] = [];
    const addAll = (start: number, to: number) => {
      if (to > start) for (const one of JSON.parse(`[${this.#text(start, to)}]`)) list.push(one);
    };
    if (this.#bytes[this.#afterBlanks(from + 1)] === CLOSE_LIST) return this.#closed(list, this.#afterBlanks(from + 1), end);
    // From here to where the member begins stand others that are not read yet.
    let waiting = from + 1;
    for (let start = from + 1; ; ) {
      const to = this.#afterBlanks(this.#endOfValue(start));
      if (to - waiting > this.#most) {
        addAll(waiting, start - 1);
        waiting = start;
      }
      if (to - start > this.#most) {
        list.push(this.value(start, to));
        waiting = to + 1;
      }
      if (this.#bytes[to] === CLOSE_LIST) {
        addAll(waiting, to);
        return this.#closed(list, to, end);
      }
      if (this.#bytes[to] !== COMMA) throw this.#fault(to);
      start = to + 1;
    }
  }

  #object(from: number, end: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    let key = this.#afterBlanks(from + 1);
    if (this.#bytes[key] === CLOSE_OBJECT) return this.#closed(object, key, end);
    for (;;) {
      if (this.#bytes[key] !== QUOTE) throw this.#fault(key);
      const colon = this.#afterBlanks(this.#endOfValue(key));
      if (this.#bytes[colon] !== COLON) throw this.#fault(colon);
      const to = this.#afterBlanks(this.#endOfValue(colon + 1));
      const name: string = JSON.parse(this.#text(key, colon));
      // As the engine does it, also for `__proto__`.
      Object.defineProperty(object, name, { value: this.value(colon + 1, to), writable: true, enumerable: true, configurable: true });
      if (this.#bytes[to] === CLOSE_OBJECT) return this.#closed(object, to, end);
      if (this.#bytes[to] !== COMMA) throw this.#fault(to);
      key = this.#afterBlanks(to + 1);
    }
  }

  /** The value that ends at its closing sign, behind which nothing more may stand. */
  #closed<T>(value: T, at: number, end: number): T {
    const behind = this.#afterBlanks(at + 1);
    if (behind < end) throw this.#fault(behind);
    return value;
  }

  /** Where the value ends that begins here or after blanks. Whether it is one is seen when it is read. */
  #endOfValue(start: number): number {
    const from = this.#afterBlanks(start);
    const first = this.#bytes[from];
    if (first === QUOTE) return this.#endOfText(from);
    if (first === OPEN_LIST || first === OPEN_OBJECT) return this.#endOfNested(from);
    let at = from;
    while (at < this.#bytes.length && !endsScalar(this.#bytes[at] as number)) at++;
    if (at === from) throw this.#fault(at);
    return at;
  }

  #endOfNested(from: number): number {
    let depth = 0;
    for (let at = from; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at];
      if (byte === QUOTE) at = this.#endOfText(at) - 1;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
      else if ((byte === CLOSE_LIST || byte === CLOSE_OBJECT) && --depth === 0) return at + 1;
    }
    throw this.#fault(this.#bytes.length);
  }

  #endOfText(from: number): number {
    for (let at = from + 1; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) return at + 1;
    }
    throw this.#fault(this.#bytes.length);
  }

  #afterBlanks(start: number): number {
    let at = start;
    while (at < this.#bytes.length && isBlank(this.#bytes[at] as number)) at++;
    return at;
  }

  #text(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }

  #fault(at: number): SyntaxError {
    const found = at < this.#bytes.length ? `${JSON.stringify(this.#text(at, at + 1))} at byte ${at}` : 'its end';
    return new SyntaxError(`Unexpected in JSON of ${this.#bytes.length} bytes: ${found}.`);
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte === COLON || byte === QUOTE || isBlank(byte);
}
