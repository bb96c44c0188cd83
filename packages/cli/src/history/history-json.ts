import {
  type HistoryChange,
  type HistoryPoint,
  historyChangeClaim,
  historySeriesClaim,
  historySeriesName,
  levelsOf,
} from '@chimera/evidence';
import { HISTORY_SCHEMA, printableJson } from '@chimera/shared/domain';
import { presenceOf, type ToldHistory, type ToldSeries } from './told-history.ts';

/** One document in pieces, each series on lines of its own: a long history is longer than a string should be. */
export async function* historyJson({ dataset, inventories, series, unread, current }: ToldHistory): AsyncGenerator<string> {
  yield `{"schema":${json(HISTORY_SCHEMA)},"dataset":${json(dataset)},\n "inventories":[`;
  for (const [i, { inventory, sequence, takenAt }] of inventories.entries())
    yield `${i === 0 ? '\n  ' : ',\n  '}${json({ inventory, sequence, takenAt })}`;
  yield `],\n "current":${json(current)},\n "unread":${json(unread)},\n "series":[`;
  for (const [i, one] of series.entries()) yield `${i === 0 ? '\n  ' : ',\n  '}${json(seriesJson(one))}`;
  yield ']}\n';
}

function seriesJson(told: ToldSeries) {
  const { series, isHeld } = told;
  const { metric, statistic, unit, labels, derived, scope, points, changes, needed } = series;
  return {
    ...{ metric, statistic, unit, labels, derivedLabels: derived, scope },
    name: historySeriesName(series),
    summary: historySeriesClaim(series, presenceOf(told)),
    needed,
    held: isHeld,
    points: points.map(({ inventory, takenAt, value, n, versions, sources }) => ({ inventory, takenAt, value, n, versions, sources })),
    levels: levelsOf(series).map(({ since, until, points: own, mean, stddev }) => ({
      ...{ since: at(since), until: until && at(until) },
      ...{ n: own.length, mean, stddev },
    })),
    changes: changes.map((change) => changeJson(told, change)),
  };
}

function changeJson(told: ToldSeries, change: HistoryChange) {
  const { broughtBy, last, until, before, after, ratio, p, verdict, versions } = change;
  return {
    ...{ broughtBy: at(broughtBy), last: at(last), until: until && at(until) },
    ...{ before, after, ratio, p, verdict, versions },
    claim: historyChangeClaim(told.series, change, presenceOf(told)),
  };
}

function at({ inventory, takenAt }: Pick<HistoryPoint, 'inventory' | 'takenAt'>) {
  return { inventory, takenAt };
}

function json(value: unknown): string {
  return printableJson(JSON.stringify(value));
}
