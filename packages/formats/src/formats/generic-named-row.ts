import type { CanonicalMetric, Measurement } from '@chimera/shared/domain';
import { canonicalMetricOf, isBareRate } from '../canonical-name.ts';
import { labelValue } from '../labels.ts';
import type { NamedColumn } from '../named-columns.ts';
import type { NamedRows, RowName } from '../named-rows.ts';
import type { Namesakes } from '../namesakes.ts';
import type { RowKind } from '../row-kind.ts';
import { statisticFromName } from '../statistic-from-name.ts';

/** A row that names its numbers itself. */
export type NamedRow = {
  labels: Measurement['labels'];
  kind: RowKind;
  failed: boolean;
  name: RowName;
  of: NamedRows;
  /** of the names of all rows */
  namesakes: Namesakes;
};

/** The metric of the registry that the name of a row says, or null. */
export function metricOfRow(name: string, unit: string | null, { namesakes, kind }: NamedRow): CanonicalMetric | null {
  const metric = kind.aside ? null : canonicalMetricOf(name, unit);
  if (metric === null || namesakes.mislead(metric, name)) return null;
  return kind.otherPhase && metric === 'output_token_throughput' && isBareRate(name, unit) ? null : metric;
}

/** A number of the row's metric has the row's labels; one of a configuration also its column, one of anything else the row's name. */
export function labelsInNamedRow({ labels, name }: NamedRow, holds: NamedColumn, column: string): Measurement['labels'] {
  if (holds === 'values') return labels;
  const value = holds === 'configuration' ? labelValue(column) : null;
  return value === null ? { ...labels, metric: name.name } : { ...labels, column: value };
}

/**
 * The statistics that the column, the name of the row and its other words state: `TTFT p95`, `TTFT | p95`. A number of anything else
 * has that of its column alone.
 */
export function statisticsInNamedRow({ name, kind }: NamedRow, holds: NamedColumn, column: string): ReadonlySet<string> {
  const own = statisticFromName(column);
  const all = holds === 'other' ? [own] : [own, statisticFromName(name.name), kind.statistic];
  return new Set(all.filter((one) => one !== 'value'));
}
