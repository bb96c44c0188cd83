import type { Measurement } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { meanOfSorted, quantileOfSorted, sortFinite, stddevOfSorted } from '@chimera/statistics';
import { byCodePoint } from './code-point.ts';

/**
 * The numbers of one metric in one artifact, failed records left out.
 * `labels` are those that all values share. Where an artifact holds several combinations, the whole is labelled
 * `pooled` with their number, and each combination of at least two values has a further series.
 * `stddev` is the sample's (n - 1), null for n < 2; median and p95 are type-7 quantiles; the mean is the sum in
 * ascending order over n, of a streamed artifact's many values their compensated sum (`summed`). `first` and `last` are the pointers
 * of the first and last value in the artifact's order.
 */
export type Series = {
  metric: string;
  statistic: string;
  unit: string | null;
  labels: Record<string, string>;
  n: number;
  min: number;
  median: number;
  mean: number;
  stddev: number | null;
  p95: number;
  max: number;
  summed?: 'compensated';
  first: string;
  last: string;
};

/** What is computed of the values of a series. */
export type SeriesNumbers = Pick<Series, 'n' | 'min' | 'median' | 'mean' | 'stddev' | 'p95' | 'max' | 'summed'>;

/** What series are told apart by before labels. */
export type SeriesName = Pick<Series, 'metric' | 'statistic' | 'unit'>;

/** The values under one combination of labels (as canonical JSON): the how-manieth combination it is, and their extent. */
export type Combination = { labels: string; index: number; n: number; first: string; last: string };

/** All values of one metric, statistic and unit, in the artifact's order. */
type Group = {
  metric: string;
  statistic: string;
  unit: string | null;
  values: number[];
  /** by labels */
  combinations: Map<string, Combination>;
  /** the combination of each value; empty while there is but one */
  indices: number[];
  last: string;
};

/**
 * Gathers an artifact's series out of its measurements, which are added one by one in their order: whoever has
 * millions of them can pause in between.
 */
export class SeriesGathering {
  readonly #groups = new Map<string, Group[]>();
  #labels: Measurement['labels'] | null = null;
  #labelsText = '';

  add(measurement: Measurement): void {
    if (measurement.failed || !Number.isFinite(measurement.value)) return;
    const group = this.#groupOf(measurement);
    const combination = combinationOf(group, this.#textOf(measurement.labels), measurement.pointer);
    // From the second combination on it matters which value is whose.
    if (combination.index === 1 && combination.n === 0) group.indices = group.values.map(() => 0);
    if (group.combinations.size > 1) group.indices.push(combination.index);
    group.values.push(measurement.value);
    group.last = measurement.pointer;
    combination.n += 1;
    combination.last = measurement.pointer;
  }

  /** The series by metric, statistic, unit (none first) and labels, each by code point; each is computed when it is asked for. */
  *series(): Generator<Series> {
    const groups = [...this.#groups.values()].flat();
    groups.sort(bySeriesName);
    for (const group of groups) yield* seriesOfGroup(group);
  }

  /** Readers give the numbers of one row the same labels. */
  #textOf(labels: Measurement['labels']): string {
    if (labels === this.#labels) return this.#labelsText;
    this.#labels = labels;
    this.#labelsText = labelsJson(labels);
    return this.#labelsText;
  }

  #groupOf(measurement: Measurement): Group {
    const metric = measurement.metric.toWellFormed();
    const statistic = measurement.statistic.toWellFormed();
    const unit = measurement.unit === null ? null : measurement.unit.toWellFormed();
    const ofMetric = this.#groups.get(metric);
    // One metric has few statistics and units.
    const known = ofMetric?.find((group) => group.statistic === statistic && group.unit === unit);
    if (known) return known;
    const group: Group = { metric, statistic, unit, values: [], combinations: new Map(), indices: [], last: '' };
    if (ofMetric) ofMetric.push(group);
    else this.#groups.set(metric, [group]);
    return group;
  }
}

/** All series of one artifact, in their order. */
export function seriesOf(measurements: Iterable<Measurement>): Series[] {
  const gathering = new SeriesGathering();
  for (const measurement of measurements) gathering.add(measurement);
  return [...gathering.series()];
}

function combinationOf(group: Group, labels: string, pointer: string): Combination {
  const known = group.combinations.get(labels);
  if (known) return known;
  const combination = { labels, index: group.combinations.size, n: 0, first: pointer, last: pointer };
  group.combinations.set(labels, combination);
  return combination;
}

/** By metric, statistic, unit (none first), each by code point. */
export function bySeriesName(a: SeriesName, b: SeriesName): number {
  return byCodePoint(a.metric, b.metric) || byCodePoint(a.statistic, b.statistic) || byUnit(a.unit, b.unit);
}

function byUnit(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return byCodePoint(a, b);
}

/** A series before its numbers: of one combination by its index, or the whole (null). */
export type SeriesRow = { labels: string; first: string; last: string; of: number | null };

/**
 * The whole, and where it is pooled its combinations of at least two values that have labels; by labels.
 * @param combinations in the order of their first values
 */
export function rowsOf(combinations: readonly Combination[], last: string): SeriesRow[] {
  const pooled = combinations.length > 1;
  const labels = pooled ? JSON.stringify({ pooled: `${combinations.length} configurations` }) : (combinations[0]?.labels ?? '{}');
  const rows: SeriesRow[] = [{ labels, first: combinations[0]?.first ?? '', last, of: null }];
  for (const { labels, n, first, last, index } of pooled ? combinations : [])
    if (n > 1 && labels !== '{}') rows.push({ labels, first, last, of: index });
  return rows.sort((a, b) => byCodePoint(a.labels, b.labels));
}

/** The series that a row becomes. */
export function seriesOfRow({ metric, statistic, unit }: SeriesName, row: SeriesRow, numbers: SeriesNumbers): Series {
  const { labels, first, last } = row;
  return { metric, statistic, unit, labels: JSON.parse(labels), ...numbers, first: first.toWellFormed(), last: last.toWellFormed() };
}

function* seriesOfGroup(group: Group): Generator<Series> {
  const combinations = [...group.combinations.values()];
  const valuesOf = combinations.length > 1 ? divided(group, combinations) : () => new Float64Array();
  for (const row of rowsOf(combinations, group.last))
    yield seriesOfRow(group, row, numbersOf(row.of === null ? new Float64Array(group.values) : valuesOf(row.of)));
}

/** The values of each combination, by its index: all lie behind each other in one array. */
function divided(group: Group, combinations: readonly Combination[]): (index: number) => Float64Array {
  const starts = new Float64Array(combinations.length + 1);
  for (const { index, n } of combinations) starts[index + 1] = (starts[index] ?? 0) + n;
  const next = starts.slice();
  const values = new Float64Array(group.values.length);
  for (let i = 0; i < values.length; i++) {
    const index = group.indices[i] ?? 0;
    const place = next[index] ?? 0;
    values[place] = group.values[i] ?? Number.NaN;
    next[index] = place + 1;
  }
  return (index) => values.subarray(starts[index], starts[index + 1]);
}

/** Sorts the values in place; `room` has as many places. */
export function numbersOf(values: Float64Array, room?: Float64Array): SeriesNumbers {
  sortFinite(values, room);
  return {
    n: values.length,
    min: values[0] ?? Number.NaN,
    median: quantileOfSorted(values, 0.5),
    mean: meanOfSorted(values),
    stddev: stddevOfSorted(values),
    p95: quantileOfSorted(values, 0.95),
    max: values.at(-1) ?? Number.NaN,
  };
}
