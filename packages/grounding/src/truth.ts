import {
  type Artifact,
  DATASET_SCOPE,
  type Evidence,
  type Fact,
  isCanonical,
  METRICS,
  type Measurement,
  type Observations,
} from '@chimera/shared/domain';
import { Configurations } from './configurations.ts';
import { labelFiles, namesWithDigits, settingValues, versionsIn } from './known-names.ts';
import { statedTimes, trusted } from './known-times.ts';
import { labelPhrases } from './label-words.ts';
import { metricPhrases } from './metric-words.ts';
import { settingPattern } from './names.ts';
import { between, groupedBy, inOrder, type Ordered, orderedByDimension } from './ordered-entries.ts';
import { sentencesOf } from './sentence-key.ts';
import { type Statistic, statisticsOf } from './statistic-words.ts';
import { type Unit, unitOf } from './units.ts';
import { phraseOf } from './words.ts';

/** A number that the artifacts give: a fact's, or one measurement's. `value` in `unit`; `metric` is a position in `Truth.metrics`. */
export type Entry = {
  fact: Fact | null;
  value: number;
  unit: Unit | null;
  metric: number;
  statistics: ReadonlySet<Statistic>;
  labels: Readonly<Record<string, string>>;
  scope: string;
  n: number | null;
  pointer: string;
  /** the number of its labels and scope in `Truth.configurations` */
  configuration: number;
};

/** One number read from an artifact, as a reader gives it. */
export type Located = {
  path: string;
  measurement: Pick<Measurement, 'metric' | 'statistic' | 'value' | 'unit' | 'n' | 'labels' | 'pointer' | 'failed'>;
};

/** All that prose can be checked against, with the ways to find it. Built once; checking changes nothing in it. */
export type Truth = {
  facts: ReadonlyMap<string, Fact>;
  entries: readonly Entry[];
  metrics: readonly string[];
  /** positions of metrics in `metrics` */
  metricNumbers: ReadonlyMap<string, number>;
  byMetric: readonly (readonly Entry[])[];
  configurations: Configurations;
  byConfiguration: readonly (readonly Entry[])[];
  byScope: ReadonlyMap<string, readonly Entry[]>;
  /** entries by each path they are of: their scope, one that a pattern in it matches, or a source of the fact */
  byPath: ReadonlyMap<string, readonly Entry[]>;
  byFact: ReadonlyMap<string, Entry>;
  /** for each metric the dimensions of its numbers */
  dimensions: readonly ReadonlySet<string>[];
  byDimension: ReadonlyMap<string, Ordered>;
  /** all, by the value as it stands, whatever its unit */
  byDigits: Ordered;
  metricPhrases: ReadonlyMap<string, ReadonlySet<number>>;
  /** the first words of these, and of those of the labels */
  metricStarts: ReadonlySet<string>;
  labelStarts: ReadonlySet<string>;
  /** label values as prose writes them: phrase → label → values */
  labelPhrases: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** labels' values that are numbers, by label */
  settingValues: ReadonlyMap<string, ReadonlySet<string>>;
  /** finds these settings in prose; null where there are none */
  settingPattern: RegExp | null;
  /** what a setting with its value means, made when it is first named */
  settingNames: Map<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** words in labels' values that look like files: `tokenize corpus.txt` */
  labelFiles: ReadonlySet<string>;
  artifacts: readonly Artifact[];
  /** paths by their last name, in lower case */
  filesByName: ReadonlyMap<string, readonly string[]>;
  folders: ReadonlySet<string>;
  /** words out of the artifacts that hold digits, in lower case: names, no amounts */
  names: ReadonlySet<string>;
  /** families of models with a version in their name, `llama3.1`, in lower case */
  versions: ReadonlySet<string>;
  /** modification times by path, in milliseconds; null where they cannot be trusted */
  modified: ReadonlyMap<string, number> | null;
  /** the earliest and latest time that artifacts state in themselves or in their names, in milliseconds */
  stated: { first: number; last: number } | null;
  comparisons: readonly Fact[];
  /** comparisons by metric, the label that is compared and one of its two values: see `comparisonKey` */
  comparisonsByValue: ReadonlyMap<string, readonly Fact[]>;
  /** positions of metrics of which there are comparisons */
  comparedMetrics: ReadonlySet<number>;
  modifications: readonly Fact[];
  /** the sentences of the facts' claims, by their words: what says the same says no more than the fact */
  sentences: ReadonlyMap<string, string>;
};

