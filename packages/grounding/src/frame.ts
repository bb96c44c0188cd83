import { isBetween } from './between.ts';
import type { Claim } from './claim.ts';
import { type Cluster, isSame } from './cluster.ts';
import type { FileMention, LabelMention, Mentions, MetricMention } from './mentions.ts';
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
    labels: labelsOf(claim, settings, peers),
    inPlace: isInPlace(claim, settings[0], peers),
    ...statisticsOf(settings),
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

/** How far a mention is from the claim: one before it counts as nearer than one behind it, unless that is joined by `of`, `for`, … */
function distance(mention: { start: number; end: number }, { text, start, end }: Setting): number {
  if (start < 0) return -mention.start;
  if (mention.end <= start) {
    const between = text.slice(mention.end, start);
    return between.length + (CLAUSE.test(between) ? 40 : 0);
  }
  if (mention.start >= end) {
    const between = text.slice(end, mention.start);
    if (isBetween(JOINED, text, end, mention.start)) return between.length / 8;
    return between.length * 2 + 12 + (CLAUSE.test(between) ? 60 : 0);
  }
  return 0;
}

const CLAUSE = /[;,(]|\b(?:and|while|whereas|but|versus|vs|against|than|compared)\b/;
const JOINED =
  /^[\s)*"'`]*(?:of|for|in|on|with|at|by|per|is the|was the|as the|\()?[\s*"'`]*(?:the\s+)?(?:model|median|mean|average)?[\s*"'`]*$/i;

function nearest<M extends { start: number; end: number }>(mentions: readonly M[], setting: Setting): M | null {
  let best: M | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const mention of mentions) {
    const away = distance(mention, setting);
    if (away < least) [best, least] = [mention, away];
  }
  return best;
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

function labelsOf(claim: Pick<Claim, 'start' | 'end'>, settings: readonly Setting[], peers: readonly Peer[]): LabelMention['keys'][] {
  const found: LabelMention['keys'][] = [];
  const taken = new Set<string>();
  for (const setting of settings) {
    const inPlace = listed(claim, setting, peers);
    const near = setting.mentions.clusters
      .map((cluster) => ({ cluster, away: cluster === inPlace ? -1 : distance(cluster, setting) }))
      .sort((a, b) => a.away - b.away);
    for (const { cluster } of near) {
      // One that names the same labels is of another configuration.
      if (cluster.mentions.some(({ keys }) => [...keys.keys()].some((key) => taken.has(key)))) continue;
      for (const { keys } of cluster.mentions) {
        for (const key of keys.keys()) taken.add(key);
        found.push(keys);
      }
    }
  }
  return found;
}

/** Whether as many configurations are named as values of the unit, or one is joined right behind the value. */
function isInPlace(claim: Pick<Claim, 'start' | 'end'>, own: Setting | undefined, peers: readonly Peer[]): boolean {
  if (own === undefined) return false;
  const { clusters } = own.mentions;
  const apart = clusters.filter((cluster, i) => !clusters.slice(0, i).some((earlier) => isSame(earlier, cluster)));
  return (
    (apart.length > 1 && apart.length === peers.length) ||
    clusters.some((cluster) => cluster.start >= claim.end && isBetween(JOINED, own.text, own.end, cluster.start))
  );
}

/** A value beside others of its sentence, in the same unit. */
export type Peer = { start: number; end: number };

/**
 * `q4_0 against q5_K_M: 76.9 tok/s against 65.0 tok/s`: where as many configurations are named before as many values, each value
 * belongs to the one in its place. Null where it is no such list.
 */
function listed(claim: Pick<Claim, 'start' | 'end'>, setting: Setting, peers: readonly Peer[]): Cluster | null {
  const [first] = peers;
  if (setting.start < 0 || peers.length < 2 || first === undefined) return null;
  const before = setting.mentions.clusters.filter((cluster) => cluster.end <= first.start);
  const apart = before.filter((cluster, i) => !before.slice(0, i).some((earlier) => isSame(earlier, cluster)));
  return apart.length === peers.length ? (apart[peers.findIndex((peer) => peer.start === claim.start)] ?? null) : null;
}

const OVERALL =
  /\b(?:overall|across (?:all|the)|consistent(?:ly)?|on the whole|in general|typical(?:ly)?|all (?:\w+ )?(?:models|runs|tests|files|requests|prompts|configurations))\b/i;

// "model 0", "p50": one of several, or one percentile among others.
const ONE_OF = /\b(?:models?|configurations?|configs?|runs?|files?)\s*\[?#?\d+\]?(?![\d.]*\s*(?:files|%))|\bp50\b|\b50th\b/i;

const SLASHED = /\b(?:mean|median|avg|average|min|max|p\d{2})\s*\/\s*(?:mean|median|avg|average|min|max|p\d{2})\b/i;

function statisticsOf(settings: readonly Setting[]): {
  statistics: Statistic[];
  general: boolean;
  overall: boolean;
  ambiguous: boolean;
} {
  const ambiguous = settings.slice(0, 2).some(({ text }) => SLASHED.test(text));
  const overall = settings.slice(0, 3).some(({ text }) => OVERALL.test(text));
  const percentile = settings
    .flatMap(({ start, mentions }) => (start < 0 ? mentions.statistics : []))
    .find(({ statistic }) => statistic.startsWith('p'));
  for (const setting of settings) {
    const { statistics } = setting.mentions;
    // What stands in a bracket behind a value is of what else stands there: `84.2 ms (p99: 168.7 ms)`.
    const own = statistics.filter(
      (mention) =>
        setting.start < 0 || mention.start < setting.end || !/^[^()]{0,12}\(/.test(setting.text.slice(setting.end, mention.start)),
    );
    const chosen = nearest(own, setting);
    if (chosen === null) continue;
    // A row of the p95 in a column of averages is still of the p95.
    if (percentile && setting.start < 0) return { statistics: [percentile.statistic], general: false, overall, ambiguous };
    // "the greatest of the medians": two words that stand together are meant together.
    const together = statistics.filter((s) => Math.abs(s.start - chosen.start) < 16);
    const central =
      together.some(({ statistic, inName }) => !inName && (statistic === 'mean' || statistic === 'median')) &&
      !settings.slice(0, 3).some(({ text }) => ONE_OF.test(text));
    return { statistics: [...new Set(together.map((s) => s.statistic))], general: central || overall, overall, ambiguous };
  }
  return { statistics: [], general: overall, overall, ambiguous };
}
