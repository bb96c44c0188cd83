import { byCodeUnit, type CanonicalMetric } from '@chimera/shared/domain';
import { HEADLINE_METRICS } from '../headline-metrics.ts';
import type { HistoryChange, SeriesHistory } from './history.ts';
import { historySeriesName } from './history-claims.ts';

/** A change with its series. */
export type Candidate = { readonly series: SeriesHistory; readonly change: HistoryChange; readonly at: number };

/** The foremost few of many, of which not all are to be held: the order is that of `compare`. */
export class Foremost<T> {
  readonly #most: number;
  readonly #compare: (a: T, b: T) => number;
  #kept: T[] = [];
  #seen = 0;

  constructor(most: number, compare: (a: T, b: T) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  add(one: T): void {
    this.#seen += 1;
    if (this.#kept.push(one) > 2 * this.#most) this.#kept = this.all();
  }

  all(): T[] {
    return this.#kept.sort(this.#compare).slice(0, this.#most);
  }

  /** how many were added and are none of them */
  get others(): number {
    return Math.max(0, this.#seen - this.#most);
  }
}

/** The most important change first: of headline metrics, worse before better before unjudged, the newest, the largest. */
export function byImportance(a: Candidate, b: Candidate): number {
  return (
    headlineRank(a.series.metric) - headlineRank(b.series.metric) ||
    verdictRank(a.change) - verdictRank(b.change) ||
    b.change.broughtBy.sequence - a.change.broughtBy.sequence ||
    size(b.change) - size(a.change) ||
    byCodeUnit(historySeriesName(a.series), historySeriesName(b.series))
  );
}

/** Of series: the most telling metric first, then the longest. */
export function byTelling(a: SeriesHistory, b: SeriesHistory): number {
  return (
    metricRank(a.metric) - metricRank(b.metric) ||
    b.points.length - a.points.length ||
    byCodeUnit(historySeriesName(a), historySeriesName(b))
  );
}

function headlineRank(metric: CanonicalMetric): number {
  return HEADLINE_METRICS.includes(metric) ? 0 : 1;
}

function metricRank(metric: CanonicalMetric): number {
  const rank = HEADLINE_METRICS.indexOf(metric);
  return rank < 0 ? HEADLINE_METRICS.length : rank;
}

function verdictRank({ verdict }: HistoryChange): number {
  return verdict === 'worse' ? 0 : verdict === 'better' ? 1 : 2;
}

/** From or to zero is larger than any ratio. */
function size({ ratio }: HistoryChange): number {
  return ratio === null || ratio <= 0 ? Number.MAX_VALUE : Math.abs(Math.log(ratio));
}
