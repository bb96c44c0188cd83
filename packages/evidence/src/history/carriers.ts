import type { Group, Source } from '@chimera/shared/domain';
import type { Steps } from '../steps.ts';
import { groupKey, seriesKey } from './arrivals.ts';
import { fingerprintOf } from './contents.ts';
import type { SeriesHistory } from './history.ts';
import { levelsOf } from './levels.ts';
import type { HistorySeries } from './snapshot.ts';

/** What of a history an inventory still holds. */
export type Carriers = {
  /** The places in the inventory where runs of the last level of a series stand; none where their files are gone. */
  sourcesOf(series: SeriesHistory): Source[];
  /** Whether there are any. */
  holds(series: SeriesHistory): boolean;
};

/** What the groups of an inventory hold of any series. */
export function carriersIn(groups: readonly Group[]): Carriers {
  // Nothing is asked of most inventories of very many groups.
  let known: Map<string, Group[]> | null = null;
  return carriersBy((key) => {
    known ??= Map.groupBy(groups, seriesKey);
    return known.get(key) ?? [];
  });
}

// Others have their turn after so many groups.
const AT_ONCE = 4096;

/** The same of a few series alone: of other groups no key is made. */
export function* carriersOf(series: readonly HistorySeries[], groups: readonly Group[]): Steps<Carriers> {
  const patterns = new Map<string, Set<string>>();
  for (const { scope, metric } of series) patterns.set(scope, (patterns.get(scope) ?? new Set()).add(metric));
  const known = new Map<string, Group[]>(series.map((one) => [keyOf(one), []]));
  let made = 0;
  for (const [i, group] of groups.entries()) {
    if (i % AT_ONCE === 0) yield;
    if (!patterns.get(group.pattern)?.has(group.metric)) continue;
    known.get(seriesKey(group))?.push(group);
    if (++made % 64 === 0) yield;
  }
  return carriersBy((key) => known.get(key) ?? []);
}

function carriersBy(groupsOf: (seriesKey: string) => readonly Group[]): Carriers {
  const sourcesOf = (series: SeriesHistory) => {
    const last = levelsOf(series).at(-1);
    const own = last === undefined ? [] : groupsOf(keyOf(series)).filter((group) => isOf(series, group));
    const contents = new Set(last?.points.flatMap((point) => point.contents));
    return own.flatMap(({ sources }) => sources).filter((source) => contents.has(fingerprintOf(source)));
  };
  return { sourcesOf, holds: (series) => sourcesOf(series).length > 0 };
}

function keyOf(series: HistorySeries): string {
  return seriesKey({ ...series, pattern: series.scope });
}

/** Where versions tell series apart, only the group with these. */
function isOf(series: SeriesHistory, group: Group): boolean {
  const own = groupKey({ ...series, pattern: series.scope });
  return own === seriesKey(group) || own === groupKey(group);
}
