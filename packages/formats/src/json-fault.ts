/** The first thing in a text that JSON does not allow. */
export type JsonFault = {
  /** character offset at which it stands; the text's length where the text ends too early */
  offset: number;
  /** what is wrong, in words that do not depend on the engine: reasons are part of the evidence */
  what: string;
  /** the text ends before the document does: it may be cut off */
  atEnd: boolean;
};

type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'comma or end' | 'nothing';

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

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const NUMBER_BEGUN = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?)?)?$/;

/**
 * Finds the first fault of a text that is no valid JSON document. Iterative: depth does not matter.
 * @returns the fault, or null where the text is valid JSON
 */
export function jsonFault(text: string): JsonFault | null {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const after = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  for (;;) {
    while (at < text.length && ' \t\n\r'.includes(text[at] ?? '')) at += 1;
    const character = text[at];
    if (character === undefined) {
      if (expected === 'nothing') return null;
      return { offset: at, what: `the text ends where ${WANTED[expected]}`, atEnd: true };
    }
    const fault: JsonFault = { offset: at, what: `${WANTED[expected]}`, atEnd: false };
    const closes = (character === ']' && open.at(-1) === '[') || (character === '}' && open.at(-1) === '{');
    if (expected === 'colon') {
      if (character !== ':') return fault;
      expected = 'value';
      at += 1;
    } else if (expected === 'comma or end' && character === ',') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else if (closes && (expected === 'comma or end' || expected === 'value or ]' || expected === 'key or }')) {
      open.pop();
      expected = after();
      at += 1;
    } else if (expected === 'comma or end' || expected === 'nothing') {
      return fault;
    } else if (character === '"') {
      const end = stringEnd(text, at);
      if (typeof end !== 'number') return end;
      expected = expected === 'value' || expected === 'value or ]' ? after() : 'colon';
      at = end;
    } else if (expected === 'key' || expected === 'key or }') {
      return fault;
    } else if (character === '[' || character === '{') {
      open.push(character);
      expected = character === '[' ? 'value or ]' : 'key or }';
      at += 1;
    } else {
      const end = scalarEnd(text, at);
      const begun = end === text.length ? null : begunScalar(text, at);
      if (end === null || begun !== null) return begun ?? fault;
      expected = after();
      at = end;
    }
  }
}

function scalarEnd(text: string, at: number): number | null {
  for (const pattern of [WORD, NUMBER]) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return at + match[0].length;
  }
  return null;
}

/** A word or a number that the end of the text cuts: `tru`, `-`. */
function begunScalar(text: string, at: number): JsonFault | null {
  const rest = text.slice(at, at + 64);
  const cut =
    at + rest.length === text.length && (NUMBER_BEGUN.test(rest) || ['true', 'false', 'null'].some((word) => word.startsWith(rest)));
  return cut ? { offset: text.length, what: 'the text ends inside a value', atEnd: true } : null;
}

/** @returns the offset behind the closing quote, or the fault inside the string */
function stringEnd(text: string, start: number): number | JsonFault {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return { offset: at, what: 'a string holds a line break or control character', atEnd: false };
    if (code === 0x5c) {
      const sequence = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6));
      if (sequence !== null) at += sequence[0].length - 1;
      else if (/^\\(?:u[0-9a-fA-F]{0,3})?$/.test(text.slice(at, at + 6)) && at + 6 > text.length) break;
      else return { offset: at, what: 'a string holds an escape that JSON does not know', atEnd: false };
    }
  }
  return { offset: text.length, what: 'the text ends inside a string', atEnd: true };
}

/**
 * Where a character stands, as people count.
 * @returns 1-based line, and 1-based column in UTF-16 code units
 */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let begin = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    begin = at + 1;
  }
  return { line, column: offset - begin + 1 };
}
