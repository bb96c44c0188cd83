import type { Artifact, Fact } from '@chimera/shared/domain';
import type { Configurations } from './configurations.ts';
import type { Entry } from './entry.ts';
import { between, type Ordered } from './ordered-entries.ts';

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

/** Under which a comparison is found: its metric, the label that is compared, and one of the two values. */
export function comparisonKey(metric: string, label: string, value: string): string {
  return `${metric}\0${label}\0${value}`;
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

/** The fact that says what an entry says, or comes nearest to it: of the same metric and file; null where there is none. */
export function factFor(entry: Entry, truth: Truth): Fact | null {
  if (entry.fact) return entry.fact;
  const beside = (truth.byPath.get(entry.scope) ?? []).filter((other) => other.fact !== null && other.metric === entry.metric);
  const same = beside.filter((other) => other.configuration === entry.configuration);
  const some = same.length > 0 ? same : beside;
  return (some.find((other) => other.value === entry.value) ?? some[0])?.fact ?? null;
}
