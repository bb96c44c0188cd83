import { METRIC_TABLE, type MetricName } from '@chimera/shared/service';
import { readPromql } from '../containers/promql.ts';
import { alerts, recordings } from '../prometheus/rules.ts';

/** A histogram's edges, and what every service and Prometheus itself add. */
const OF_ALL = ['le', 'service', 'job', 'instance'];
const CARD = ['gpu', 'UUID', 'device', 'modelName'];

/** Metrics that dashboards ask for and Chimera does not name: of the Node process (prom-client), of Prometheus, of the DCGM exporter. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  process_cpu_seconds_total: [],
  process_resident_memory_bytes: [],
  process_start_time_seconds: [],
  process_open_fds: [],
  nodejs_eventloop_lag_p99_seconds: [],
  nodejs_heap_size_used_bytes: [],
  nodejs_gc_duration_seconds_sum: ['kind'],
  nodejs_active_resources_total: [],
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  DCGM_FI_DEV_GPU_UTIL: CARD,
  DCGM_FI_DEV_GPU_UTIL_RATIO: CARD,
  DCGM_FI_DEV_FB_USED: CARD,
  DCGM_FI_DEV_FB_USED_BYTES: CARD,
  DCGM_FI_DEV_POWER_USAGE: CARD,
  DCGM_FI_DEV_BOARD_POWER_WATTS: CARD,
};

/** The expression of each alert, by its name. */
export const ALERTS: ReadonlyMap<string, string> = new Map(alerts().map(({ alert, expr }) => [alert, expr]));
/** What is recorded, with the labels that its expression leaves. */
const RECORDED: ReadonlyMap<string, readonly string[]> = new Map(
  recordings().map(({ record, expr }) => [record, readPromql(expr).groupings] as const),
);

/** The labels that a series may have; null for one that nobody exposes or records. */
export function labelsOf(series: string): readonly string[] | null {
  const recorded = RECORDED.get(series);
  if (recorded !== undefined) return recorded;
  const foreign = Object.hasOwn(FOREIGN, series) ? FOREIGN[series] : undefined;
  const own = rowOf(series)?.labels ?? foreign;
  return own === undefined ? null : [...OF_ALL, ...own];
}

/** The row of the table that a series belongs to; null where there is none. */
function rowOf(series: string): (typeof METRIC_TABLE)[MetricName] | null {
  const whole = METRIC_TABLE[series as MetricName];
  if (whole) return whole.type === 'histogram' ? null : whole;
  const part = METRIC_TABLE[series.replace(/_(bucket|sum|count)$/, '') as MetricName];
  return part?.type === 'histogram' ? part : null;
}
