/** Prose as the checker reads it. `at[i]` is the offset in the source of character i; `at[text.length]` is the source's length. */
export type PlainText = { text: string; at: Int32Array };

const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\u1680\t\f\v]/;
// What has no width can stand inside of a number and hide it.
// [first, last] of the characters without a width, which can stand inside of a number and hide it.
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe0fff],
];
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['\u2212', '-'],
  ['\ufe63', '-'],
  ['\uff0d', '-'],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201a', "'"],
  ['\u2032', "'"],
  ['\u201c', '"'],
  ['\u201d', '"'],
  ['\u201e', '"'],
  ['\u00ab', '"'],
  ['\u00bb', '"'],
  ['\uff05', '%'],
  ['\uff0c', ','],
  ['\uff0e', '.'],
  ['\uff1a', ':'],
  ['\uff08', '('],
  ['\uff09', ')'],
  ['\u066a', '%'],
  ['\u066b', '.'],
  ['\u066c', ','],
  ['\u22c5', '\u00b7'],
  ['\u2217', '*'],
]);
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&nbsp;', ' '],
  ['&thinsp;', ' '],
  ['&minus;', '-'],
  ['&ndash;', '–'],
  ['&mdash;', '—'],
  ['&times;', '×'],
  ['&percnt;', '%'],
  ['&amp;', '&'],
  ['&plusmn;', '±'],
  ['&micro;', 'µ'],
]);

/**
 * One spelling for each sign, so that a number is found however it is written: digits of every script as 0-9, every space as a
 * space, every minus as `-`; invisible characters and Markdown's backslashes are gone. Line ends are `\n`.
 */
export function plainText(source: string): PlainText {
  const characters: string[] = [];
  const at: number[] = [];
  for (let i = 0; i < source.length; ) {
    const code = source.codePointAt(i) ?? 0;
    const character = String.fromCodePoint(code);
    const entity = character === '&' ? entityAt(source, i) : null;
    const plain = entity?.plain ?? (code < 0x80 ? plainAscii(source, i, character) : plainOf(character, code));
    for (const unit of plain) {
      characters.push(unit);
      for (let k = 0; k < unit.length; k++) at.push(i);
    }
    i += entity?.length ?? character.length;
  }
  at.push(source.length);
  return { text: characters.join(''), at: Int32Array.from(at) };
}

function plainAscii(source: string, at: number, character: string): string {
  if (character === '\r') return source[at + 1] === '\n' ? '' : '\n';
  if (character === '\t' || character === '\f' || character === '\v') return ' ';
  if (character === '\\' && ESCAPABLE.test(source[at + 1] ?? '')) return '';
  return character;
}

function plainOf(character: string, code: number): string {
  const sign = SIGNS.get(character);
  if (sign !== undefined) return sign;
  // One that does not break may stand between groups of digits, a plain one may not: they stay apart.
  if (SPACES.test(character)) return '\u00a0';
  if (INVISIBLE.some(([first, last]) => code >= first && code <= last)) return '';
  if (character === '\u2028' || character === '\u2029' || character === '\u0085') return '\n';
  if (/\p{Nd}/u.test(character)) return String(digitOf(character, code));
  // Letters and numbers in circles and other dress; fractions and raised digits have a meaning of their own.
  if (/[\uff21-\uff5a\u2460-\u24ff\u2776-\u2793\u{1d400}-\u{1d7cb}]/u.test(character)) return character.normalize('NFKC');
  return character;
}

// The digits of a script follow each other from a code that ends in 0 or 6 (hexadecimal); those of mathematics are told by NFKC.
function digitOf(character: string, code: number): number {
  const plain = character.normalize('NFKC');
  if (/^[0-9]$/.test(plain)) return Number(plain);
  const low = code & 0xf;
  const fromZero = code - low;
  const startsAtZero = low <= 9 && /\p{Nd}/u.test(String.fromCodePoint(fromZero));
  return startsAtZero ? low : low - 6;
}

function entityAt(source: string, at: number): { plain: string; length: number } | null {
  const end = source.indexOf(';', at);
  if (end < 0 || end - at > 10) return null;
  const entity = source.slice(at, end + 1);
  const named = ENTITIES.get(entity);
  if (named !== undefined) return { plain: named, length: entity.length };
  const [, hex, decimal] = /^&#(?:x([0-9a-f]{1,6})|(\d{1,7}));$/i.exec(entity) ?? [];
  if (hex === undefined && decimal === undefined) return null;
  const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
  if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return null;
  const character = String.fromCodePoint(code);
  return { plain: code < 0x80 ? character : plainOf(character, code), length: entity.length };
}
