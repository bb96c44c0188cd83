import { endsWithGlob } from './glob.ts';
import type { FileMention, FolderMention } from './mentions.ts';
import type { Truth } from './truth.ts';
import { phraseOf } from './words.ts';

const FILE = /(?<![\w{}*.~/-])[\w{}*.~/-]*[\w{}*-]\.(?:csv|tsv|jsonl?|ndjson|md|markdown|txt|log|ya?ml)\b/gi;

/** The files that a text names. */
export function filesIn(text: string, truth: Truth): FileMention[] {
  return [...text.matchAll(FILE)]
    .filter((m) => !truth.labelFiles.has(m[0].toLowerCase()))
    .map((m) => {
      const name = m[0].toLowerCase();
      if (name.includes('*')) return { start: m.index, end: m.index + m[0].length, text: m[0], paths: matching(name, truth) };
      const same = truth.filesByName.get(name.slice(name.lastIndexOf('/') + 1)) ?? [];
      const paths = same.filter((path) => path.toLowerCase().endsWith(name) || name.endsWith(path.toLowerCase()));
      return { start: m.index, end: m.index + m[0].length, text: m[0], paths: new Set(paths) };
    });
}

function matching(pattern: string, truth: Truth): Set<string> {
  return new Set([...truth.filesByName.values()].flat().filter((path) => endsWithGlob(path.toLowerCase(), pattern)));
}

const PIECE = /(?<![\w./-])[\w-]*[A-Za-z0-9]_[A-Za-z0-9][\w-]*(?![\w./])/g;

/** A piece of file names, `cuda_bench`, in quotes or not: the files whose names hold it. */
export function patternsIn(text: string, truth: Truth): FileMention[] {
  return [...text.matchAll(PIECE)].flatMap((match) => {
    const piece = match[0].toLowerCase();
    if (
      piece.length < 4 ||
      truth.metricPhrases.has(phraseOf(piece)) ||
      truth.labelPhrases.has(phraseOf(piece)) ||
      truth.settingValues.has(piece)
    )
      return [];
    const paths = [...truth.filesByName].flatMap(([name, same]) => (name.includes(piece) ? same : []));
    return paths.length === 0
      ? []
      : [{ start: match.index, end: match.index + match[0].length, text: match[0], paths: new Set(paths), piece: true }];
  });
}

// `ops/µs` is no folder `ops/`.
const FOLDER = /(?<![\w.*/-])[\w.-]+(?:\/[\w.-]+)*\/(?![\p{L}\w*])|(?<![\w.*/-])[\w-]+(?:\/[\w-]+)+(?![\w./*])/gu;

/** The folders that a text names. */
export function foldersIn(text: string, truth: Truth): FolderMention[] {
  return [...text.matchAll(FOLDER)].flatMap((m) => {
    const folder = m[0].replace(/\/$/, '').toLowerCase();
    const known = truth.folders.has(folder) ? folder : [...truth.folders].find((path) => path.endsWith(`/${folder}`));
    return known === undefined && !m[0].endsWith('/') ? [] : [{ start: m.index, end: m.index + m[0].length, folder: known ?? folder }];
  });
}
