import type { Group, Source } from '@chimera/shared/domain';
import { groupKey, seriesKey } from './arrivals.ts';
import { fingerprintOf } from './contents.ts';
import type { SeriesHistory } from './history.ts';
import { type HistoryLevel, levelsOf } from './levels.ts';

/** What of a history an inventory still holds. */
export type Carriers = {
  /** The places in the inventory where runs of a level stand; none where their files are gone. */
  sourcesOf(series: SeriesHistory, level: HistoryLevel): Source[];
  /** Whether the inventory holds runs of the level of a series that nothing followed. */
  holds(series: SeriesHistory): boolean;
};

/** The places of an inventory's runs, by which the levels of series are found in it. */
export function carriersIn(groups: readonly Group[]): Carriers {
  // Nothing is asked of most inventories of very many groups.
  let known: Map<string, Group[]> | null = null;
  const groupsOf = ({ metric, statistic, labels, scope: pattern }: SeriesHistory) => {
    known ??= Map.groupBy(groups, (group) => group.pattern);
    const key = seriesKey({ metric, statistic, labels, pattern });
    return (known.get(pattern) ?? []).filter((group) => group.metric === metric && seriesKey(group) === key);
  };
  const sourcesOf = (series: SeriesHistory, level: HistoryLevel) => {
    const contents = new Set(level.points.flatMap((point) => point.contents));
    const own = groupsOf(series).filter((group) => isOf(series, group));
    return own.flatMap(({ sources }) => sources).filter((source) => contents.has(fingerprintOf(source)));
  };
  return {
    sourcesOf,
    holds(series) {
      const last = levelsOf(series).at(-1);
      return last !== undefined && sourcesOf(series, last).length > 0;
    },
  };
}

/** Where versions tell series apart, only the group with these. */
function isOf(series: SeriesHistory, group: Group): boolean {
  const own = groupKey({ ...series, pattern: series.scope });
  return own === seriesKey(group) || own === groupKey(group);
}
