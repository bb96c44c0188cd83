import { type Arrival, type Group, isCanonical, MOST_ARRIVAL_SOURCES, type Source } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { quantileOfSorted } from '@chimera/statistics';
import { withoutVersions } from '../changes.ts';
import type { Steps } from '../steps.ts';
import { withoutSame } from '../unchanged.ts';
import { fingerprintOf } from './contents.ts';
import { freshRuns } from './fresh-runs.ts';

/** Whether the history so far has a source's content in the series of a group. */
export type Known = (seriesKey: string, source: Source) => boolean;

/** What an inventory brought of each of its groups of canonical metrics, beside the groups of the inventory before. */
export function arrivalsSince(groups: readonly Group[], before: readonly Group[], isKnown: Known): Steps<Arrival[]> {
  // Of the next inventory most groups are the very objects of the last one, and these bring nothing.
  const left = withoutSame(groups, before);
  return arrivalsIn(left.now, groupsByKey(left.before), isKnown);
}

/**
 * The same.
 * @param before the groups as they were before, by `groupKey`
 */
export function* arrivalsIn(groups: readonly Group[], before: ReadonlyMap<string, Group>, isKnown: Known): Steps<Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const group of groups) {
    if (!isCanonical(group.metric)) continue;
    const key = seriesKey(group);
    const { runs, added } = freshRuns(group, before.get(groupKey(group)), (source) => isKnown(key, source));
    if (runs.length > 0) arrivals.push(arrivalOf(group, runs, added));
    yield;
  }
  return arrivals;
}

function arrivalOf(group: Group, runs: readonly number[], added: readonly Source[]): Arrival {
  const { metric, statistic, unit, labels, derived, pattern } = group;
  // In the order of canonical JSON: as they are, the engine writes hundreds of thousands of them several times as fast.
  return {
    contents: added.map(fingerprintOf),
    ...{ derived, labels, metric },
    n: runs.length,
    pattern,
    sources: added.slice(0, MOST_ARRIVAL_SOURCES),
    ...{ statistic, unit },
    value: quantileOfSorted(Float64Array.from(runs), 0.5),
  };
}

type Keyed = Pick<Group, 'metric' | 'statistic' | 'labels' | 'pattern'>;

/** Groups of two inventories with this key are the same one. */
export function groupKey({ metric, statistic, labels, pattern }: Keyed): string {
  return [metric, labelsJson(labels), statistic, pattern].join('\0');
}

/** That without the versions: a series goes on where only these change. */
export function seriesKey({ labels, ...group }: Keyed): string {
  return groupKey({ ...group, labels: withoutVersions(labels) });
}

/** The groups by key. */
function groupsByKey(groups: readonly Group[]): Map<string, Group> {
  return new Map(groups.map((group) => [groupKey(group), group]));
}
