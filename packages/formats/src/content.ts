import type { ArtifactKind } from '@chimera/shared/domain';
import { readCsv } from './csv-table.ts';
import { errorMessageIn } from './error-message.ts';
import { parseJson } from './json-document.ts';
import { placeOf } from './json-fault.ts';
import { type JsonLine, looksLikeJsonLines, readJsonLines, warnBareWords } from './json-lines.ts';
import type { Limits } from './limits.ts';
import { markdownTables } from './markdown-tables.ts';
import { beyondLimit, Refusal } from './refusal.ts';
import type { Table } from './table.ts';
import type { Warnings } from './warnings.ts';

/** What an artifact holds once its bytes are understood: what formats are told apart by, and read from. */
export type Content = { kind: ArtifactKind; text: string } & (
  | { shape: 'json'; value: unknown }
  | { shape: 'jsonl'; lines: readonly JsonLine[] }
  | { shape: 'table'; tables: readonly Table[] }
  | { shape: 'markdown'; tables: readonly Table[] }
  | { shape: 'text' }
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
      return { kind, text, shape: 'markdown', tables: markdownTables(text, limits, warnings) };
    default:
      return { kind, text, shape: 'text' };
  }
}

/** Each line becomes an object: many short ones need far more memory than their bytes. */
function refuseTooManyLines(text: string, limits: Limits): void {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines > limits.maxLines) throw beyondLimit(`has ${lines} lines`, limits, 'maxLines');
}

function jsonContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content {
  const outcome = parseJson(text, limits);
  if ('value' in outcome) return wholeDocument(kind, text, outcome, warnings);
  if (looksLikeJsonLines(text, limits)) {
    refuseTooManyLines(text, limits);
    warnings.add('shape', 'the file is no single JSON document but one on each line; it was read line by line');
    return { kind, text, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
  }
  const message = errorMessageIn(text);
  if (message !== null) throw new Refusal(`not JSON: an error message ("${message.quote}") (line ${message.line})`);
  const { line, column } = placeOf(text, outcome.fault.offset);
  const cut = outcome.fault.atEnd ? '; it may be cut off' : '';
  throw new Refusal(`not valid JSON: ${outcome.fault.what} at line ${line}, column ${column}${cut}`);
}

function wholeDocument(kind: ArtifactKind, text: string, outcome: { value: unknown; notNumbers: number }, warnings: Warnings): Content {
  const { value } = outcome;
  if (typeof value !== 'object' || value === null || !/^\s*[[{]/.test(text)) {
    throw new Refusal('not a result: a bare value, not an object or a list; nothing names it, and a cut one looks the same');
  }
  warnBareWords(outcome.notNumbers, warnings);
  return { kind, text, shape: 'json', value };
}

function jsonLinesContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings): Content {
  if (!looksLikeJsonLines(text, limits) && /^\s*[[{]/.test(text) && text.trim().includes('\n')) {
    const outcome = parseJson(text, limits);
    if ('value' in outcome) {
      warnings.add('shape', 'the file is a single JSON document and not one on each line; it was read as a whole');
      return wholeDocument(kind, text, outcome, warnings);
    }
  }
  return { kind, text, shape: 'jsonl', lines: readJsonLines(text, limits, warnings) };
}

/** What begins like this is JSON, or was meant to be. */
const JSON_BEGIN = /^\s*(?:\{\s*["}]|\[\s*(?:[[\]{"]|-?\d|(?:true|false|null)\b))/;

function csvContent(kind: ArtifactKind, text: string, limits: Limits, warnings: Warnings, delimiter: string): Content {
  if (!JSON_BEGIN.test(text)) return { kind, text, shape: 'table', tables: [readCsv(text, delimiter, limits, warnings)] };
  warnings.add('shape', 'the file is named as a table but holds JSON; it was read as JSON');
  return jsonContent(kind, text, limits, warnings);
}
