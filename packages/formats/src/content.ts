import type { ArtifactKind } from '@chimera/shared/domain';
import { readCsv } from './csv-table.ts';
import { embeddedJson } from './embedded-json.ts';
import { errorMessageIn } from './error-message.ts';
import { type ParsedJson, parseJson } from './json-document.ts';
import { type JsonFault, placeOf } from './json-fault.ts';
import { type JsonLine, looksLikeJsonLines, readJsonLines } from './json-lines.ts';
import { warnAboutBareWords, warnAboutRepeatedKeys } from './json-losses.ts';
import type { Limits } from './limits.ts';
import { markdownTables } from './markdown-tables.ts';
import { beyondLimit, Refusal } from './refusal.ts';
import type { Table } from './table.ts';
import { lineAt } from './text-lines.ts';
import { Warnings } from './warnings.ts';

/**
 * What an artifact holds once its bytes are understood: what formats are told apart by, and read from. The text itself is no
 * longer there, save where there is nothing else: it may be half a gigabyte.
 */
export type Content = { kind: ArtifactKind } & (
  | { shape: 'json'; value: unknown }
  | { shape: 'jsonl'; lines: readonly JsonLine[] }
  | { shape: 'table'; tables: readonly Table[] }
  | { shape: 'markdown'; tables: readonly Table[] }
  | { shape: 'text'; text: string }
);

export type ContentOptions = {
  /** the name says that tabs separate the cells */
  tabs: boolean;
  /** whether a format that is none of the generic ones knows the content */
  isKnown: (content: Content) => boolean;
};

/**
 * Reads a text as what its content is: JSON, or the text of a tool that is known, whatever its name says; else as what its kind says.
 * @param kind what the artifact's name says
 * @param text decoded, without byte order mark
 * @throws Refusal where it is not what it should be and nothing else either
 */
export function contentOf(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: ContentOptions): Content {
  if (kind !== 'json' && kind !== 'text') refuseTooManyLines(text, limits);
  switch (kind) {
    case 'json':
      return jsonContent(kind, text, limits, warnings, options);
    case 'jsonl':
      return jsonLinesContent(kind, text, limits, warnings);
    case 'csv':
      return csvContent(kind, text, limits, warnings, options);
    case 'markdown':
      return markdownContent(kind, text, limits, warnings, options);
    default:
      return textContent(kind, text, limits, warnings, options);
  }
}

/** The text of a tool that is known, or null. */
function knownText(kind: ArtifactKind, text: string, { isKnown }: ContentOptions): Content | null {
  const content: Content = { kind, text, shape: 'text' };
  return isKnown(content) ? content : null;
}

/** The page, where it is not the output of a tool that is known under the name of one. */
function markdownContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: ContentOptions): Content {
  const known =
    knownText(kind, text, options) ??
    ifKnown(options, warnings, (own) => wholeJson(kind, text, limits, own)) ??
    ifKnown(options, warnings, (own) => ({ kind, shape: 'table', tables: [readCsv(text, ',', limits, own)] }));
  return known ?? { kind, shape: 'markdown', tables: markdownTables(text, limits, warnings) };
}

/** Text under a name that says nothing more: a tool's output, its JSON or table saved as text, JSON among log lines; else just text. */
function textContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: ContentOptions): Content {
  const known = knownText(kind, text, options);
  if (known !== null) return known;
  return (
    ifKnown(options, warnings, (own) => wholeJson(kind, text, limits, own)) ??
    ifKnown(options, warnings, (own) => ({ kind, shape: 'markdown', tables: markdownTables(text, limits, own) })) ??
    ifKnown(options, warnings, (own) => ({ kind, shape: 'table', tables: [readCsv(text, ',', limits, own)] })) ??
    ifKnown(options, warnings, (own) => jsonAmongLines(kind, text, limits, own)) ?? { kind, text, shape: 'text' }
  );
}

