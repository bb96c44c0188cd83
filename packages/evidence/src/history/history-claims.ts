import { counted, METRICS, shortId } from '@chimera/shared/domain';
import { preciseMean } from '@chimera/statistics';
import { shown } from '../fact.ts';
import { configurationText } from '../group-facts.ts';
import { NOISE_FLOOR } from '../verdict.ts';
import type { HistoryChange, SeriesHistory } from './history.ts';
import type { HistorySeries, Moment } from './snapshot.ts';

/**
 * Whether the inventory that a history is told of counts runs of a level that nothing followed: its files may be gone, or be copies of
 * what is counted elsewhere. Null where nobody knows what the inventory holds. `by` is how the inventory is called, as `this inventory`.
 */
export type Presence = { readonly isHeld: boolean | null; readonly by: string };

/** What a series is called: `p99 time to first token of model gemma3:latest in bench/*.json`. */
export function historySeriesName({ metric, statistic, labels, derived, scope }: Omit<HistorySeries, 'points'>): string {
  const of = configurationText(labels, derived);
  return `${statistic === 'value' ? '' : `${statistic} `}${METRICS[metric].title}${of === '' ? '' : ` of ${of}`} in ${scope}`;
}

/** `inventory 0a1b2c3d4e5f of 2026-11-03`. */
export function momentText({ inventory, takenAt }: Moment): string {
  return `inventory ${shortId(inventory)} of ${takenAt.slice(0, 10)}`;
}

/**
 * A change as a sentence: what moved from where to where, which inventory brought it, since when or until when it is so, and what else changed.
 */
export function historyChangeClaim(series: HistorySeries, change: HistoryChange, presence: Presence): string {
  const { before, after, ratio, broughtBy, until, verdict, versions } = change;
  const { direction } = METRICS[series.metric];
  const moved = after.mean > before.mean ? 'rose' : 'fell';
  const times = ratio === null ? '' : ` (${shown({ value: ratio, unit: 'times' })})`;
  const levels = `from ${shown({ value: before.mean, unit: null })} to ${shown({ value: after.mean, unit: series.unit })}${times}`;
  const last = `${inventoriesText(after.n)}${after.n === 1 ? ' only, which may be an outlier' : ''}`;
  const held =
    until !== null
      ? `and stayed so for ${inventoriesText(after.n)}, until ${momentText(until)}`
      : presence.isHeld
        ? `and is so since, ${last}`
        : `and stayed so for ${last}`;
  const judged =
    verdict !== null ? `: ${verdict}` : direction === 'none' ? '' : `; under ${NOISE_FLOOR * 100} %, clocks and temperature move as much`;
  const others = versions.map(({ name, before: was, now }) => `; ${name} was ${was ?? 'not stated'} and is ${now ?? 'not stated'}`);
  return `${historySeriesName(series)} ${moved} ${levels} with ${momentText(broughtBy)}, ${held}${judged}${others.join('')}${until === null ? absence(presence) : ''}.`;
}

/** A level that has passed as a sentence. */
export function historyLevelClaim(series: HistorySeries, level: { mean: number; n: number; first: Moment; until: Moment }): string {
  const { mean, n, first, until } = level;
  const value = shown({ value: mean, unit: series.unit });
  return `${historySeriesName(series)} was ${value} in the mean from ${momentText(first)} until ${momentText(until)}, ${inventoriesText(n)}.`;
}

/** A series as a sentence: what its level is and since when, that nothing changed, or how many inventories are wanting. */
export function historySeriesClaim(series: SeriesHistory, presence: Presence): string {
  const { points, changes, needed, unit } = series;
  const [first] = points;
  const change = changes.at(-1);
  const end = `${absence(presence)}.`;
  if (first === undefined) return `${historySeriesName(series)} has no runs.`;
  const all = `${inventoriesText(points.length)} with new runs`;
  if (needed > 0)
    return `${historySeriesName(series)}: ${all}; ${needed} more ${needed === 1 ? 'is' : 'are'} needed before a change can be told.`;
  if (change === undefined) {
    const mean = shown({ value: preciseMean(points.map(({ value }) => value)), unit });
    return `${historySeriesName(series)} shows no change since ${momentText(first)}, over ${all}: ${mean} in the mean${end}`;
  }
  const mean = shown({ value: change.after.mean, unit });
  return `${historySeriesName(series)} ${presence.isHeld ? 'is' : 'was'} ${mean} in the mean since ${momentText(change.broughtBy)}, ${inventoriesText(change.after.n)}; ${counted(changes.length, 'change')} over ${all}, since ${momentText(first)}${end}`;
}

function absence({ isHeld, by }: Presence): string {
  if (isHeld === null) return `; whether ${by} counts runs of that level is not known`;
  return isHeld ? '' : `; ${by} counts no runs of that level`;
}

function inventoriesText(n: number): string {
  return counted(n, 'inventory', 'inventories');
}
