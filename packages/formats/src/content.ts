import type { ArtifactKind } from '@chimera/shared/domain';
import { readCsv } from './csv-table.ts';
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
import type { Warnings } from './warnings.ts';

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

/**
 * Reads a text as what its kind says, or as the JSON that it turns out to be.
 * @param kind what the artifact's name says; decides what is tried
 * @param text decoded, without byte order mark
 * @param options `tabs`: the name says that tabs separate the cells
 * @throws Refusal where it is not what it should be and nothing else either
 */
export function contentOf(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, options: { tabs: boolean }): Content {
  if (kind !== 'json' && kind !== 'text') refuseTooManyLines(text, limits);
  switch (kind) {
    case 'json':
      return jsonContent(kind, text, limits, warnings);
    case 'jsonl':
      return jsonLinesContent(kind, text, limits, warnings);
    case 'csv':
      return csvContent(kind, text, limits, warnings, options.tabs ? '\t' : ',');
    case 'markdown':
      return { kind, shape: 'markdown', tables: markdownTables(text, limits, warnings) };
    default:
      return { kind, text, shape: 'text' };
  }
}

/** Each line becomes an object: many short ones need far more memory than their bytes. */
function refuseTooManyLines(text: string, limits: Limits): void {
  const lines = lineAt(text, text.length);
  if (lines > limits.maxLines) throw beyondLimit(`has ${lines} lines`, limits, 'maxLines');
}

function jsonContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content {
  // No document goes on behind its end: a text whose first line is one holds one on each line, or is broken.
  if (looksLikeJsonLines(text, limits)) {
    refuseTooManyLines(text, limits);
    warnings.add('shape', 'the file is no single JSON document but one on each line; it was read line by line');
    return { kind, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
  }
  const outcome = parseJson(text, limits);
  if ('value' in outcome) return wholeDocument(kind, text, outcome, warnings);
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

function csvContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, delimiter: string): Content {
  const start = text.search(/\S/);
  if (!JSON_BEGIN.test(text.slice(start, start + BEGIN))) {
    return { kind, shape: 'table', tables: [readCsv(text, delimiter, limits, warnings)] };
  }
  warnings.add('shape', 'the file is named as a table but holds JSON; it was read as JSON');
  return jsonContent(kind, text, limits, warnings);
}
