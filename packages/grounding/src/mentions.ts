import type { ArtifactKind } from '@chimera/shared/domain';
import { type Cluster, clustersOf } from './cluster.ts';
import { endsWithGlob } from './glob.ts';
import { settingsIn } from './names.ts';
import { canonicalSetting } from './setting-words.ts';
import { type StatisticMention, statisticsIn } from './statistic-words.ts';
import type { Truth } from './truth.ts';
import { phraseOf, type Word, wordsOf } from './words.ts';

type At = { start: number; end: number };
/** `vague`: the word is in many sentences; `unit`: it is the name of a unit, which tells less than that of a metric. */
export type MetricMention = At & { metrics: ReadonlySet<number>; phrase: string; vague: boolean; unit: boolean };
/** One name may be the value of several labels: `q4_0` of `quantization`, and a part of a `model`. Any of them may be meant. */
export type LabelMention = At & {
  keys: ReadonlyMap<string, ReadonlySet<string>>;
  /** shorter names that it is made of: `sample-8b-q4_K_M` of a model and a quantization; it may mean all of these as well */
  parts?: readonly LabelMention[];
};
export type KindMention = At & { kind: ArtifactKind };
/** `piece`: a part of file names stands for all that hold it. */
export type FileMention = At & { paths: ReadonlySet<string>; text: string; piece?: boolean };
export type FolderMention = At & { folder: string };
export type QuoteMention = At & { text: string };

/** What a text names, each in order of appearance. */
export type Mentions = {
  metrics: readonly MetricMention[];
  labels: readonly LabelMention[];
  /** the labels that stand together */
  clusters: readonly Cluster[];
  kinds: readonly KindMention[];
  files: readonly FileMention[];
  folders: readonly FolderMention[];
  quotes: readonly QuoteMention[];
  statistics: readonly StatisticMention[];
};

const LONGEST_PHRASE = 8;
// Words that are in many sentences and name a quantity in some.
const VAGUE = new Set('time duration load speed tokens quality power temperature characters'.split(' '));

const UNIT_PHRASES = new Set([
  'tok s',
  'tokens s',
  'tokens sec',
  'tokens second',
  'tps',
  'tokens per second',
  'token per second',
  'rps',
  'qps',
  'requests per second',
]);

/** What a text names out of the artifacts and the registry. */
export function mentionsIn(text: string, truth: Truth): Mentions {
  const files = filesIn(text, truth);
  const folders = foldersIn(text, truth);
  const inPath = (at: number) => [...files, ...folders].some((f) => at >= f.start && at < f.end);
  const words = wordsOf(text).filter((word) => !inPath(word.start));
  const labels = [...labelsIn(words, truth), ...settingLabels(text, truth)].sort((a, b) => a.start - b.start);
  return {
    files: [...files, ...patternsIn(text, truth)].sort((a, b) => a.start - b.start),
    folders,
    metrics: metricsIn(words, truth),
    labels,
    clusters: clustersOf(text, labels),
    kinds: kindsIn(text).filter((kind) => !inPath(kind.start)),
    quotes: quotesIn(text),
    statistics: statisticsIn(text),
  };
}

function metricsIn(words: readonly Word[], truth: Truth): MetricMention[] {
  const found: MetricMention[] = [];
  eachPhrase(words, truth.metricStarts, (phrase, start, end) => {
    const metrics = truth.metricPhrases.get(phrase);
    if (metrics === undefined) return false;
    found.push({ start, end, metrics, phrase, vague: VAGUE.has(phrase), unit: UNIT_PHRASES.has(phrase) });
    return true;
  });
  return found;
}

function labelsIn(words: readonly Word[], truth: Truth): LabelMention[] {
  const found: LabelMention[] = [];
  eachPhrase(words, truth.labelStarts, (phrase, start, end) => {
    const keys = truth.labelPhrases.get(phrase);
    if (keys === undefined) return false;
    const own = words.filter((word) => word.start >= start && word.end <= end);
    const parts = own.length < 2 || own.length === words.length ? [] : partsOf(own, truth);
    found.push(parts.length > 1 ? { start, end, keys, parts } : { start, end, keys });
    return true;
  });
  return found;
}

/** The names that a longer one is made of, from its beginning to its end; none where they do not make all of it. */
function partsOf(words: readonly Word[], truth: Truth): LabelMention[] {
  for (let at = words.length - 1; at > 0; at--) {
    const [first, last] = [words.slice(0, at), words.slice(at)].map((some) =>
      truth.labelPhrases.get(some.map(({ text }) => text).join(' ')),
    );
    const [start, middle, next, end] = [words[0]?.start ?? 0, words[at - 1]?.end ?? 0, words[at]?.start ?? 0, words.at(-1)?.end ?? 0];
    if (first && last)
      return [
        { start, end: middle, keys: first },
        { start: next, end, keys: last },
      ];
  }
  return [];
}

