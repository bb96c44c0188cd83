import { counted, type Fact } from '@chimera/shared/domain';
import type { SeriesRow } from '@chimera/shared/store';
import { fact, shown } from './fact.ts';

const OF_VALUES = ['min', 'median', 'mean', 'stddev', 'p95', 'max'] as const;
// A mean of means weighs runs of different length alike, and a percentile of percentiles is one of nothing.
const OF_STATISTICS = ['min', 'median', 'max'] as const;

/** How a series is called in sentences: `ttft_s in reports/a.csv (model gemma3)`. */
export function seriesName(row: Pick<SeriesRow, 'metric' | 'path' | 'labels'>): string {
  const labels = Object.entries(row.labels).map(([key, value]) => `${key} ${value}`);
  return `${row.metric} in ${row.path}${labels.length > 0 ? ` (${labels.join(', ')})` : ''}`;
}

/** The facts of each numeric column or JSON number: n, min, median, mean, standard deviation, p95, max; one value is just itself. */
export function seriesFacts(rows: readonly SeriesRow[]): Fact[] {
  return rows.flatMap((row) => {
    const base = {
      kind: 'series' as const,
      metric: row.metric,
      unit: row.unit,
      n: row.n,
      labels: row.labels,
      scope: row.path,
      sources: [{ path: row.path, sha256: row.sha256, pointer: row.first === row.last ? row.first : `${row.first} … ${row.last}` }],
    };
    const own = row.statistic === 'value' ? '' : ` of ${row.statistic}`;
    const name = seriesName(row);
    if (row.n === 1) {
      return [
        fact({
          ...base,
          statistic: row.statistic,
          value: row.median,
          class: 'measured',
          claim: `${name} is ${shown({ value: row.median, unit: row.unit })}.`,
          formula: 'the value itself',
        }),
      ];
    }
    return (row.statistic === 'value' ? OF_VALUES : OF_STATISTICS).flatMap((statistic) => {
      const value = row[statistic];
      if (value === null) return [];
      return [
        fact({
          ...base,
          statistic: `${statistic}${own}`,
          value,
          claim: `The ${statistic}${own} of ${name} is ${shown({ value, unit: row.unit })} over ${counted(row.n, 'value')}.`,
          formula: FORMULAS[statistic],
        }),
      ];
    });
  });
}

const FORMULAS = {
  min: 'least of the values',
  median: 'type-7 quantile 0.5 of the values',
  mean: 'sum of the values, in ascending order, over n',
  stddev: 'sample standard deviation of the values (n - 1)',
  p95: 'type-7 quantile 0.95 of the values',
  max: 'greatest of the values',
} as const;
