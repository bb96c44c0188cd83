import { type CanonicalMetric, type Group, HISTORY_SCHEMA, METRICS } from '@chimera/shared/domain';
import { type ChangePoint, changePoints, LEAST_FOR_CHANGE_POINTS, type Level } from '@chimera/statistics';
import { inOneGo, type Steps } from '../steps.ts';
import { NOISE_FLOOR } from '../verdict.ts';
import { arrivalsIn, groupKey } from './arrivals.ts';
import { HistoryBook } from './history-book.ts';
import type { HistoryPoint, HistorySeries, Snapshot } from './snapshot.ts';

/** A version that is another since a change: `null` where it was not, or is not, stated. */
export type VersionChange = { readonly name: string; readonly before: string | null; readonly now: string | null };

/** A change of a series: which inventory brought it, what the level was and is, and until which inventory it held. */
export type HistoryChange = {
  readonly broughtBy: HistoryPoint;
  /** the last inventory of the level before */
  readonly last: HistoryPoint;
  /** the inventory that brought the next change; null where the level is the present one */
  readonly until: HistoryPoint | null;
  readonly before: Level;
  readonly after: Level;
  readonly p: number;
  readonly ratio: number | null;
  /** null where no direction is better, and for changes below the noise floor */
  readonly verdict: 'better' | 'worse' | null;
  readonly versions: readonly VersionChange[];
};

/** A series with its changes, oldest first. `needed` is how many more inventories must bring runs before a change can be told. */
export type SeriesHistory = HistorySeries & { readonly changes: readonly HistoryChange[]; readonly needed: number };

/**
 * The changes of one series: `changePoints` with its strict defaults, over the medians of what each inventory brought.
 * @param found these, where they are known already
 */
export function historyOfSeries(
  series: HistorySeries,
  found: readonly ChangePoint[] = changePoints(series.points.map(({ value }) => value)),
): SeriesHistory {
  const { metric, points } = series;
  const changes = changesOf(metric, found, (i) => points[i]);
  return { ...series, changes, needed: Math.max(0, LEAST_FOR_CHANGE_POINTS - points.length) };
}

/**
 * The history of a dataset: each metric of each configuration through its inventories, and where its level changed. Deterministic; in
 * no order of the snapshots, which their places order.
 */
export function historyOf(snapshots: readonly Snapshot[]): SeriesHistory[] {
  return inOneGo(historyIn(snapshots));
}

/** The same in steps: datasets may have thousands of groups, and hundreds of inventories. */
export function* historyIn(snapshots: readonly Snapshot[]): Steps<SeriesHistory[]> {
  const histories: SeriesHistory[] = [];
  const book = yield* bookOf(snapshots);
  yield* book.series((series) => histories.push(historyOfSeries(series)));
  return histories;
}

function* bookOf(snapshots: readonly Snapshot[]): Steps<HistoryBook> {
  const book = new HistoryBook({ keepsSources: true });
  const last = new Map<string, Group>();
  for (const { groups, ...moment } of [...snapshots].sort((a, b) => a.sequence - b.sequence)) {
    const arrivals = yield* arrivalsIn(groups, last, (key, source) => book.knows(key, source));
    book.add({ ...moment, schema: HISTORY_SCHEMA, dataset: '', after: null, evidence: '', arrivals });
    for (const group of groups) last.set(groupKey(group), group);
  }
  return book;
}

/** What was found in a series of the metric, with its points. */
export function changesOf(
  metric: CanonicalMetric,
  found: readonly ChangePoint[],
  pointAt: (i: number) => HistoryPoint | undefined,
): HistoryChange[] {
  return found.flatMap((change, i): HistoryChange[] => {
    const [broughtBy, last] = [pointAt(change.index), pointAt(change.index - 1)];
    if (broughtBy === undefined || last === undefined) return [];
    const next = found[i + 1];
    const until = next === undefined ? null : (pointAt(next.index) ?? null);
    const { before, after, p, ratio } = change;
    return [{ broughtBy, last, until, before, after, p, ratio, verdict: verdictOf(metric, change), versions: versionsOf(last, broughtBy) }];
  });
}

function verdictOf(metric: CanonicalMetric, { before, after, ratio }: ChangePoint): HistoryChange['verdict'] {
  const { direction } = METRICS[metric];
  if (direction === 'none' || (ratio !== null && Math.abs(ratio - 1) < NOISE_FLOOR)) return null;
  return after.mean > before.mean === (direction === 'higher') ? 'better' : 'worse';
}

function versionsOf({ versions: before }: HistoryPoint, { versions: now }: HistoryPoint): VersionChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names]
    .filter((name) => before[name] !== now[name])
    .sort()
    .map((name) => ({ name, before: before[name] ?? null, now: now[name] ?? null }));
}
