import type { ArtifactKind } from '@chimera/shared/domain';
import { type Cluster, clustersOf } from './cluster.ts';
import { labelsIn, metricsIn, settingLabels } from './name-mentions.ts';
import { filesIn, foldersIn, patternsIn } from './path-mentions.ts';
import { type StatisticMention, statisticsIn } from './statistic-words.ts';
import type { Truth } from './truth.ts';
import { wordsOf } from './words.ts';

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

const QUOTE = /`([^`\n]{2,80})`|"([^"\n]{2,80})"|(?<=^|[\s(])'([^'\n]{2,80})'(?=[\s).,:;]|$)/g;

function quotesIn(text: string): QuoteMention[] {
  return [...text.matchAll(QUOTE)].map((m) => ({ start: m.index, end: m.index + m[0].length, text: (m[1] ?? m[2] ?? m[3] ?? '').trim() }));
}
