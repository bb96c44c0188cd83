import type { JsonFault } from './json-fault.ts';
import { parseCarefully, type RepeatedKey } from './json-parser.ts';
import { type JsonPlace, scanJson } from './json-scan.ts';
import { countKeys } from './json-value.ts';
import type { Limits } from './limits.ts';

/** A parsed document, with what was left out of it, or why it is none. */
export type JsonOutcome = ParsedJson | { fault: JsonFault };

export type ParsedJson = {
  value: unknown;
  /** how many values it holds, of all depths */
  values: number;
  /** bare `NaN` and `Infinity`, which are no numbers */
  notNumbers: number;
  /** keys that stand more than once in their object: the first ones, and how many there are */
  repeated: { told: readonly RepeatedKey[]; count: number };
};

/** Integers of 16 digits and more, exponents of three, and numbers too long for any double. */
const UNSAFE = /(?:^|[\s:,[-])\d{16}|[eE][+-]?\d{3}|(?<!\d)\d{309}/;

/** Places of a document that fills its file. */
const WHOLE_FILE: JsonPlace = { line: 1, values: 0 };

/**
 * Parses one JSON document: nothing is lost of its numbers, nothing of it runs, and no key reaches a prototype.
 * The engine's parser does it where it loses nothing: no number beyond a double, no key twice. It keeps the last of two values
 * without a word, which shows as fewer keys than the text has.
 * @param text without byte order mark
 * @param place where it stands in its file, for limits that hold for the whole of it
 * @throws Refusal where it nests deeper or holds more values than the limits allow; it is not parsed then
 */
export function parseJson(text: string, limits: Limits, place: JsonPlace = WHOLE_FILE): JsonOutcome {
  const begin = text[text.search(/\S/)];
  // Anything else holds one value, or a fault at its beginning.
  const counts = begin === '[' || begin === '{' ? scanJson(text, limits, place) : { values: 1, keys: 0 };
  const value = UNSAFE.test(text) ? undefined : parsedByEngine(text, counts.keys);
  if (value !== undefined) return { value, values: counts.values, notNumbers: 0, repeated: { told: [], count: 0 } };
  const outcome = parseCarefully(text);
  return 'fault' in outcome ? outcome : { ...outcome, values: counts.values };
}

/** @returns undefined, which is no value of JSON, where the text is not valid, or has more keys than were kept */
function parsedByEngine(text: string, keys: number): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return countKeys(value) === keys ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
