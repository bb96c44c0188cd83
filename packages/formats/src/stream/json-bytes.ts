export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const SPACE = 0x20;
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const ZERO = 0x30;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const LETTER_U = 0x75;

/** By byte: 1 where it goes on a text in quotes as it stands. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, code) => (code >= SPACE && code !== QUOTE && code !== BACKSLASH ? 1 : 0));
/** By byte: 1 where it may stand behind a backslash. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, code) => ('"\\/bfnrt'.includes(String.fromCharCode(code)) ? 1 : 0));
/** By byte: 1 where it is a hexadecimal digit. */
const HEX = Uint8Array.from({ length: 256 }, (_, code) => (/[0-9a-fA-F]/.test(String.fromCharCode(code)) ? 1 : 0));

/**
 * Where the text ends that begins behind a quote: the place of its closing quote.
 * @param bytes in which a line's end follows somewhere
 * @returns -1 where it holds a control character or an escape that JSON does not know, or does not end on its line
 */
export function endOfText(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    while (PLAIN[bytes[at] as number] === 1) at += 1;
    const code = bytes[at];
    if (code === QUOTE) return at;
    if (code !== BACKSLASH) return -1;
    const letter = bytes[at + 1] as number;
    if (ESCAPED[letter] === 1) at += 2;
    else if (letter === LETTER_U && isHex(bytes, at + 2)) at += 6;
    else return -1;
  }
}

function isHex(bytes: Uint8Array, at: number): boolean {
  for (let index = at; index < at + 4; index += 1) if (HEX[bytes[index] as number] !== 1) return false;
  return true;
}

const [TRUE, FALSE, NULL, NAN, INFINITY, MINUS_INFINITY] = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity'].map(
  (word) => new Uint8Array(Buffer.from(word)),
);

/** Words by their first letter. */
const WORDS: readonly (Uint8Array | undefined)[] = Array.from({ length: 128 }, (_, code) =>
  [TRUE, FALSE, NULL, NAN, INFINITY, MINUS_INFINITY].find((word) => word?.[0] === code),
);

/** Where the word ends that begins at a byte: `true`, `false`, `null`, `NaN`, `Infinity`, `-Infinity`; -1 where none begins. */
export function endOfWord(bytes: Uint8Array, start: number): number {
  const word = WORDS[bytes[start] as number];
  if (word === undefined) return -1;
  for (let index = 1; index < word.length; index += 1) if (bytes[start + index] !== word[index]) return -1;
  return start + word.length;
}

/** Where a list ends that holds texts, `true`, `false` and `null` only, and one at least, with blanks between; else -1. */
export function endOfTexts(bytes: Uint8Array, start: number): number {
  let at = behindBlanks(bytes, start + 1);
  for (;;) {
    const code = bytes[at];
    const end =
      code === QUOTE
        ? endOfText(bytes, at + 1) + 1
        : code === LETTER_N || code === LETTER_T || code === LETTER_F
          ? endOfWord(bytes, at)
          : -1;
    if (end <= 0) return -1;
    at = behindBlanks(bytes, end);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = behindBlanks(bytes, at + 1);
  }
}

export function behindBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE) at += 1;
  return at;
}

/** The text between two quotes, with its escapes resolved: from behind the first to the second. */
export function quotedText(bytes: Uint8Array, start: number, end: number): string {
  const text = textBetween(bytes, start, end);
  return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text;
}

/** Text of some bytes. */
export function textBetween(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
