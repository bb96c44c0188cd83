import { SentenceKind } from '@chimera/shared/domain';
import type { SectionDuty } from './definition.ts';

/** One sentence as a model wrote it: white space in one way, the marks of a list before it taken off. */
export type Item = {
  text: string;
  mitigation: string | null;
  facts: string[];
  /** null where it named none */
  kind: SentenceKind | null;
  /** what is wrong with its form */
  faults: string[];
};

/** `fault` says why an answer cannot be used as a whole: a clause behind the model's name; null where it can. */
export type ReadAnswer = { items: Item[]; fault: string | null };

/** Longer than this is no sentence. In UTF-16 code units. */
const LONGEST = 800;

/**
 * Reads the answer to a section's call. Of one that was cut off it takes the sentences that are whole, and the last one with the
 * fault that it was cut off. What is not as the schema asks for is a fault of its sentence, not of the answer. Never throws.
 */
export function readAnswer(text: string, duty: SectionDuty): ReadAnswer {
  const whole = parsed(text);
  if (whole !== undefined) {
    const list = listIn(whole);
    if (list === null) return { items: [], fault: 'answered with JSON that holds no list of sentences' };
    if (list.length === 0) return { items: [], fault: 'answered with an empty list of sentences' };
    return { items: list.map((value) => itemOf(value, duty, true)), fault: null };
  }
  const { values, rest } = wholeObjects(text);
  const items = values.map((value) => itemOf(value, duty, false));
  const cut = items.length === 0 ? '' : textOfCut(rest);
  if (cut !== '')
    items.push({ text: cut.slice(0, LONGEST), mitigation: null, facts: [], kind: null, faults: ['was cut off with the answer'] });
  return { items, fault: items.length === 0 ? 'answered with something that is not a whole JSON document' : null };
}

/** The JSON document that the text is, with or without a fence around it; undefined where it is none. */
function parsed(text: string): unknown {
  for (const candidate of [text, text.replace(/^\s*```[a-z]*\s*\n/i, '').replace(/\n?\s*```\s*$/, '')]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function listIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  return isRecord(value) && Array.isArray(value.sentences) ? value.sentences : null;
}

/** The sentences of the list that are there whole, and what comes behind the last of them. */
function wholeObjects(text: string): { values: unknown[]; rest: string } {
  const values: unknown[] = [];
  const list = /"sentences"\s*:\s*\[/.exec(text);
  if (list === null) return { values, rest: '' };
  for (let at = list.index + list[0].length; ; ) {
    while (/[\s,]/.test(text[at] ?? '')) at++;
    const end = text[at] === '{' ? endOfObject(text, at) : text[at] === '"' ? endOfText(text, at) : -1;
    if (end < 0) return { values, rest: text.slice(at) };
    const value = parsed(text.slice(at, end));
    // Something else is wrong with it than its end: what follows cannot be trusted either.
    if (value === undefined) return { values, rest: '' };
    values.push(value);
    at = end;
  }
}

/** Where the text in quotes that begins at `start` ends; -1 where it does not. */
function endOfText(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return -1;
}

/** Where the object that begins at `start` ends; -1 where it does not. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inText = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inText) {
      if (character === '\\') i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1;
  }
  return -1;
}

/** The beginning of the sentence that was under way when the answer ended. */
function textOfCut(rest: string): string {
  const found = (/"text"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(rest) ?? /^"((?:[^"\\]|\\.)*)/.exec(rest))?.[1];
  if (found === undefined) return '';
  const value = parsed(`"${found.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '')}"`);
  return typeof value === 'string' ? tidy(value) : '';
}

function itemOf(value: unknown, duty: SectionDuty, whole: boolean): Item {
  const fields = isRecord(value) ? value : { text: value };
  const closed = (text: string) => (whole ? withStop(text, duty) : text);
  const text = typeof fields.text === 'string' ? closed(tidy(fields.text)) : '';
  const mitigation = typeof fields.mitigation === 'string' ? closed(tidy(fields.mitigation)) : '';
  const kind = SentenceKind.safeParse(fields.kind);
  const faults: string[] = [];
  if (text === '') faults.push('has no text');
  if (text.length > LONGEST || mitigation.length > LONGEST) faults.push('is too long for a sentence');
  if (duty.layout === 'risks' && mitigation === '') faults.push('has no mitigation');
  if (kind.success && !duty.kinds.includes(kind.data)) faults.push(`is a ${kind.data}, which does not belong into this section`);
  return {
    text,
    mitigation: duty.layout === 'risks' && mitigation !== '' ? mitigation : null,
    facts: [...new Set([...namesAt(fields.facts), ...(text.match(REFERRED) ?? []), ...(mitigation.match(REFERRED) ?? [])])],
    kind: kind.success ? kind.data : null,
    faults,
  };
}

const REFERRED = /(?<=\{\{\s*)F\d{1,6}(?=\s*(?:\}\}|\|))/g;

/** The facts that a model names beside its words, where it does. */
function namesAt(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:[-*\u2022\u2013]|\d{1,2}[.)])\s+/, '');
}

/** Points of a list and cells of a table are often written without a full stop: in a whole answer they were not cut off. */
function withStop(text: string, { layout }: SectionDuty): string {
  return (layout === 'bullets' || layout === 'risks') && /[\p{L}\p{N})\]}`]$/u.test(text) ? `${text}.` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
