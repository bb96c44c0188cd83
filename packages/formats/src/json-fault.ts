/** The first thing in a text that JSON does not allow. */
export type JsonFault = {
  /** character offset at which it stands; the text's length where the text ends too early */
  offset: number;
  /** what is wrong, in words that do not depend on the engine: reasons are part of the evidence */
  what: string;
  /** the text ends before the document does: it may be cut off */
  atEnd: boolean;
};

/** What may stand next in a JSON text. */
export type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'comma or end' | 'nothing';

/** What a fault calls the things that could have stood there. */
const WANTED: Readonly<Record<Expected, string>> = {
  value: 'a value is expected',
  'value or ]': 'a value or "]" is expected',
  'key or }': 'a key in quotes or "}" is expected',
  key: 'a key in quotes is expected',
  colon: '":" is expected',
  'comma or end': '"," or the end of the list or object is expected',
  nothing: 'nothing more is expected',
};

/** Something stands where something else is expected, or the text ends there. */
export function unexpected(expected: Expected, offset: number, atEnd: boolean): JsonFault {
  return { offset, what: atEnd ? `the text ends where ${WANTED[expected]}` : WANTED[expected], atEnd };
}

/**
 * Where a character stands, as people count.
 * @returns 1-based line, and 1-based column in UTF-16 code units
 */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let begin = 0;
  for (let at = 0; at < offset; at += 1) {
    if (text.charCodeAt(at) !== 0x0a) continue;
    line += 1;
    begin = at + 1;
  }
  return { line, column: offset - begin + 1 };
}
