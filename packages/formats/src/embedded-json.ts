import { parseJson } from './json-document.ts';
import type { JsonLine } from './json-lines.ts';
import type { Limits } from './limits.ts';
import { lineAt } from './text-lines.ts';

/** Lines that begin like JSON and turn out to be none: more are not tried, so that a log of a million brackets takes no minutes. */
const MOST_FAILURES = 20;
/** Documents of one log. */
const MOST_DOCUMENTS = 10_000;

/**
 * JSON documents among other lines: tools print what they do around their result, and logs wrap one. A document begins at the
 * beginning of a line; what stands behind its end is passed over.
 * @returns the documents with the 1-based lines on which they begin
 * @throws Refusal where one nests too deep or holds too many values
 */
export function embeddedJson(text: string, limits: Limits): JsonLine[] {
  const found: JsonLine[] = [];
  let failures = 0;
  let line = 1;
  let counted = 0;
  const begin = /^[ \t]*[{[]/gm;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const rest = documentEnd(text, match.index, limits);
    if (rest === null) {
      failures += 1;
      if (failures >= MOST_FAILURES) break;
      continue;
    }
    line += lineAt(text.slice(counted, match.index), match.index - counted) - 1;
    counted = match.index;
    found.push({ line, value: rest.value });
    if (found.length >= MOST_DOCUMENTS) break;
    begin.lastIndex = rest.end;
  }
  return found;
}

function documentEnd(text: string, start: number, limits: Limits): { value: object; end: number } | null {
  const lineEnd = text.indexOf('\n', start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  // A document on one line first: whatever follows it need not be looked at.
  return documentOf(text, start, end, limits) ?? (end === text.length ? null : documentOf(text, start, text.length, limits));
}

function documentOf(text: string, start: number, end: number, limits: Limits): { value: object; end: number } | null {
  const outcome = parseJson(text.slice(start, end), limits);
  if ('value' in outcome) return { value: Object(outcome.value), end };
  if (outcome.fault.what !== 'nothing more is expected') return null;
  const whole = parseJson(text.slice(start, start + outcome.fault.offset), limits);
  return 'value' in whole ? { value: Object(whole.value), end: start + outcome.fault.offset } : null;
}
