import { counted, type Fact } from '@chimera/shared/domain';
import type { Series } from './artifact-series.ts';
import { fact, shown } from './fact.ts';

/** Where a series stands. */
export type Place = { path: string; sha256: string };

const OF_VALUES = ['min', 'median', 'mean', 'stddev', 'p95', 'max'] as const;
// A mean of means weighs runs of different length alike, and a percentile of percentiles is one of nothing.
const OF_STATISTICS = ['min', 'median', 'max'] as const;

/** How a series is called in sentences: `ttft_s in reports/a.csv (model gemma3)`. */
export function seriesName(series: Pick<Series, 'metric' | 'labels'>, { path }: Pick<Place, 'path'>): string {
  const labels = Object.entries(series.labels).map(([key, value]) => `${key} ${value}`);
  return `${series.metric} in ${path}${labels.length > 0 ? ` (${labels.join(', ')})` : ''}`;
}

/** The numbers of a series in its file, from the first to the last. */
export function sourceOf({ first, last }: Pick<Series, 'first' | 'last'>, { path, sha256 }: Place): Fact['sources'][number] {
  return { path, pointer: first === last ? first : `${first} … ${last}`, sha256 };
}

/** The facts of a numeric column or JSON number: n, min, median, mean, standard deviation, p95, max; one value is just itself. */
export function seriesFacts(series: Series, place: Place): Fact[] {
  const { metric, unit, n, labels } = series;
  const base = { kind: 'series' as const, metric, unit, n, labels, scope: place.path, sources: [sourceOf(series, place)] };
  const own = series.statistic === 'value' ? '' : ` of ${series.statistic}`;
  const name = seriesName(series, place);
  if (n === 1) {
    const claim = `${name} is ${shown({ value: series.median, unit })}.`;
    return [fact({ ...base, statistic: series.statistic, value: series.median, class: 'measured', claim, formula: 'the value itself' })];
  }
  return (series.statistic === 'value' ? OF_VALUES : OF_STATISTICS).flatMap((statistic) => {
    const value = series[statistic];
    // A file may state anything: what is beyond the range of a double cannot be said.
    if (value === null || !Number.isFinite(value)) return [];
    const claim = `The ${statistic}${own} of ${name} is ${shown({ value, unit })} over ${counted(n, 'value')}.`;
    return [fact({ ...base, statistic: `${statistic}${own}`, value, claim, formula: formulaOf(statistic, series) })];
  });
}

function formulaOf(statistic: (typeof OF_VALUES)[number], { summed }: Series): string {
  return statistic === 'mean' && summed === 'compensated' ? 'compensated sum of the values over n' : FORMULAS[statistic];
}

const FORMULAS = {
  min: 'least of the values',
  median: 'type-7 quantile 0.5 of the values',
  mean: 'sum of the values, in ascending order, over n',
  stddev: 'sample standard deviation of the values (n - 1)',
  p95: 'type-7 quantile 0.95 of the values',
  max: 'greatest of the values',
} as const;
