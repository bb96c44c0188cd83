import type { ArtifactKind } from '@chimera/shared/domain';
import { decode } from './encoding.ts';
import { parseJson } from './json-document.ts';
import { looksLikeJsonLines } from './json-lines.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Refusal } from './refusal.ts';

const BY_EXTENSION: ReadonlyMap<string, ArtifactKind> = new Map([
  ['csv', 'csv'],
  ['tsv', 'csv'],
  ['json', 'json'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['md', 'markdown'],
  ['markdown', 'markdown'],
  ['txt', 'text'],
  ['log', 'text'],
  ['out', 'text'],
  ['text', 'text'],
]);

/** A path's extension in lower case, without its dot; empty where there is none. A hidden file's name is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** The kind that a name states, or null where its extension says nothing. */
export function kindByName(path: string): ArtifactKind | null {
  return BY_EXTENSION.get(extensionOf(path)) ?? null;
}

/** The kind of a text whose name says nothing: JSON (be it cut off), JSON lines, or text. */
export function kindByText(text: string, limits: Limits): ArtifactKind {
  const begin = text[text.search(/\S/)];
  if (begin !== '{' && begin !== '[') return 'text';
  try {
    if (looksLikeJsonLines(text, limits)) return 'jsonl';
    const outcome = parseJson(text, limits);
    return 'value' in outcome || outcome.fault.atEnd ? 'json' : 'text';
  } catch (error) {
    // Too much to be parsed: JSON by its looks, and the reader will say which limit it breaks.
    if (error instanceof Refusal) return 'json';
    throw error;
  }
}

/**
 * What sort of artifact a file is: by its extension, and by its content where that says nothing.
 * @param path within the dataset, with `/`
 * @param bytes the whole file
 * @returns `unknown` where neither tells: the content is no text
 */
export function kindOf(path: string, bytes: Uint8Array): ArtifactKind {
  const named = kindByName(path);
  if (named !== null) return named;
  try {
    return kindByText(decode(bytes).text, DEFAULT_LIMITS);
  } catch (error) {
    if (error instanceof Refusal) return 'unknown';
    throw error;
  }
}
