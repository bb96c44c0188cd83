import { type Expected, type JsonFault, unexpected } from './json-fault.ts';
import { mayLabel } from './json-labels.ts';
import { segment } from './json-pointer.ts';
import { numberAt, stringAt, wordAt } from './json-tokens.ts';
import { LiteralNumber } from './json-value.ts';
import { isPart, saysWhetherFailed } from './marks.ts';
import { heldNumber } from './number-literal.ts';

/** A key that stands more than once in its object. */
export type RepeatedKey = {
  key: string;
  /** of the object */
  pointer: string;
  /** character offset of its second place */
  offset: number;
  /** it says what the whole object is worth, so that nothing of the object is read */
  decisive: boolean;
};

/** How many repeated keys are told one by one; the rest are counted. */
const TOLD = 5;

/** A document that was parsed with care, or the first fault in it. */
export type CarefulOutcome =
  | { value: unknown; notNumbers: number; repeated: { told: RepeatedKey[]; count: number } }
  | { fault: JsonFault };

type ListFrame = { list: unknown[] };
type ObjectFrame = {
  object: Record<string, unknown>;
  /** the member that is being read, and where its key stands */
  key: string;
  keyAt: number;
  /** keys that stand more than once, each with its second place */
  repeated: Map<string, number> | null;
  /** a part of it does not say whether the whole failed */
  undecided: boolean;
};

/**
 * Parses JSON where the engine's parser would lose something: numbers beyond a double stay as they are written, bare `NaN` and
 * `Infinity` are empty texts (no numbers), and of a key that stands more than once in its object no value is kept. Where such a
 * key says whether a record failed or what it was measured on, the object is left empty. Iterative: depth does not matter.
 */
export function parseCarefully(text: string): CarefulOutcome {
  return new CarefulParser(text).parse();
}

class CarefulParser {
  readonly #text: string;
  readonly #open: (ListFrame | ObjectFrame)[] = [];
  readonly #told: RepeatedKey[] = [];
  #at = 0;
  #expected: Expected = 'value';
  #document: unknown;
  #notNumbers = 0;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): CarefulOutcome {
    for (;;) {
      while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
      if (this.#at >= this.#text.length) break;
      const fault = this.#step(this.#text[this.#at] ?? '');
      if (fault !== null) return { fault };
    }
    if (this.#expected !== 'nothing') return { fault: unexpected(this.#expected, this.#at, true) };
    return { value: this.#document, notNumbers: this.#notNumbers, repeated: { told: this.#told, count: this.#count } };
  }

  #step(character: string): JsonFault | null {
    const expected = this.#expected;
    const frame = this.#open.at(-1);
    if (character === ',' && expected === 'comma or end') return this.#go(frame !== undefined && 'list' in frame ? 'value' : 'key');
    if (character === ':' && expected === 'colon') return this.#go('value');
    if (character === ']' && frame !== undefined && 'list' in frame && (expected === 'comma or end' || expected === 'value or ]')) {
      this.#open.pop();
      return this.#put(frame.list, this.#at + 1);
    }
    if (character === '}' && frame !== undefined && 'object' in frame && (expected === 'comma or end' || expected === 'key or }')) {
      this.#open.pop();
      return this.#put(frame.repeated === null && !frame.undecided ? frame.object : this.#decided(frame), this.#at + 1);
    }
    if ((expected === 'key' || expected === 'key or }') && character === '"' && frame !== undefined && 'object' in frame) {
      return this.#key(frame);
    }
    if (expected === 'value' || expected === 'value or ]') return this.#value(character);
    return unexpected(expected, this.#at, false);
  }

  #go(expected: Expected): null {
    this.#expected = expected;
    this.#at += 1;
    return null;
  }

  #key(frame: ObjectFrame): JsonFault | null {
    const token = stringAt(this.#text, this.#at);
    if ('what' in token) return token;
    frame.key = token.value;
    frame.keyAt = this.#at;
    this.#at = token.end;
    this.#expected = 'colon';
    return null;
  }

  #value(character: string): JsonFault | null {
    if (character === '[') {
      this.#open.push({ list: [] });
      return this.#go('value or ]');
    }
    if (character === '{') {
      this.#open.push({ object: {}, key: '', keyAt: 0, repeated: null, undecided: false });
      return this.#go('key or }');
    }
    if (character === '"') {
      const token = stringAt(this.#text, this.#at);
      return 'what' in token ? token : this.#put(token.value, token.end);
    }
    const number = numberAt(this.#text, this.#at);
    if (number !== null) return 'what' in number ? number : this.#put(exact(number.literal), number.end);
    // A document that is nothing but NaN is none that Python writes for a result.
    const word = wordAt(this.#text, this.#at, this.#open.length > 0);
    if (word === null) return unexpected(this.#expected, this.#at, false);
    if ('what' in word) return word;
    if (word.bare) this.#notNumbers += 1;
    return this.#put(word.value, word.end);
  }

  /** Puts a value where it belongs, and goes on behind it. */
  #put(value: unknown, end: number): null {
    this.#at = end;
    const frame = this.#open.at(-1);
    this.#expected = frame === undefined ? 'nothing' : 'comma or end';
    if (frame === undefined) {
      this.#document = value;
    } else if ('list' in frame) {
      frame.list.push(value);
    } else {
      const { object, key } = frame;
      if (Object.hasOwn(object, key)) {
        frame.repeated ??= new Map();
        if (!frame.repeated.has(key)) frame.repeated.set(key, frame.keyAt);
      }
      // By assignment this one key would set the prototype.
      if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      else object[key] = value;
    }
    return null;
  }

  /** What is left of an object, which is no longer open, when nobody knows which of its values hold. */
  #decided({ object, repeated, undecided }: ObjectFrame): object {
    let whole = undecided;
    const around = this.#open.at(-1);
    for (const [key, offset] of repeated ?? []) {
      const fails = saysWhetherFailed(key);
      const decisive = fails || isPart(key) || mayLabel(key, object[key]);
      delete object[key];
      whole ||= decisive;
      if (fails && around !== undefined && 'object' in around && isPart(around.key)) around.undecided = true;
      this.#count += 1;
      if (this.#told.length < TOLD) this.#told.push({ key, pointer: this.#pointer(), offset, decisive });
    }
    return whole ? {} : object;
  }

  #pointer(): string {
    return this.#open.map((frame) => ('list' in frame ? `/${frame.list.length}` : segment(frame.key))).join('');
  }
}

function exact(literal: string): number | LiteralNumber {
  // No number of fifteen digits is changed by a double, unless an exponent moves it out of reach.
  if (literal.length <= 15 && !/[eE]/.test(literal)) return Number(literal);
  const held = heldNumber(literal);
  return held !== null && held.text === null ? held.value : new LiteralNumber(literal);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
