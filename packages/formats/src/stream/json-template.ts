import { saysError } from '../marks.ts';
import { isOfOtherPhase } from '../namesakes.ts';
import { isQuotedNumber } from '../quoted-numbers.ts';
import { endOfJsonNumber, readJsonNumber } from './fast-number.ts';
import { behindBlanks, CLOSE_LIST, COMMA, endOfText, endOfTexts, endOfWord, OPEN_LIST, QUOTE, quotedText, SPACE } from './json-bytes.ts';
import type { JsonShape } from './json-shape.ts';
import {
  BARE,
  EMPTY,
  FALSE,
  type JsonSlot,
  MESSAGE,
  NULL,
  NUMBER,
  NUMBERS,
  PHASE,
  QUOTED,
  type SlotRole,
  TEXT,
  TEXTS,
  TRUE,
} from './json-slot.ts';

/** By first letter of a word: what it is. */
const WORD_KINDS: Readonly<Record<number, number>> = { 116: TRUE, 102: FALSE, 110: NULL };

/** What a text begins with that may name another phase: letters of its words, blanks, escapes, and what is no ASCII. */
const MAY_BE_PHASE = Uint8Array.from({ length: 256 }, (_, code) =>
  code <= SPACE || code >= 0x80 || 'pilt\\o'.includes(String.fromCharCode(code).toLowerCase()) ? 1 : 0,
);
/** A longer text names none: 40 characters, each an escape of six bytes. */
const PHASE_BYTES = 240;

const OF_NUMBERS = 1;
const OF_TEXTS = 2;

const NUMBER_IS_KEY = 1;
const TEXT_IS_KEY = 2;
const TEXT_IS_PHASE = 4;
const TEXT_IS_MESSAGE = 8;
const TEXT_MAY_BE_NUMBER = 16;

/** A line whose lists hold more is read by itself. */
const MOST_VALUES = 2 ** 18;

/** Numbers of the lists of one line, one list behind the other. */
export class ListValues {
  values = new Float64Array(1_024);

  /** Makes room for more, and returns where all stand now. */
  grow(): Float64Array {
    const more = new Float64Array(this.values.length * 2);
    more.set(this.values);
    this.values = more;
    return more;
  }
}

/** Lines of one shape: matches their bytes, and tells what stands in each slot of the last one that matched. */
export class JsonTemplate {
  readonly slots: readonly JsonSlot[];
  /** by slot: what stands there, as `json-slot.ts` numbers it */
  readonly kinds: Uint8Array;
  /** by slot: its bytes, of a text without its quotes; of a list of numbers, where they stand in the values */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly lists: ListValues;
  readonly #flags: Uint8Array;
  /** by slot: of what it holds a list, or 0 */
  readonly #listOf: Uint8Array;
  /** all bytes that lines of the shape share, and by slot where those before it end */
  readonly #shared: Uint8Array;
  readonly #ends: Int32Array;