export type TruthInput = {
  facts: readonly Fact[];
  artifacts: readonly Artifact[];
  /** further paths that may be named, where the artifacts are not at hand */
  paths?: readonly string[];
  modified?: Observations['modified'];
  /** single numbers, where they are at hand: what no fact states by itself */
  measurements?: Iterable<Located>;
};

/** Indexes what an inventory supports. Takes time and memory in proportion to it. */
export function createTruth(input: TruthInput): Truth {
  const metrics: string[] = [];
  const numbers = new Map<string, number>();
  const phrases: string[] = [];
  const metricOf = (metric: string): number => {
    const known = numbers.get(metric);
    if (known !== undefined) return known;
    numbers.set(metric, metrics.length);
    phrases.push(phraseOf(metric));
    return metrics.push(metric) - 1;
  };
  const statistics = new Map<string, ReadonlySet<Statistic>>();
  const statisticOf = (statistic: string, metric: number) => {
    const key = `${statistic}\0${metric}`;
    const known = statistics.get(key) ?? statisticsOf(statistic, phrases[metric] ?? '');
    statistics.set(key, known);
    return known;
  };
  const entries: Entry[] = [];
  const configurations = new Configurations();
  for (const fact of input.facts) {
    if (typeof fact.value !== 'number') continue;
    const metric = metricOf(fact.metric);
    entries.push({
      fact,
      value: fact.value,
      unit: unitFor(fact),
      metric,
      statistics: statisticOf(fact.statistic, metric),
      labels: fact.labels,
      scope: fact.scope,
      n: fact.n,
      pointer: '',
      configuration: configurations.numberOf(fact.labels, fact.scope),
    });
  }
  for (const { path, measurement } of input.measurements ?? []) {
    if (measurement.failed) continue;
    const metric = metricOf(measurement.metric);
    const unit = measurement.unit === null ? null : unitOf(measurement.unit);
    entries.push({
      fact: null,
      value: measurement.value,
      unit,
      metric,
      statistics: statisticOf(measurement.statistic, metric),
      labels: measurement.labels,
      scope: path,
      n: measurement.n,
      pointer: measurement.pointer,
      configuration: configurations.numberOf(measurement.labels, path),
    });
  }
  const byMetric: Entry[][] = metrics.map(() => []);
  for (const entry of entries) byMetric[entry.metric]?.push(entry);
  const paths = [...new Set([...input.artifacts.map(({ path }) => path), ...(input.paths ?? [])])];
  const filesByName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    const there = filesByName.get(name);
    if (there) there.push(path);
    else filesByName.set(name, [path]);
  }
  const labels = labelPhrases(entries);
  const ofMetrics = metricPhrases(metrics);
  const comparisons = input.facts.filter((fact) => fact.comparison !== undefined);
  const settings = settingValues(entries);
  return {
    facts: new Map(input.facts.map((fact) => [fact.id, fact])),
    entries,
    metrics,
    metricNumbers: numbers,
    byMetric,
    configurations,
    byConfiguration: byConfiguration(entries, configurations.size),
    byScope: groupedBy(entries, (entry) => entry.scope),
    byPath: byPath(entries),
    byFact: new Map(entries.flatMap((entry) => (entry.fact === null ? [] : [[entry.fact.id, entry] as const]))),
    dimensions: byMetric.map((some) => new Set(some.map(({ unit }) => dimensionOf(unit)))),
    byDimension: orderedByDimension(entries),
    byDigits: inOrder(entries, (entry) => entry.value),
    metricPhrases: ofMetrics,
    metricStarts: firstWords(ofMetrics.keys()),
    labelStarts: firstWords(labels.keys()),
    labelPhrases: labels,
    settingValues: settings,
    settingPattern: settingPattern(settings.keys()),
    settingNames: new Map(),
    labelFiles: labelFiles(entries),
    artifacts: input.artifacts,
    filesByName,
    folders: new Set(paths.flatMap(foldersOf)),
    names: namesWithDigits(entries, paths),
    versions: versionsIn(entries, paths),
    modified: trusted(input.modified ?? []),
    stated: statedTimes(paths, entries),
    comparisons,
    comparisonsByValue: comparisonsByValue(comparisons),
    comparedMetrics: new Set(comparisons.map(({ metric }) => metricOf(metric))),
    modifications: input.facts.filter((fact) => fact.kind === 'modification'),
    sentences: sentencesOf(input.facts),
  };
}

