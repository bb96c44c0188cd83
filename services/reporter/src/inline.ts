import { parseProse, visibleName } from '@chimera/grounding';
import { type Block, type Inline, numberText } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';

const LONGEST_QUOTATION = 400;

export const text = (words: string): Inline => ({ type: 'text', text: words });
export const strong = (words: string): Inline => ({ type: 'strong', text: words });
/** A name out of an artifact or from a person: shown as it is, never read as markup. */
export const code = (name: string): Inline => ({ type: 'code', text: visibleName(name) });
/** The name of a label before its value. A file's own may be anything: what is not one plain word stands as a quotation. */
export const labelName = (before: string, name: string): Inline[] =>
  isPlainName(name) ? [text(`${before}${name} `)] : [...(before === '' ? [] : [text(before)]), code(name), text(' ')];
export const isPlainName = (name: string): boolean => /^[a-z][a-z0-9_]{0,40}$/i.test(name);
/** A longer quotation, such as the reason of a refusal. */
export const quotation = (words: string): Inline => ({ type: 'code', text: visibleName(words, LONGEST_QUOTATION) });
export const heading = (level: number, words: string): Block => ({ type: 'heading', level, text: words });
export const paragraph = (...line: Inline[]): Block => ({ type: 'paragraph', line });

/** A value of the run record, with the path at which report.json has it. */
export const record = (words: string, path: string): Inline => ({
  type: 'record',
  text: visibleName(words, LONGEST_QUOTATION),
  record: path,
});

/** Seconds of the run record; `–` where there is nothing to tell. */
export function recordNumber(value: number | null, unit: string, path: string): Inline {
  return value === null ? text('–') : record(`${numberText(value)}${unit === '' ? '' : ` ${unit}`}`, path);
}

/** Prose with references as a line of the page. A reference to nothing, or in no possible form, says so in its place: the report must come. */
export function proseLine(prose: string, citations: Citations): Inline[] {
  return parseProse(prose).map((part): Inline => {
    if (part.type === 'text') return part.strong ? strong(part.text) : text(part.text);
    if (part.type === 'code') return code(part.text);
    return citations.citeId(part.id, part.form);
  });
}