/** Calls `read` for the longest phrase at each place, of those that begin with one of `starts`; where it takes it, goes on behind it. */
function eachPhrase(
  words: readonly Word[],
  starts: ReadonlySet<string>,
  read: (phrase: string, start: number, end: number) => boolean,
): void {
  for (let i = 0; i < words.length; ) {
    if (!starts.has(words[i]?.text ?? '')) {
      i++;
      continue;
    }
    const phrases: string[] = [];
    for (let k = 0; k < LONGEST_PHRASE && i + k < words.length; k++)
      phrases.push(k === 0 ? (words[i]?.text ?? '') : `${phrases[k - 1]} ${words[i + k]?.text ?? ''}`);
    let length = phrases.length;
    while (length > 0 && !read(phrases[length - 1] ?? '', words[i]?.start ?? 0, words[i + length - 1]?.end ?? 0)) length--;
    i += Math.max(1, length);
  }
}

function settingLabels(text: string, truth: Truth): LabelMention[] {
  return settingsIn(text, truth.settingPattern).map(({ start, end, key, value }) => ({
    start,
    end,
    keys: settingNamed(key, value, truth),
  }));
}

function settingNamed(key: string, value: string, { settingNames, settingValues }: Truth): LabelMention['keys'] {
  const place = `${key}\0${value}`;
  const known = settingNames.get(place);
  if (known) return known;
  const label = canonicalSetting(key);
  const same = [...(settingValues.get(label) ?? [])].filter((other) => other === value || Number(other) === Number(value));
  const keys = new Map([[label, new Set(same.length === 0 ? [value] : same)]]);
  settingNames.set(place, keys);
  return keys;
}

const KINDS: readonly [RegExp, ArtifactKind][] = [
  [/\bcsvs?\b(?!_)/gi, 'csv'],
  [/\bjson ?l(?:ines)?\b|\bndjson\b/gi, 'jsonl'],
  [/\bjsons?\b(?! ?l(?:ines)?\b)(?!_)/gi, 'json'],
  [/\bmark ?downs?\b|(?<![\w.])\.?md\b(?! ?5)/gi, 'markdown'],
  [/\b(?:plain[- ])?text files?\b|\btxt\b|\btext(?=[\s*"'`]*(?:\(\d|:))|(?<=^|\|)\s*text\s*(?=\||$)/gi, 'text'],
];

function kindsIn(text: string): KindMention[] {
  return KINDS.flatMap(([words, kind]) =>
    [...text.matchAll(words)].map((m) => ({ start: m.index, end: m.index + m[0].length, kind })),
  ).sort((a, b) => a.start - b.start);
}

const FILE = /(?<![\w{}*.~/-])[\w{}*.~/-]*[\w{}*-]\.(?:csv|tsv|jsonl?|ndjson|md|markdown|txt|log|ya?ml)\b/gi;

function filesIn(text: string, truth: Truth): FileMention[] {
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
function patternsIn(text: string, truth: Truth): FileMention[] {
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

const FOLDER = /(?<![\w.*/-])[\w.-]+(?:\/[\w.-]+)*\/(?![\w*])|(?<![\w.*/-])[\w-]+(?:\/[\w-]+)+(?![\w./*])/g;

function foldersIn(text: string, truth: Truth): FolderMention[] {
  return [...text.matchAll(FOLDER)].flatMap((m) => {
    const folder = m[0].replace(/\/$/, '').toLowerCase();
    const known = truth.folders.has(folder) ? folder : [...truth.folders].find((path) => path.endsWith(`/${folder}`));
    return known === undefined && !m[0].endsWith('/') ? [] : [{ start: m.index, end: m.index + m[0].length, folder: known ?? folder }];
  });
}

const QUOTE = /`([^`\n]{2,80})`|"([^"\n]{2,80})"|(?<=^|[\s(])'([^'\n]{2,80})'(?=[\s).,:;]|$)/g;

function quotesIn(text: string): QuoteMention[] {
  return [...text.matchAll(QUOTE)].map((m) => ({ start: m.index, end: m.index + m[0].length, text: (m[1] ?? m[2] ?? m[3] ?? '').trim() }));
}

/** Whether a path belongs to what a fact's scope names: itself, or a pattern with `*`. */
export function isOfScope(path: string, scope: string): boolean {
  if (path === scope) return true;
  if (!scope.includes('*')) return false;
  const parts = scope.split('*');
  return path.startsWith(parts[0] ?? '') && path.endsWith(parts.at(-1) ?? '');
}

const phrases = new Map<string, string>();
const MOST_PHRASES = 50_000;

/** A text as a phrase with a space around it; remembered, for paths and labels come again and again. */
function paddedPhrase(text: string): string {
  const known = phrases.get(text);
  if (known !== undefined) return known;
  if (phrases.size >= MOST_PHRASES) phrases.clear();
  const phrase = ` ${phraseOf(text)} `;
  phrases.set(text, phrase);
  return phrase;
}

/** Whether a path names a label's value. */
export function namesValue(path: string, value: string): boolean {
  return paddedPhrase(path).includes(paddedPhrase(value));
}
