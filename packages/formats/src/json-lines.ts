import { parseJson } from './json-document.ts';
import { warnAboutBareWords, warnAboutRepeatedKeys } from './json-losses.ts';
import type { JsonPlace } from './json-scan.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { lineAt } from './text-lines.ts';
import type { Warnings } from './warnings.ts';

/** One document of a file that holds one per line. */
export type JsonLine = { line: number; value: object };

/**
 * Reads one JSON document a line; blank lines are allowed. A broken line is named in a warning, the others are read.
 * A line that is no object or list counts as broken: a bare number names nothing, and its end cannot be told.
 * @param text lines end with LF or CRLF
 * @throws Refusal where no line can be read, one nests too deep, or all together hold too many values
 */
export function readJsonLines(text: string, limits: Limits, warnings: Warnings): JsonLine[] {
  const read: JsonLine[] = [];
  const place: JsonPlace = { line: 0, values: 0 };
  let first: Broken | null = null;
  let last: Broken | null = null;
  let notNumbers = 0;
  for (const source of text.split('\n')) {
    place.line += 1;
    if (source.trim() === '') continue;
    if (last !== null) warnAboutLine({ ...last, cut: false }, warnings);
    const outcome = parseLine(source, limits, place, warnings);
    last = 'what' in outcome ? outcome : null;
    if ('what' in outcome) {
      first ??= outcome;
      continue;
    }
    read.push({ line: place.line, value: outcome.value });
    place.values += outcome.values;
    notNumbers += outcome.notNumbers;
  }
  if (last?.cut === true) warnings.endsInside();
  if (read.length === 0)
    throw new Refusal(`not JSON lines: no line can be read; line ${first?.line ?? 1}: ${first?.what ?? 'it is blank'}`);
  if (last !== null) warnAboutLine(last, warnings);
  warnAboutBareWords(notNumbers, warnings);
  return read;
}

/** A line that is no document; `cut` if it ends where more is expected. */
type Broken = { line: number; what: string; cut: boolean };

type ReadLine = { value: object; values: number; notNumbers: number };

function parseLine(source: string, limits: Limits, place: JsonPlace, warnings: Warnings): ReadLine | Broken {
  const { line } = place;
  if (!/[[{]/.test(source[source.search(/\S/)] ?? '')) return { line, what: 'it does not begin with { or [', cut: false };
  const outcome = parseJson(source, limits, place);
  if ('fault' in outcome) return { line, what: `${outcome.fault.what} at column ${outcome.fault.offset + 1}`, cut: outcome.fault.atEnd };
  warnAboutRepeatedKeys(outcome, source, line, warnings);
  return { ...outcome, value: Object(outcome.value) };
}

function warnAboutLine({ line, what, cut }: Broken, warnings: Warnings): void {
  if (cut) warnings.add('cut lines', `line ${line} is cut off and was not read: ${what}`);
  else warnings.add('broken lines', `line ${line} is not valid JSON and was not read: ${what}`);
}

/** Whether a text that is no JSON document looks like one a line: at least two lines, the first of them a whole document. */
export function looksLikeJsonLines(text: string, limits: Limits): boolean {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  if (start < 0 || end < 0 || !/\S/.test(text.slice(end))) return false;
  if (text[start] !== '{' && text[start] !== '[') return false;
  return 'value' in parseJson(text.slice(start, end), limits, { line: lineAt(text, start), values: 0 });
}
