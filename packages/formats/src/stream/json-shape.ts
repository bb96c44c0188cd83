import { segment } from '../json-pointer.ts';
import { endOfJsonNumber } from './fast-number.ts';
import {
  behindBlanks,
  CARRIAGE_RETURN,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  endOfText,
  endOfTexts,
  endOfWord,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
  TAB,
  textBetween,
} from './json-bytes.ts';
import type { JsonSlot } from './json-slot.ts';

/** More would be no shape that lines share. */
const MOST_SLOTS = 4_096;
const MOST_ITEMS = 64;
const DEEPEST = 50;

/** What lines of one shape share: the bytes before, between and behind their slots. */
export type JsonShape = { slots: JsonSlot[]; between: Uint8Array[] };

/**
 * The shape of a line that is an object: its keys and what separates them, and between these a slot for each number, text, word
 * and list of numbers or texts. Items of other lists are slots each, so such lists are of the same length in all lines of the shape.
 * @param start of the line, which is known to be valid JSON
 * @param end behind its line feed
 * @returns null where it is no object, or too large for a shape that others have too
 */
export function shapeOf(bytes: Uint8Array, start: number, end: number): JsonShape | null {
  const reader = new ShapeReader(bytes, start, end);
  return reader.read();
}

/** Where the walk is. */
type Place = Omit<JsonSlot, 'list'> & { depth: number };

class ShapeReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #slots: JsonSlot[] = [];
  readonly #between: Uint8Array[] = [];
  #at: number;
  /** where the bytes begin that stand before the next slot */
  #from: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#from = start;
    this.#end = end;
  }

  read(): JsonShape | null {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== OPEN_OBJECT) return null;
    if (!this.#value({ pointer: '', keys: [], listed: false, depth: 0 })) return null;
    this.#between.push(this.#bytes.slice(this.#from, this.#end));
    return { slots: this.#slots, between: this.#between };
  }

  #value(place: Place): boolean {
    this.#skipSpace();
    const code = this.#bytes[this.#at];
    if (place.depth > DEEPEST) return false;
    if (code === OPEN_OBJECT) return this.#object(place);
    if (code !== OPEN_LIST) return this.#slot(place, null, this.#endOfScalar(code));
    const numbers = endOfNumbers(this.#bytes, this.#at);
    if (numbers >= 0) return this.#slot(place, 'numbers', numbers);
    const texts = endOfTexts(this.#bytes, this.#at);
    return texts < 0 ? this.#list(place) : this.#slot(place, 'texts', texts);
  }

  #endOfScalar(code: number | undefined): number {
    if (code === QUOTE) return endOfText(this.#bytes, this.#at + 1) + 1;
    const end = endOfWord(this.#bytes, this.#at);
    return end < 0 ? endOfJsonNumber(this.#bytes, this.#at) : end;
  }

  #slot({ pointer, keys, listed }: Place, list: JsonSlot['list'], end: number): boolean {
    if (end <= this.#at || this.#slots.length >= MOST_SLOTS) return false;
    this.#between.push(this.#bytes.slice(this.#from, this.#at));
    this.#slots.push({ pointer, keys, listed, list });
    this.#at = end;
    this.#from = end;
    return true;
  }

  #object(place: Place): boolean {
    this.#at += 1;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_OBJECT) return this.#step();
    for (;;) {
      this.#skipSpace();
      const end = this.#bytes[this.#at] === QUOTE ? endOfText(this.#bytes, this.#at + 1) : -1;
      if (end < 0) return false;
      const key = String(JSON.parse(textBetween(this.#bytes, this.#at, end + 1)));
      this.#at = end + 1;
      this.#skipSpace();
      if (this.#bytes[this.#at] !== COLON) return false;
      this.#at += 1;
      const inside = { ...place, pointer: place.pointer + segment(key), keys: [...place.keys, key], depth: place.depth + 1 };
      if (!this.#value(inside)) return false;
      this.#skipSpace();
      if (this.#bytes[this.#at] === CLOSE_OBJECT) return this.#step();
      if (this.#bytes[this.#at] !== COMMA) return false;
      this.#at += 1;
    }
  }

  #list(place: Place): boolean {
    this.#at += 1;
    for (let index = 0; index < MOST_ITEMS; index += 1) {
      if (!this.#value({ ...place, pointer: `${place.pointer}/${index}`, listed: true, depth: place.depth + 1 })) return false;
      this.#skipSpace();
      if (this.#bytes[this.#at] === CLOSE_LIST) return this.#step();
      if (this.#bytes[this.#at] !== COMMA) return false;
      this.#at += 1;
    }
    return false;
  }

  #step(): true {
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#bytes[this.#at];
      if (code !== SPACE && code !== TAB && code !== CARRIAGE_RETURN) return;
      this.#at += 1;
    }
  }
}

/** Where a list ends that holds plain numbers only, or nothing, with blanks between; -1 where it holds anything else. */
function endOfNumbers(bytes: Uint8Array, start: number): number {
  let at = behindBlanks(bytes, start + 1);
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    const end = endOfJsonNumber(bytes, at);
    if (end < 0) return -1;
    at = behindBlanks(bytes, end);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = behindBlanks(bytes, at + 1);
  }
}
