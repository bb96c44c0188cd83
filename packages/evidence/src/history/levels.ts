import { preciseMean, preciseStddev } from '@chimera/statistics';
import type { SeriesHistory } from './history.ts';
import type { HistoryPoint } from './snapshot.ts';

/** A level of a series: `until` is the inventory that brought the next one, null for the present level; the deviation is the sample's. */
export type HistoryLevel = {
  readonly since: HistoryPoint;
  readonly until: HistoryPoint | null;
  readonly points: readonly HistoryPoint[];
  /** of the medians of its inventories, in the unit of the series */
  readonly mean: number;
  readonly stddev: number | null;
};

/** The levels of a series, oldest first: one more than there are changes. Of too few points the only one is of all so far. */
export function levelsOf({ points, changes }: SeriesHistory): HistoryLevel[] {
  const starts = [points[0], ...changes.map(({ broughtBy }) => broughtBy)];
  return starts.flatMap((since, i) => {
    if (since === undefined) return [];
    const until = changes[i]?.broughtBy ?? null;
    const own = points.slice(points.indexOf(since), until === null ? undefined : points.indexOf(until));
    const values = own.map(({ value }) => value);
    return [{ since, until, points: own, mean: preciseMean(values), stddev: preciseStddev(values) }];
  });
}
