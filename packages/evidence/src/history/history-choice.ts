import { byCodeUnit, type CanonicalMetric } from '@chimera/shared/domain';
import type { ChangePoint } from '@chimera/statistics';
import { HEADLINE_METRICS } from '../headline-metrics.ts';
import type { HistoryChange } from './history.ts';
import { historySeriesName } from './history-claims.ts';
import type { BookSeries } from './snapshot.ts';

/** A series with what was found in it. */
export type Searched = { readonly series: BookSeries; readonly found: readonly ChangePoint[] };

/** A change with its series, and which of its changes it is. */
export type Candidate = Searched & { readonly change: HistoryChange; readonly at: number };

/** The foremost few of many, of which not all are to be held: the order is that of `compare`. */
export class Foremost<T> {
  readonly #most: number;
  readonly #compare: (a: T, b: T) => number;
  #kept: T[] = [];
  #last: T | undefined;
  #seen = 0;

  constructor(most: number, compare: (a: T, b: T) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  add(one: T): void {
    this.#seen += 1;
    // Whoever comes after the last of so many is none of them: to compare costs names, and most are not foremost.
    if (this.#last !== undefined && this.#compare(one, this.#last) >= 0) return;
    if (this.#kept.push(one) <= 2 * this.#most) return;
    this.#kept = this.all();
    this.#last = this.#kept.at(-1);
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
export function byTelling({ series: a }: Searched, { series: b }: Searched): number {
  return metricRank(a.metric) - metricRank(b.metric) || b.count - a.count || byCodeUnit(historySeriesName(a), historySeriesName(b));
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
