import { type Artifact, DATASET_SCOPE, type Evidence, type Fact, isCanonical, METRICS, type Observations } from '@chimera/shared/domain';
import { Configurations } from './configurations.ts';
import { dimensionOf, type Entry, type Located } from './entry.ts';
import { labelFiles, namesWithDigits, settingValues, versionsIn } from './known-names.ts';
import { statedTimes, trusted } from './known-times.ts';
import { labelPhrases } from './label-words.ts';
import { metricPhrases } from './metric-words.ts';
import { settingPattern } from './names.ts';
import { groupedBy, inOrder, orderedByDimension } from './ordered-entries.ts';
import { claimSentences } from './sentence-key.ts';
import { type Statistic, statisticsOf } from './statistic-words.ts';
import { comparisonKey, type Truth } from './truth.ts';
import { type Unit, unitOf } from './units.ts';
import { phraseOf } from './words.ts';

/** What a truth is made of. */
export type TruthInput = {
  facts: readonly Fact[];
  /** facts that may be told in their own words, and bear out no others */
  passed?: readonly Fact[];
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
    facts: new Map([...input.facts, ...(input.passed ?? [])].map((fact) => [fact.id, fact])),
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
    sentences: claimSentences([...input.facts, ...(input.passed ?? [])]),
  };
}

/**
 * The truth of an inventory, with its single numbers where they are at hand. What only earlier inventories held is no part of it: a
 * level that has passed must not bear out who takes it for the present one.
 */
export function truthOf(evidence: Evidence, observations: Observations | null, measurements: Iterable<Located> = []): Truth {
  const { now = [], passed = [] } = Object.groupBy(observations?.facts ?? [], (fact) => (isOfThese(fact) ? 'now' : 'passed'));
  return createTruth({
    facts: [...evidence.facts, ...now],
    passed,
    artifacts: evidence.artifacts,
    modified: observations?.modified ?? [],
    measurements,
  });
}

function isOfThese({ kind, sources }: Fact): boolean {
  return kind !== 'history' || sources.some((source) => 'path' in source);
}

function firstWords(phrases: Iterable<string>): Set<string> {
  return new Set([...phrases].map((phrase) => phrase.split(' ')[0] ?? ''));
}

function byConfiguration(entries: readonly Entry[], size: number): Entry[][] {
  const found: Entry[][] = Array.from({ length: size }, () => []);
  for (const entry of entries) found[entry.configuration]?.push(entry);
  return found;
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

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) =>
    parts
      .slice(0, i + 1)
      .join('/')
      .toLowerCase(),
  );
}
