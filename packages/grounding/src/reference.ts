/** The forms without a choice: value with unit and, for series, n; the value with its unit alone; or n alone. */
export type PlainForm = 'full' | 'bare' | 'n';

/**
 * How a reference is printed. A chosen form has a unit, a number of digits after the point, or both; null leaves that to the
 * fact. `digits` is NaN where the prose gives no whole number: whether a form can be printed is the renderer's to say.
 */
export type ReferenceForm = PlainForm | { unit: string | null; digits: number | null };

/** A stretch of prose: words, quoted names, or a reference to a fact or, as `run:<path>`, to a value of the run record. */
export type ProsePart =
  | { type: 'text'; text: string; strong: boolean }
  | { type: 'code'; text: string }
  | { type: 'reference'; id: string; form: ReferenceForm };

// An id, then nothing; or a unit; or a unit, which may be left out, and digits.
const ID = '[A-Za-z0-9_]{1,40}|run:[A-Za-z0-9_.]{1,120}';
const TOKEN = new RegExp(`\\{\\{\\s*(${ID})\\s*(?:\\|([^{}|\`\\n]{0,40})(?:\\|([^{}|\`\\n]{1,10}))?)?\\}\\}|\`([^\`]+)\`|(\\*\\*)`, 'g');

/**
 * Takes prose apart: references, code in backticks and bold in double asterisks; everything else is plain words, whatever it
 * looks like. A reference is `{{id}}`, `{{id|bare}}`, `{{id|n}}`, or chooses unit and digits after the point: `{{id|ms|2}}`,
 * `{{id|ms}}`, `{{id||2}}`. An id is a fact's, or `run:` and the path of a number or date in the run record:
 * `{{run:seconds.total}}`, `{{run:agents.insight.outputTokens}}`. Never throws; an unclosed mark is a plain word.
 */
export function parseProse(prose: string): ProsePart[] {
  const parts: ProsePart[] = [];
  let strong = false;
  let at = 0;
  const closes = (prose.match(/\*\*/g) ?? []).length;
  let marks = 0;
  const words = (text: string) => {
    if (text !== '') parts.push({ type: 'text', text, strong });
  };
  for (const match of prose.matchAll(TOKEN)) {
    words(prose.slice(at, match.index));
    at = match.index + match[0].length;
    const [, id, unit, digits, code] = match;
    const form = formOf(unit?.trim(), digits?.trim());
    if (id !== undefined && form !== null) parts.push({ type: 'reference', id, form });
    else if (code !== undefined) parts.push({ type: 'code', text: code });
    else if (id === undefined && (strong || ++marks * 2 <= closes)) strong = !strong;
    else words(match[0]);
  }
  words(prose.slice(at));
  return parts;
}

/** The form that the words behind an id ask for; null where they ask for nothing, as in `{{id|}}`. */
function formOf(unit: string | undefined, digits: string | undefined): ReferenceForm | null {
  if (unit === undefined) return 'full';
  if (digits === undefined && (unit === 'bare' || unit === 'n')) return unit;
  if (unit === '' && (digits ?? '') === '') return null;
  return { unit: unit === '' ? null : unit, digits: digits === undefined ? null : /^\d+$/.test(digits) ? Number(digits) : Number.NaN };
}

/** The ids that prose refers to, in order of appearance, each once. */
export function referencesIn(prose: string): string[] {
  return [...new Set(parseProse(prose).flatMap((part) => (part.type === 'reference' ? [part.id] : [])))];
}

const LONGEST_NAME = 120;

/** A name or a quotation out of an artifact as it may be shown: on one line, nothing invisible in it, at most `longest` characters. */
export function visibleName(name: string, longest = LONGEST_NAME): string {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  const half = Math.floor(longest / 2);
  const shown = visible.length <= longest ? visible : `${visible.slice(0, half)}…${visible.slice(-(longest - half - 1))}`;
  // Half a character, whether the name has it or the cut made it, is spelt differently in JSON and in UTF-8.
  return shown.toWellFormed();
}

/** A visible name in backticks, unable to close the quotation or to look like a reference of ours. */
export function quotedName(name: string): string {
  const quoted = visibleName(name).replaceAll('`', "'").replaceAll('{{', '{ {').replaceAll('}}', '} }');
  return `\`${quoted === '' ? ' ' : quoted}\``;
}
