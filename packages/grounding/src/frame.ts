import type { Claim } from './claim.ts';
import { framedLabels, isInPlace, type Peer } from './framed-labels.ts';
import { framedStatistics } from './framed-statistics.ts';
import type { FileMention, Mentions, MetricMention } from './mentions.ts';
import { distance, nearest } from './nearest.ts';
import type { Statistic } from './statistic-words.ts';
import type { Truth } from './truth.ts';
import type { Unit } from './units.ts';

/** What the words around a claim say that it is about; null or empty where they do not say. */
export type Frame = {
  metrics: ReadonlySet<number> | null;
  metricPhrase: string;
  vague: boolean;
  /** what it names of the configuration, each by label → values of which any may be meant; of one label the nearest counts */
  labels: readonly ReadonlyMap<string, ReadonlySet<string>>[];
  statistics: readonly Statistic[];
  /** the author calls it an average or the like, in words of his own: it is said to stand for all that the sentence speaks of */
  general: boolean;
  /** paths of the files it names; null: none named; empty: one that is not there */
  paths: ReadonlySet<string> | null;
  /** it says so in as many words: overall, consistently, in all runs */
  overall: boolean;
  /** it names several statistics as if one: `mean/median/p99` */
  ambiguous: boolean;
  /** these are all files whose names hold a piece: the sentence speaks of them together */
  together: boolean;
  folder: string | null;
  /** its place among several values tells to which of several configurations it belongs */
  inPlace: boolean;
  /** all that its own sentence names, wherever; `dense`: so much that places tell little */
  all: {
    metrics: ReadonlySet<number>;
    labels: readonly ReadonlyMap<string, ReadonlySet<string>>[];
    paths: ReadonlySet<string> | null;
    dense: boolean;
  };
};

/** A text that frames a claim, and where the claim stands in it; -1 where the text is another than the claim's. */
export type Setting = { text: string; mentions: Mentions; start: number; end: number };

/** What frames a claim, from the nearest setting out: for each sort of name, the first setting that has one counts. */
export function frameOf(
  claim: Pick<Claim, 'start' | 'end'>,
  unit: Unit | null,
  settings: readonly Setting[],
  truth: Truth,
  peers: readonly Peer[] = [],
): Frame {
  const metric = nearestMetric(settings, unit, truth);
  const files = firstOf(settings, (setting) => filesOf(setting));
  const folder = firstOf(settings, (setting) => nearest(setting.mentions.folders, setting));
  return {
    metrics: metric?.metrics ?? null,
    metricPhrase: metric?.phrase ?? '',
    vague: metric?.vague ?? true,
    labels: framedLabels(claim, settings, peers),
    inPlace: isInPlace(claim, settings[0], peers),
    ...framedStatistics(settings),
    paths: files,
    together: settings.find((setting) => setting.mentions.files.length > 0)?.mentions.files.every((file) => file.piece === true) ?? false,
    folder: folder?.folder ?? null,
    all: allNamed(settings[0]),
  };
}

const DENSE_LENGTH = 160;

function allNamed(own: Setting | undefined): Frame['all'] {
  const { metrics = [], labels = [], files = [] } = own?.mentions ?? {};
  return {
    metrics: new Set(metrics.filter((mention) => !mention.vague).flatMap((mention) => [...mention.metrics])),
    labels: labels.map((mention) => mention.keys),
    paths: files.length === 0 ? null : new Set(files.flatMap((file) => [...file.paths])),
    dense: (own?.text.length ?? 0) > DENSE_LENGTH && labels.length + files.length >= 3,
  };
}

function firstOf<T>(settings: readonly Setting[], find: (setting: Setting) => T | null): T | null {
  for (const setting of settings) {
    const found = find(setting);
    if (found !== null) return found;
  }
  return null;
}

/** The files a setting names: the one that stands right beside the claim, else all of them. */
function filesOf(setting: Setting): ReadonlySet<string> | null {
  const { files } = setting.mentions;
  const close = nearest(files, setting);
  if (close === null) return null;
  if (files.length === 1 || (setting.start >= 0 && distance(close, setting) <= 25)) return close.paths;
  return new Set(files.flatMap((file: FileMention) => [...file.paths]));
}

/** The metric that is meant: one of the value's own dimension before others, a telling name before a vague one, then the nearest. */
function nearestMetric(settings: readonly Setting[], unit: Unit | null, truth: Truth): MetricMention | null {
  let fallback: MetricMention | null = null;
  for (const setting of settings) {
    const { metrics } = setting.mentions;
    // `mean_tokens_s: 187.2`: the name right before a value is its own.
    const own = metrics.find(
      (mention) => !mention.vague && setting.start >= 0 && /^[`"']?\s*[:=]\s*[`"']?$/.test(setting.text.slice(mention.end, setting.start)),
    );
    if (own && (unit === null || hasDimension(own, unit, truth))) return own;
    const telling = metrics.filter((mention) => !mention.vague && !mention.unit);
    for (const some of [telling, metrics.filter((mention) => mention.unit), metrics.filter((mention) => mention.vague)]) {
      const fitting = some.filter((mention) => unit === null || hasDimension(mention, unit, truth));
      const found = nearest(fitting, setting);
      if (found) return found;
    }
    fallback ??= nearest(telling, setting);
  }
  return fallback;
}

function hasDimension({ metrics }: MetricMention, unit: Unit, truth: Truth): boolean {
  for (const metric of metrics) if (truth.dimensions[metric]?.has(unit.dimension)) return true;
  return false;
}
