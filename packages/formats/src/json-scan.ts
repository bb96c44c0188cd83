import { placeOf } from './json-fault.ts';
import type { Limits } from './limits.ts';
import { beyondLimit } from './refusal.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

/** Where a document stands in its file: the 1-based line on which it begins, and the JSON values that stand before it. */
export type JsonPlace = { line: number; values: number };

/** What a JSON text holds: values, each counted with all that it holds, and keys of objects. */
export type JsonCounts = { values: number; keys: number };

/**
 * Counts what a JSON text holds, without parsing it, so that nothing is made of a text that is too much: a short text may
 * need a thousand times its size. Exact for valid JSON; for anything else, some number that the same text always gives.
 * @param text JSON, valid or not
 * @throws Refusal where it nests deeper, or holds more values together with those before it, than the limits allow
 */
export function scanJson(text: string, limits: Pick<Limits, 'maxDepth' | 'maxValues'>, place: JsonPlace): JsonCounts {
  // Each list or object that is not empty holds one value more than it has commas.
  let values = 1;
  let keys = 0;
  let depth = 0;
  let opened = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE) continue;
    if (opened && code !== CLOSE_LIST && code !== CLOSE_OBJECT) values += 1;
    opened = false;
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
    } else if (code === COMMA) {
      values += 1;
    } else if (code === COLON) {
      keys += 1;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      opened = true;
      depth += 1;
      if (depth > limits.maxDepth) throw beyondLimit(`nested too deep at ${whereIs(text, at, place)}`, limits, 'maxDepth');
    } else if ((code === CLOSE_LIST || code === CLOSE_OBJECT) && depth > 0) {
      depth -= 1;
    }
    if (place.values + values > limits.maxValues) {
      throw beyondLimit(`has more than ${limits.maxValues} values (at ${whereIs(text, at, place)})`, limits, 'maxValues');
    }
  }
  return { values, keys };
}

/** The offset of the closing quote, or the text's length. */
function endOfString(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) break;
  }
  return at;
}

function whereIs(text: string, offset: number, from: JsonPlace): string {
  const { line, column } = placeOf(text, offset);
  return `line ${from.line + line - 1}, column ${column}`;
}