/** A way to understand the text, kept with its warnings where a known format knows what comes of it. */
function ifKnown({ isKnown }: ContentOptions, warnings: Warnings, understand: (own: Warnings) => Content | null): Content | null {
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

function wholeJson(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content | null {
  if (!beginsAsJson(text)) return null;
  if (looksLikeJsonLines(text, limits)) return { kind, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
  const outcome = parseJson(text, limits);
  return 'value' in outcome ? wholeDocument(kind, text, outcome, warnings) : null;
}

function jsonAmongLines(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content | null {
  const lines = embeddedJson(text, limits);
  if (lines.length === 0) return null;
  warnings.add('shape', `the JSON in it begins on line ${lines[0]?.line ?? 1}; the lines around it are no results and were passed over`);
  return { kind, shape: 'jsonl', lines };
}

/** Each line becomes an object: many short ones need far more memory than their bytes. */
function refuseTooManyLines(text: string, limits: Limits): void {
  // A line's end at the end begins no other one.
  const lines = lineAt(text, text.length) - (/[\r\n]$/.test(text.slice(-1)) ? 1 : 0);
  if (lines > limits.maxLines) throw beyondLimit(`has ${lines} lines`, limits, 'maxLines');
}

function jsonContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: ContentOptions): Content {
  // No document goes on behind its end: a text whose first line is one holds one on each line, or is broken.
  if (looksLikeJsonLines(text, limits)) {
    refuseTooManyLines(text, limits);
    warnings.add('shape', 'the file is no single JSON document but one on each line; it was read line by line');
    return { kind, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
  }
  const outcome = parseJson(text, limits);
  if ('value' in outcome) return wholeDocument(kind, text, outcome, warnings);
  const among = knownText(kind, text, options) ?? ifKnown(options, warnings, (own) => jsonAmongLines(kind, text, limits, own));
  if (among !== null) {
    if (outcome.fault.atEnd && beginsAsJson(text)) {
      warnings.endsInside();
      warnings.add('cut', `the document is cut off at line ${placeOf(text, outcome.fault.offset).line}: only what is whole in it was read`);
    }
    return among;
  }
  const message = errorMessageIn(text);
  if (message !== null) throw new Refusal(`not JSON: an error message ("${message.quote}") (line ${message.line})`);
  throw notJson(text, outcome.fault);
}

function notJson(text: string, { offset, what, atEnd }: JsonFault): Refusal {
  const { line, column } = placeOf(text, offset);
  return new Refusal(`not valid JSON: ${what} at line ${line}, column ${column}${atEnd ? '; it may be cut off' : ''}`, { cut: atEnd });
}

function wholeDocument(kind: ArtifactKind, text: string, outcome: ParsedJson, warnings: Warnings): Content {
  const { value } = outcome;
  if (!beginsAsJson(text)) {
    throw new Refusal('not a result: a bare value, not an object or a list; nothing names it, and a cut one looks the same');
  }
  warnAboutBareWords(outcome.notNumbers, warnings);
  warnAboutRepeatedKeys(outcome, text, 1, warnings);
  return { kind, shape: 'json', value };
}

function jsonLinesContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content {
  if (!looksLikeJsonLines(text, limits) && beginsAsJson(text) && text.trim().includes('\n')) {
    const outcome = parseJson(text, limits);
    if ('value' in outcome) {
      warnings.add('shape', 'the file is a single JSON document and not one on each line; it was read as a whole');
      return wholeDocument(kind, text, outcome, warnings);
    }
    if (outcome.fault.atEnd) warnings.endsInside();
  }
  return { kind, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
}

function beginsAsJson(text: string): boolean {
  const begin = text[text.search(/\S/)];
  return begin === '{' || begin === '[';
}

/** What begins like this is JSON, or was meant to be. */
const JSON_BEGIN = /^(?:\{\s*(?:["}]|$)|\[\s*(?:[[\]{"]|-?\d|(?:true|false|null)\b|$))/;

/** Characters of the beginning that are looked at. */
const BEGIN = 400;

function csvContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: ContentOptions): Content {
  const known = knownText(kind, text, options);
  if (known !== null) return known;
  const start = text.search(/\S/);
  if (!JSON_BEGIN.test(text.slice(start, start + BEGIN))) {
    return { kind, shape: 'table', tables: [readCsv(text, options.tabs ? '\t' : ',', limits, warnings)] };
  }
  warnings.add('shape', 'the file is named as a table but holds JSON; it was read as JSON');
  return jsonContent(kind, text, limits, warnings, options);
}
