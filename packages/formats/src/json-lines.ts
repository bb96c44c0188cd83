import { parseJson } from './json-document.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { Warnings } from './warnings.ts';

/** One document of a file that holds one per line. */
export type JsonLine = { line: number; value: object };

/**
 * Reads one JSON document a line; blank lines are allowed. A broken line is named in a warning, the others are read.
 * A line that is no object or list counts as broken: a bare number names nothing, and its end cannot be told.
 * @param text lines end with LF or CRLF
 * @throws Refusal where no line can be read, or one nests too deep
 */
export function readJsonLines(text: string, limits: Limits, warnings: Warnings): JsonLine[] {
  const read: JsonLine[] = [];
  let first: Broken | null = null;
  let pending: Broken | null = null;
  let notNumbers = 0;
  for (const [index, source] of text.split('\n').entries()) {
    if (source.trim() === '') continue;
    if (pending !== null) warnAboutLine(pending, false, warnings);
    const outcome = parseLine(source, index + 1, limits);
    pending = 'what' in outcome ? outcome : null;
    if ('what' in outcome) {
      first ??= outcome;
    } else {
      read.push({ line: outcome.line, value: outcome.value });
      notNumbers += outcome.notNumbers;
    }
  }
  if (pending !== null) warnAboutLine(pending, pending.cut, warnings);
  if (read.length === 0)
    throw new Refusal(`not JSON lines: no line can be read; line ${first?.line ?? 1}: ${first?.what ?? 'it is blank'}`);
  warnBareWords(notNumbers, warnings);
  return read;
}

/** A line that is no document; `cut` if it ends where more is expected. */
type Broken = { line: number; what: string; cut: boolean };

function parseLine(source: string, line: number, limits: Limits): (JsonLine & { notNumbers: number }) | Broken {
  if (!/^\s*[[{]/.test(source)) return { line, what: 'it does not begin with { or [', cut: false };
  const outcome = parseJson(source, limits);
  if ('fault' in outcome) return { line, what: `${outcome.fault.what} at column ${outcome.fault.offset + 1}`, cut: outcome.fault.atEnd };
  return { line, value: Object(outcome.value), notNumbers: outcome.notNumbers };
}

function warnAboutLine({ line, what }: Broken, cut: boolean, warnings: Warnings): void {
  if (cut) warnings.add('cut lines', `line ${line} is cut off and was not read: ${what}`);
  else warnings.add('broken lines', `line ${line} is not valid JSON and was not read: ${what}`);
}

/** Says how many bare `NaN` and `Infinity` a file held. */
export function warnBareWords(count: number, warnings: Warnings): void {
  if (count === 0) return;
  const are = count === 1 ? '1 value is' : `${count} values are`;
  warnings.add('bare words', `${are} NaN or Infinity, which JSON does not know: read as absent`);
}

/** Whether a text that is no JSON document looks like one a line: at least two lines, the first of them a whole document. */
export function looksLikeJsonLines(text: string, limits: Limits): boolean {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  if (start < 0 || end < 0 || !/\S/.test(text.slice(end))) return false;
  if (text[start] !== '{' && text[start] !== '[') return false;
  return 'value' in parseJson(text.slice(start, end), limits);
}
