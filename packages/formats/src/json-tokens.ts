import type { JsonFault } from './json-fault.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Words that JSON knows, and those that Python (`NaN`) and C (`nan`, `-inf`) write for what is no number. */
const WORDS: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
// The longer of two that begin alike stands first.
const BARE_WORDS = ['NaN', 'Infinity', '-Infinity', 'nan', 'inf', '-nan(ind)', '-nan', '-inf'];

/** A token of a JSON text: the offset behind it, and its value. A bare word stands for no number: its value is empty text. */
export type JsonToken = { end: number; value: unknown; bare: boolean };

/** A number as it is written, with the offset behind it. */
export type NumberToken = { end: number; literal: string };

/**
 * The word at an offset.
 * @param bare whether words that JSON does not know are taken too
 * @returns the token; the fault where the text ends inside of a word; null where no word stands
 */
export function wordAt(text: string, at: number, bare: boolean): JsonToken | JsonFault | null {
  for (const [word, value] of WORDS) if (text.startsWith(word, at)) return { end: at + word.length, value, bare: false };
  const tolerated = bare ? BARE_WORDS : [];
  for (const word of tolerated) if (text.startsWith(word, at)) return { end: at + word.length, value: '', bare: true };
  const rest = text.slice(at, at + 16);
  const begun = at + rest.length === text.length && [...WORDS.map(([word]) => word), ...tolerated].some((word) => word.startsWith(rest));
  return begun ? endsInside(text, 'a value') : null;
}

/** The number at an offset; the fault where the text ends inside of one; null where none stands. Never looks at a digit twice. */
export function numberAt(text: string, from: number): NumberToken | JsonFault | null {
  const first = text.charCodeAt(from) === MINUS ? from + 1 : from;
  if (first >= text.length) return endsInside(text, 'a value');
  let end = text.charCodeAt(first) === ZERO ? first + 1 : behindDigits(text, first);
  if (end === first) return null;
  if (text.charCodeAt(end) === DOT) {
    const behind = behindDigits(text, end + 1);
    if (behind === end + 1) return behind >= text.length ? endsInside(text, 'a value') : { end, literal: text.slice(from, end) };
    end = behind;
  }
  if ((text.charCodeAt(end) | SPACE) === 0x65) {
    const sign = text.charCodeAt(end + 1);
    const begin = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
    const behind = behindDigits(text, begin);
    if (behind === begin && behind >= text.length) return endsInside(text, 'a value');
    if (behind > begin) end = behind;
  }
  return { end, literal: text.slice(from, end) };
}

function behindDigits(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) break;
  }
  return at;
}

/** The text in quotes that begins at an offset, or the fault in it. */
export function stringAt(text: string, start: number): { end: number; value: string } | JsonFault {
  let escaped = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { end: at + 1, value: escaped ? String(JSON.parse(text.slice(start, at + 1))) : text.slice(start + 1, at) };
    if (code < SPACE) return { offset: at, what: 'a string holds a line break or control character', atEnd: false };
    if (code !== BACKSLASH) continue;
    const length = escapeLength(text, at);
    if (length === null) return { offset: at, what: 'a string holds an escape that JSON does not know', atEnd: false };
    escaped = true;
    at += length - 1;
  }
  return endsInside(text, 'a string');
}

/** How long the escape at a backslash is, up to the text's end; null where it is none. */
function escapeLength(text: string, at: number): number | null {
  const letter = text[at + 1];
  if (letter === undefined) return 1;
  if (letter !== 'u') return '"\\/bfnrt'.includes(letter) ? 2 : null;
  let length = 2;
  while (length < 6 && isHex(text.charCodeAt(at + length))) length += 1;
  return length === 6 || at + length === text.length ? length : null;
}

function isHex(code: number): boolean {
  const lower = code | SPACE;
  return (code >= ZERO && code <= NINE) || (lower >= 0x61 && lower <= 0x66);
}

function endsInside(text: string, what: string): JsonFault {
  return { offset: text.length, what: `the text ends inside ${what}`, atEnd: true };
}