  /** @param roles by slot: how its numbers and its texts count */
  constructor({ slots, between }: JsonShape, roles: readonly { number: SlotRole; text: SlotRole }[], lists: ListValues) {
    this.slots = slots;
    this.lists = lists;
    this.kinds = new Uint8Array(slots.length);
    this.from = new Int32Array(slots.length);
    this.to = new Int32Array(slots.length);
    this.#listOf = Uint8Array.from(slots, ({ list }) => (list === null ? 0 : list === 'numbers' ? OF_NUMBERS : OF_TEXTS));
    this.#flags = Uint8Array.from(
      roles,
      ({ number, text }) =>
        (number === 'key' ? NUMBER_IS_KEY : 0) |
        (text === 'key' ? TEXT_IS_KEY : 0) |
        (text === 'phase' ? TEXT_IS_PHASE : 0) |
        (text === 'message' ? TEXT_IS_MESSAGE : 0) |
        (text === 'number' ? TEXT_MAY_BE_NUMBER : 0),
    );
    this.#shared = new Uint8Array(Buffer.concat(between));
    let end = 0;
    this.#ends = Int32Array.from(between, ({ length }) => {
      end += length;
      return end;
    });
  }

  /**
   * Whether the line that begins at a byte is of this shape.
   * @param bytes in which it ends with a line feed
   * @returns the place of that line feed; -1 where it is not: what the template tells is then of no line
   */
  match(bytes: Uint8Array, start: number): number {
    const shared = this.#shared;
    const ends = this.#ends;
    const count = this.kinds.length;
    let at = start;
    let next = 0;
    let held = 0;
    for (let slot = 0; ; slot += 1) {
      const end = ends[slot] as number;
      for (; next < end; next += 1, at += 1) if (bytes[at] !== shared[next]) return -1;
      if (slot === count) return at - 1;
      const list = this.#listOf[slot];
      if (list === OF_NUMBERS) {
        at = this.#matchList(bytes, at, slot, held);
        if (at < 0) return -1;
        held = this.to[slot] as number;
        continue;
      }
      if (list === OF_TEXTS) {
        at = this.#matchTexts(bytes, at, slot);
        if (at < 0) return -1;
        continue;
      }
      const code = bytes[at];
      if (code === QUOTE) {
        const close = endOfText(bytes, at + 1);
        if (close < 0) return -1;
        this.from[slot] = at + 1;
        this.to[slot] = close;
        const flags = this.#flags[slot] as number;
        this.kinds[slot] = flags > TEXT_IS_KEY + NUMBER_IS_KEY ? kindOfText(flags, bytes, at + 1, close) : TEXT;
        at = close + 1;
        continue;
      }
      this.from[slot] = at;
      let behind = endOfJsonNumber(bytes, at);
      if (behind >= 0) {
        this.kinds[slot] = NUMBER;
      } else {
        behind = endOfWord(bytes, at);
        if (behind < 0) return -1;
        this.kinds[slot] = WORD_KINDS[code as number] ?? BARE;
      }
      this.to[slot] = behind;
      at = behind;
    }
  }

  /** Whether the bytes in a slot are part of what the line means. */
  isKey(slot: number): boolean {
    const kind = this.kinds[slot];
    const flags = this.#flags[slot] as number;
    return (kind === NUMBER && (flags & NUMBER_IS_KEY) !== 0) || (kind === TEXT && (flags & TEXT_IS_KEY) !== 0);
  }

  #matchTexts(bytes: Uint8Array, start: number, slot: number): number {
    if (bytes[start] !== OPEN_LIST) return -1;
    this.kinds[slot] = TEXTS;
    const at = behindBlanks(bytes, start + 1);
    return bytes[at] === CLOSE_LIST ? at + 1 : endOfTexts(bytes, start);
  }

  #matchList(bytes: Uint8Array, start: number, slot: number, held: number): number {
    if (bytes[start] !== OPEN_LIST) return -1;
    let at = start + 1;
    while (bytes[at] === SPACE) at += 1;
    this.from[slot] = held;
    this.to[slot] = held;
    if (bytes[at] === CLOSE_LIST) {
      this.kinds[slot] = EMPTY;
      return at + 1;
    }
    this.kinds[slot] = NUMBERS;
    let values: Float64Array = this.lists.values;
    let count = held;
    for (;;) {
      if (count === values.length) {
        if (count >= MOST_VALUES) return -1;
        values = this.lists.grow();
      }
      at = readJsonNumber(bytes, at, values, count);
      // None stands there, or one that no double holds.
      if (at < 0 || Number.isNaN(values[count])) return -1;
      count += 1;
      while (bytes[at] === SPACE) at += 1;
      if (bytes[at] === CLOSE_LIST) break;
      if (bytes[at] !== COMMA) return -1;
      at += 1;
      while (bytes[at] === SPACE) at += 1;
    }
    this.to[slot] = count;
    return at + 1;
  }
}

/** What a text is whose words count, and not its bytes. */
function kindOfText(flags: number, bytes: Uint8Array, start: number, end: number): number {
  if ((flags & TEXT_IS_MESSAGE) !== 0) return end > start && saysError(quotedText(bytes, start, end)) ? MESSAGE : TEXT;
  if ((flags & TEXT_MAY_BE_NUMBER) !== 0 && end - start <= PHASE_BYTES && isQuotedNumber(quotedText(bytes, start, end))) return QUOTED;
  return isPhase(bytes, start, end) ? PHASE : TEXT;
}

function isPhase(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > PHASE_BYTES || MAY_BE_PHASE[bytes[start] as number] !== 1) return false;
  return isOfOtherPhase([quotedText(bytes, start, end)]);
}
