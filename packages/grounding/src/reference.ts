import type { Fact } from '@chimera/shared/domain';
import { numberText, valueText } from '@chimera/shared/domain';

/** How a reference is printed: value with unit and, for series, n; the value alone; or n alone. */
export type ReferenceForm = 'full' | 'bare' | 'n';

/** A stretch of prose: words, quoted names, or a reference to a fact. */
export type ProsePart =
  | { type: 'text'; text: string; strong: boolean }
  | { type: 'code'; text: string }
  | { type: 'reference'; id: string; form: ReferenceForm };

const TOKEN = /\{\{\s*([A-Za-z0-9_]{1,40})\s*(?:\|\s*(bare|n)\s*)?\}\}|`([^`]+)`|(\*\*)/g;

/**
 * Takes prose apart: `{{id}}`, `{{id|bare}}`, `{{id|n}}`, code in backticks and bold in double asterisks; everything
 * else is plain words, whatever it looks like. Never throws; an unclosed mark is a plain word.
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
    const [, id, form, code] = match;
    if (id !== undefined) parts.push({ type: 'reference', id, form: form === undefined ? 'full' : (form as ReferenceForm) });
    else if (code !== undefined) parts.push({ type: 'code', text: code });
    else if (strong || ++marks * 2 <= closes) strong = !strong;
    else words(match[0]);
  }
  words(prose.slice(at));
  return parts;
}

/** The ids that prose refers to, in order of appearance, each once. */
export function referencesIn(prose: string): string[] {
  return [...new Set(parseProse(prose).flatMap((part) => (part.type === 'reference' ? [part.id] : [])))];
}

/** Facts of measured values: n stands beside them. */
const WITH_N: ReadonlySet<Fact['kind']> = new Set(['series', 'group', 'choice']);

/** What a reference to this fact prints: `102.0 tok/s (n = 5)`, `102.0 tok/s`, `5`; for `n` where it has none, that. */
export function referenceText(fact: Pick<Fact, 'id' | 'kind' | 'value' | 'unit' | 'n' | 'runs'>, form: ReferenceForm): string {
  if (form === 'n') {
    return fact.n === null ? 'unknown' : numberText(fact.n);
  }
  const value = valueText(fact.value, fact.unit);
  return form === 'full' && WITH_N.has(fact.kind) && fact.n !== null ? `${value} (n = ${numberText(fact.n)}${runsText(fact.runs)})` : value;
}

/** Samples of a few runs depend on each other: how many runs there were stands beside them. */
function runsText(runs: number | undefined): string {
  return runs === undefined ? '' : ` in ${numberText(runs)} ${runs === 1 ? 'run' : 'runs'}`;
}

const LONGEST_NAME = 120;

/** A name or a quotation out of an artifact as it may be shown: on one line, nothing invisible in it, at most `longest` characters. */
export function visibleName(name: string, longest = LONGEST_NAME): string {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  const half = Math.floor(longest / 2);
  return visible.length <= longest ? visible : `${visible.slice(0, half)}…${visible.slice(-(longest - half - 1))}`;
}

/** A visible name in backticks, unable to close the quotation or to look like a reference of ours. */
export function quotedName(name: string): string {
  const quoted = visibleName(name).replaceAll('`', "'").replaceAll('{{', '{ {').replaceAll('}}', '} }');
  return `\`${quoted === '' ? ' ' : quoted}\``;
}
