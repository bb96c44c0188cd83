import { tooDeepAt } from './json-depth.ts';
import { type JsonFault, jsonFault, placeOf } from './json-fault.ts';
import type { Limits } from './limits.ts';
import { heldNumber } from './number-literal.ts';
import { beyondLimit } from './refusal.ts';

/** Stands in a parsed document for a number that a double does not hold as the file writes it. */
export class LiteralNumber {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }
}

/** An object of a parsed document. Its keys are the file's: look only at own ones. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A parsed document, or why it is none. */
export type JsonOutcome = { value: unknown; notNumbers: number } | { fault: JsonFault };

/** Integers of 16 digits and more, exponents of three, and numbers too long for any double. */
const UNSAFE = /(?:^|[\s:,[-])\d{16}|[eE][+-]?\d{3}|\d{309}/;

/**
 * Parses one JSON document: nothing is lost of its numbers, nothing of it runs, and no key reaches a prototype.
 * Bare `NaN`, `Infinity` and `-Infinity`, which Python writes, become empty strings, that is no numbers.
 * @param text without byte order mark
 * @throws Refusal where it nests deeper than the limit
 */
export function parseJson(text: string, limits: Limits): JsonOutcome {
  const deep = tooDeepAt(text, limits.maxDepth);
  if (deep !== null) {
    const { line, column } = placeOf(text, deep);
    throw beyondLimit(`nested too deep at line ${line}, column ${column}`, limits, 'maxDepth');
  }
  try {
    return { value: parseExact(text), notNumbers: 0 };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const tolerated = withoutBareWords(text);
  const fault = jsonFault(tolerated.text);
  if (fault !== null) return { fault };
  return { value: parseExact(tolerated.text), notNumbers: tolerated.count };
}

/** Whether a parsed value is an object: no array, no null, no number that stands by its literal. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LiteralNumber);
}

function parseExact(text: string): unknown {
  if (!UNSAFE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || context?.source === undefined) return value;
    const held = heldNumber(context.source);
    return held !== null && held.text === null ? value : new LiteralNumber(context.source);
  });
}

const BARE = /-?Infinity|NaN/y;

/** Replaces bare words that stand as values by empty strings of the same length, so that places stay what they are. */
function withoutBareWords(text: string): { text: string; count: number } {
  const parts: string[] = [];
  let from = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === 'N' || character === 'I' || character === '-') {
      BARE.lastIndex = at;
      const word = BARE.exec(text)?.[0];
      if (word === undefined || !standsAlone(text, at, word.length)) continue;
      parts.push(text.slice(from, at), '""'.padEnd(word.length));
      from = at + word.length;
      at = from - 1;
    }
  }
  parts.push(text.slice(from));
  return { text: parts.join(''), count: (parts.length - 1) / 2 };
}

function standsAlone(text: string, at: number, length: number): boolean {
  const before = text
    .slice(Math.max(0, at - 64), at)
    .trimEnd()
    .at(-1);
  const after = text.slice(at + length, at + length + 64).trimStart()[0];
  return (before === ':' || before === ',' || before === '[') && (after === ',' || after === ']' || after === '}');
}
