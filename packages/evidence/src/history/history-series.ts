import { byCodeUnit, type Group, isCanonical } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { quantileOfSorted } from '@chimera/statistics';
import { VERSIONS, withoutVersions } from '../changes.ts';
import type { Steps } from '../steps.ts';
import { freshRuns } from './fresh-runs.ts';
import type { HistoryPoint, HistorySeries, Snapshot } from './snapshot.ts';

/** What one inventory brought of one group. */
type Arrival = { snapshot: Snapshot; group: Group; key: string; runs: readonly number[] };

/**
 * The series of a dataset: its groups of canonical metrics through its inventories, in the order of their keys. A series goes on where
 * only a version changes, which is what a history is asked about; where one inventory brings runs of several versions, they are
 * measured side by side, and each is a series of its own.
 */
export function* historySeriesIn(snapshots: readonly Snapshot[]): Steps<HistorySeries[]> {
  const all: [key: string, series: HistorySeries][] = [];
  for (const arrivals of (yield* arrivalsIn(snapshots)).values()) {
    const sideBySide = new Set(arrivals.map(({ snapshot }) => snapshot)).size < arrivals.length;
    if (!sideBySide) all.push(seriesOf(arrivals, withoutVersions));
    else for (const own of Map.groupBy(arrivals, ({ key }) => key).values()) all.push(seriesOf(own, (labels) => labels));
    yield;
  }
  return all.sort(([a], [b]) => byCodeUnit(a, b)).map(([, series]) => series);
}

/** By the key without versions, in the order of the generations. */
function* arrivalsIn(snapshots: readonly Snapshot[]): Steps<Map<string, Arrival[]>> {
  const arrivals = new Map<string, Arrival[]>();
  const last = new Map<string, Group>();
  for (const snapshot of [...snapshots].sort((a, b) => a.generation - b.generation)) {
    for (const group of snapshot.groups) {
      if (!isCanonical(group.metric)) continue;
      const key = keyOf(group, group.labels);
      const runs = freshRuns(group, last.get(key));
      last.set(key, group);
      if (runs.length === 0) continue;
      const seriesKey = keyOf(group, withoutVersions(group.labels));
      const there = arrivals.get(seriesKey);
      if (there) there.push({ snapshot, group, key, runs });
      else arrivals.set(seriesKey, [{ snapshot, group, key, runs }]);
    }
    yield;
  }
  return arrivals;
}

function keyOf({ metric, statistic, pattern }: Group, labels: Readonly<Record<string, string>>): string {
  return [metric, labelsJson(labels), statistic, pattern].join('\0');
}

type Labels = Readonly<Record<string, string>>;

function seriesOf(arrivals: readonly Arrival[], labelsOf: (labels: Labels) => Labels): [key: string, series: HistorySeries] {
  const group = arrivals.at(-1)?.group;
  if (group === undefined || !isCanonical(group.metric)) throw new RangeError('There is no series without a point.');
  const { metric, statistic, unit, derived, pattern } = group;
  const labels = labelsOf(group.labels);
  const kept = derived.filter((name) => Object.hasOwn(labels, name));
  return [keyOf(group, labels), { metric, statistic, unit, labels, derived: kept, scope: pattern, points: arrivals.map(pointOf) }];
}

function pointOf({ snapshot: { inventory, generation, publishedAt }, group: { labels, sources }, runs }: Arrival): HistoryPoint {
  const versions = Object.fromEntries(VERSIONS.flatMap((name) => (Object.hasOwn(labels, name) ? [[name, labels[name] ?? '']] : [])));
  return { inventory, generation, publishedAt, value: quantileOfSorted(Float64Array.from(runs), 0.5), n: runs.length, versions, sources };
}
