import type { ArtifactKind } from '@chimera/shared/domain';
import type { Content, ContentOptions } from './content.ts';
import { readCsv } from './csv-table.ts';
import { errorMessageIn } from './error-message.ts';
import { parseJson } from './json-document.ts';
import { type JsonFault, placeOf } from './json-fault.ts';
import { looksLikeJsonLines, readJsonLines } from './json-lines.ts';
import { beginsAsJson, ifKnown, jsonAmongLines, knownAsText, knownText, wholeDocument, wholeJson } from './known-content.ts';
import type { Limits } from './limits.ts';
import { withoutPrefixes } from './line-prefixes.ts';
import { markdownTables } from './markdown-tables.ts';
import { beyondLimit, Refusal } from './refusal.ts';
import { lineAt } from './text-lines.ts';
import { Warnings } from './warnings.ts';

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
  const known = knownAsText(kind, text, limits, warnings, options);
  if (known !== null) return known;
  let own: Content | null = null;
  for (const plain of withoutPrefixes(text)) {
    const one = knownAsText(kind, plain, limits, own === null ? warnings : new Warnings(), options);
    if (own !== null && one !== null) warnings.add('containers', OTHERS, 1);
    own ??= one;
  }
  if (own === null) return { kind, text, shape: 'text' };
  warnings.add('prefixes', PREFIXED);
  return own;
}

const PREFIXED =
  'before each line stands a mark that the tool did not print (a colour, a time, the name of a container): they were passed over';
const OTHERS =
  'before the lines stand the names of several containers that printed results: those of the first one were read, the others were not';

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