/** The truth of an inventory, with its single numbers where they are at hand. */
export function truthOf(evidence: Evidence, observations: Observations | null, measurements: Iterable<Located> = []): Truth {
  return createTruth({
    facts: [...evidence.facts, ...(observations?.facts ?? [])],
    artifacts: evidence.artifacts,
    modified: observations?.modified ?? [],
    measurements,
  });
}

function firstWords(phrases: Iterable<string>): Set<string> {
  return new Set([...phrases].map((phrase) => phrase.split(' ')[0] ?? ''));
}

function byConfiguration(entries: readonly Entry[], size: number): Entry[][] {
  const found: Entry[][] = Array.from({ length: size }, () => []);
  for (const entry of entries) found[entry.configuration]?.push(entry);
  return found;
}

/** Under which a comparison is found: its metric, the label that is compared, and one of the two values. */
export function comparisonKey(metric: string, label: string, value: string): string {
  return `${metric}\0${label}\0${value}`;
}

function comparisonsByValue(comparisons: readonly Fact[]): Map<string, Fact[]> {
  const found = new Map<string, Fact[]>();
  for (const fact of comparisons)
    for (const value of [fact.comparison?.of, fact.comparison?.to]) {
      const key = comparisonKey(fact.metric, fact.comparison?.label ?? '', value ?? '');
      const there = found.get(key);
      if (there) there.push(fact);
      else found.set(key, [fact]);
    }
  return found;
}

function byPath(entries: readonly Entry[]): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  const add = (path: string, entry: Entry) => {
    const there = found.get(path);
    if (!there) found.set(path, [entry]);
    else if (there.at(-1) !== entry) there.push(entry);
  };
  for (const entry of entries) {
    if (entry.scope !== DATASET_SCOPE && !entry.scope.includes('*')) add(entry.scope, entry);
    for (const source of entry.fact?.sources ?? []) if ('path' in source && source.path !== entry.scope) add(source.path, entry);
  }
  return found;
}

function unitFor(fact: Fact): Unit | null {
  if (fact.unit !== null) return unitOf(fact.unit);
  // The ratio of a comparison is a number of times.
  if (fact.comparison !== undefined) return unitOf('times');
  return isCanonical(fact.metric) && fact.kind === 'group' ? unitOf(METRICS[fact.metric].unit) : null;
}

/** The dimension by which an entry is found, `` where its file states no unit. */
export function dimensionOf(unit: Unit | null): string {
  return unit?.dimension ?? '';
}

/** The entries of a dimension whose value, in its own unit, lies from `low` to `high`. */
export function entriesBetween(truth: Truth, dimension: string, low: number, high: number): readonly Entry[] {
  const all = truth.byDimension.get(dimension);
  return all ? between(all, low, high) : [];
}

/** The entries whose value, as it stands, lies from `low` to `high`. */
export function digitsBetween(truth: Truth, low: number, high: number): readonly Entry[] {
  return between(truth.byDigits, low, high);
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) =>
    parts
      .slice(0, i + 1)
      .join('/')
      .toLowerCase(),
  );
}

/** The fact that says what an entry says, or comes nearest to it: of the same metric and file; null where there is none. */
export function factFor(entry: Entry, truth: Truth): Fact | null {
  if (entry.fact) return entry.fact;
  const beside = (truth.byPath.get(entry.scope) ?? []).filter((other) => other.fact !== null && other.metric === entry.metric);
  const same = beside.filter((other) => other.configuration === entry.configuration);
  const some = same.length > 0 ? same : beside;
  return (some.find((other) => other.value === entry.value) ?? some[0])?.fact ?? null;
}

/** What is spoken of where an entry is named: a sentence. */
export function entryText(entry: Entry, metrics: readonly string[]): string {
  if (entry.fact) return entry.fact.claim;
  const place = entry.scope === DATASET_SCOPE ? '' : ` in ${entry.scope}`;
  const labels = Object.entries(entry.labels)
    .filter(([, value]) => value.length <= 60)
    .slice(0, 6)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return `${metrics[entry.metric] ?? ''}${labels === '' ? '' : ` (${labels})`}${place}, ${entry.pointer}: ${entry.value}${entry.unit === null ? '' : ` ${entry.unit.name}`}.`;
}
