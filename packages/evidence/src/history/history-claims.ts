import { counted, METRICS, shortId } from '@chimera/shared/domain';
import { preciseMean } from '@chimera/statistics';
import { shown } from '../fact.ts';
import { configurationText } from '../group-facts.ts';
import { NOISE_FLOOR } from '../verdict.ts';
import type { HistoryChange, SeriesHistory } from './history.ts';
import type { HistorySeries, Moment } from './snapshot.ts';

/** What a series is called: `p99 time to first token of model gemma3:latest in bench/*.json`. */
export function historySeriesName({ metric, statistic, labels, derived, scope }: Omit<HistorySeries, 'points'>): string {
  const of = configurationText(labels, derived);
  return `${statistic === 'value' ? '' : `${statistic} `}${METRICS[metric].title}${of === '' ? '' : ` of ${of}`} in ${scope}`;
}

/** `inventory 0a1b2c3d4e5f of 2026-11-03`. */
export function momentText({ inventory, publishedAt }: Moment): string {
  return `inventory ${shortId(inventory)} of ${publishedAt.slice(0, 10)}`;
}

/** A change as a sentence: what moved from where to where, which inventory brought it, since when or until when it is so, and what else changed. */
export function historyChangeClaim(series: HistorySeries, change: HistoryChange): string {
  const { before, after, ratio, broughtBy, until, verdict, versions } = change;
  const { direction } = METRICS[series.metric];
  const moved = after.mean > before.mean ? 'rose' : 'fell';
  const times = ratio === null ? '' : ` (${shown({ value: ratio, unit: 'times' })})`;
  const levels = `from ${shown({ value: before.mean, unit: null })} to ${shown({ value: after.mean, unit: series.unit })}${times}`;
  const held =
    until === null
      ? `and is so since, ${inventoriesText(after.n)}${after.n === 1 ? ' only, which may be an outlier' : ''}`
      : `and stayed so for ${inventoriesText(after.n)}, until ${momentText(until)}`;
  const judged =
    verdict !== null ? `: ${verdict}` : direction === 'none' ? '' : `; under ${NOISE_FLOOR * 100} %, clocks and temperature move as much`;
  const others = versions.map(({ name, before: was, now }) => `; ${name} was ${was ?? 'not stated'} and is ${now ?? 'not stated'}`);
  return `${historySeriesName(series)} ${moved} ${levels} with ${momentText(broughtBy)}, ${held}${judged}${others.join('')}.`;
}

/** A series as a sentence: what its level is and since when, that nothing changed, or how many inventories are wanting. */
export function historySeriesClaim(series: SeriesHistory): string {
  const { points, changes, needed, unit } = series;
  const [first] = points;
  const change = changes.at(-1);
  if (first === undefined) return `${historySeriesName(series)} has no runs.`;
  const all = `${inventoriesText(points.length)} with new runs`;
  if (needed > 0)
    return `${historySeriesName(series)}: ${all}; ${needed} more ${needed === 1 ? 'is' : 'are'} needed before a change can be told.`;
  if (change === undefined) {
    const mean = shown({ value: preciseMean(points.map(({ value }) => value)), unit });
    return `${historySeriesName(series)} shows no change since ${momentText(first)}, over ${all}: ${mean} in the mean.`;
  }
  const mean = shown({ value: change.after.mean, unit });
  return `${historySeriesName(series)} is ${mean} in the mean since ${momentText(change.broughtBy)}, ${inventoriesText(change.after.n)}; ${counted(changes.length, 'change')} over ${all}, since ${momentText(first)}.`;
}

function inventoriesText(n: number): string {
  return counted(n, 'inventory', 'inventories');
}
