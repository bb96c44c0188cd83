import type { ArtifactKind } from '@chimera/shared/domain';
import type { Content, ContentOptions } from './content.ts';
import { readCsv } from './csv-table.ts';
import { embeddedJson } from './embedded-json.ts';
import { type ParsedJson, parseJson } from './json-document.ts';
import { looksLikeJsonLines, readJsonLines } from './json-lines.ts';
import { warnAboutBareWords, warnAboutRepeatedKeys } from './json-losses.ts';
import type { Limits } from './limits.ts';
import { markdownTables } from './markdown-tables.ts';
import { Refusal } from './refusal.ts';
import { Warnings } from './warnings.ts';

/** The text of a tool that is known, or null. */
export function knownText(kind: ArtifactKind, text: string, { isKnown }: ContentOptions): Content | null {
  const content: Content = { kind, text, shape: 'text' };
  return isKnown(content) ? content : null;
}

/** The text as whatever a known format knows it as, or null. */
export function knownAsText(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: ContentOptions): Content | null {
  return (
    knownText(kind, text, options) ??
    ifKnown(options, warnings, (own) => wholeJson(kind, text, limits, own)) ??
    ifKnown(options, warnings, (own) => ({ kind, shape: 'markdown', tables: markdownTables(text, limits, own) })) ??
    ifKnown(options, warnings, (own) => ({ kind, shape: 'table', tables: [readCsv(text, ',', limits, own)] })) ??
    ifKnown(options, warnings, (own) => jsonAmongLines(kind, text, limits, own))
  );
}

/** A way to understand the text, kept with its warnings where a known format knows what comes of it. */
export function ifKnown({ isKnown }: ContentOptions, warnings: Warnings, understand: (own: Warnings) => Content | null): Content | null {
  const own = new Warnings();
  try {
    const content = understand(own);
    if (content === null || !isKnown(content)) return null;
    warnings.take(own);
    return content;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

export function wholeJson(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content | null {
  if (!beginsAsJson(text)) return null;
  if (looksLikeJsonLines(text, limits)) return { kind, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
  const outcome = parseJson(text, limits);
  return 'value' in outcome ? wholeDocument(kind, text, outcome, warnings) : null;
}

export function jsonAmongLines(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content | null {
  const lines = embeddedJson(text, limits);
  if (lines.length === 0) return null;
  warnings.add('shape', `the JSON in it begins on line ${lines[0]?.line ?? 1}; the lines around it are no results and were passed over`);
  return { kind, shape: 'jsonl', lines };
}

export function wholeDocument(kind: ArtifactKind, text: string, outcome: ParsedJson, warnings: Warnings): Content {
  const { value } = outcome;
  if (!beginsAsJson(text)) {
    throw new Refusal('not a result: a bare value, not an object or a list; nothing names it, and a cut one looks the same');
  }
  warnAboutBareWords(outcome.notNumbers, warnings);
  warnAboutRepeatedKeys(outcome, text, 1, warnings);
  return { kind, shape: 'json', value };
}

export function beginsAsJson(text: string): boolean {
  const begin = text[text.search(/\S/)];
  return begin === '{' || begin === '[';
}
