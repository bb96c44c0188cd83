import { hasKeys } from '../documents.ts';
import { type FieldMeaning, type FieldTable, numberOf, objectAt, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';

/** A metric of a summary: what stands of it, and its numbers. */
export type K6Metric = {
  /** `http_req_duration`, or `http_req_duration{expected_response:true}` */
  name: string;
  metric: JsonObject;
  values: JsonObject;
  /** the pointer of its numbers */
  at: string;
};

/** What k6 measures that is a metric of the registry. */
export const K6_FIELDS: FieldTable = {
  http_req_duration: { metric: 'request_latency', statistic: 'mean', unit: 'ms', over: 'requests', note: 'each statistic of it' },
  'http_reqs rate': { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  'http_req_failed rate': { metric: 'error_rate', statistic: 'value', unit: 'ratio', over: 'runs', note: '`value` in `--summary-export`' },
};

const STATISTICS: Readonly<Record<string, string>> = { avg: 'mean', min: 'min', med: 'median', max: 'max' };

const duration = (unit: string): FieldMeaning => ({ metric: 'duration', statistic: 'value', unit, over: 'runs' });

/** How long a run took: beside the metrics of `handleSummary`, and in the `config` of the new shape. */
export const K6_STATE = { testRunDurationMs: duration('ms') } as const satisfies FieldTable;
export const K6_CONFIG = { duration: duration('s'), duration_seconds: duration('s') } as const satisfies FieldTable;

/** What docs/formats.md prints. */
export const K6_TRENDS: FieldTable = {
  avg: { metric: 'own', statistic: 'mean', unit: 'ms' },
  min: { metric: 'own', statistic: 'min', unit: 'ms' },
  med: { metric: 'own', statistic: 'median', unit: 'ms' },
  max: { metric: 'own', statistic: 'max', unit: 'ms' },
  'p(95)': { metric: 'own', statistic: 'p95', unit: 'ms', note: 'and other percentiles' },
};

/** Trends of k6 itself: all are times. */
const TIMES =
  /^(?:http_req_(?:duration|blocked|connecting|tls_handshaking|sending|waiting|receiving)|iteration_duration|group_duration|ws_(?:connecting|session_duration|ping)|grpc_req_duration)$/;

const DATA = new Set(['data_received', 'data_sent']);

/** Whether a metric is a time that k6 measures itself. */
export function isK6Time(name: string): boolean {
  return TIMES.test(name);
}

/** Whether a metric is of bytes. */
export function isK6Data(name: string): boolean {
  return DATA.has(name);
}

/** Whether an object is a metric, of either shape that has its metrics by their names. */
export function isK6Metric(metric: JsonObject): boolean {
  const values = isObject(metric.values) ? metric.values : metric;
  return Object.values(values).some((value) => numberOf(value) !== null);
}

export type MetricNumber = { field: string; meaning: FieldMeaning /** one of the statistics of a trend */; trend: boolean };

/** The numbers of a metric, with what each means. */
export function numbersOfMetric({ metric, values }: K6Metric, name: string): MetricNumber[] {
  const isTrend = (textOf(metric.type) ?? (hasKeys(values, 'avg', 'max') ? 'trend' : '')) === 'trend';
  return Object.keys(values).flatMap((field): MetricNumber[] => {
    if (numberOf(values[field]) === null) return [];
    if (isTrend) return field === 'count' ? [] : trendNumber(field, name, textOf(metric.contains));
    const meaning = plainMeaning(field, name, values);
    return meaning === null ? [] : [{ field, meaning, trend: false }];
  });
}

/** Times that are never 0 where there was one; a connection that is open already takes none. */
export const NEVER_ZERO: ReadonlySet<string> = new Set([
  'http_req_duration',
  'http_req_waiting',
  'iteration_duration',
  'grpc_req_duration',
]);

/** The statistic that a field of a trend is: `p(95)`, and `p95` of newer versions; null where it is none. */
export function trendStatistic(field: string): string | null {
  const [, percentile] = /^p\((\d{1,2}(?:\.\d{1,6})?)\)$/.exec(field) ?? /^p(\d{1,2}(?:\.\d{1,6})?)$/.exec(field) ?? [];
  if (percentile !== undefined) return Number(percentile) === 50 ? 'median' : `p${Number(percentile)}`;
  return Object.hasOwn(STATISTICS, field) ? (STATISTICS[field] ?? null) : null;
}

function trendNumber(field: string, name: string, contains: string | null): MetricNumber[] {
  const statistic = trendStatistic(field);
  if (statistic === null) return [];
  const isTime = contains === 'time' || TIMES.test(name);
  const unit = isTime ? 'ms' : contains === 'data' ? 'bytes' : null;
  const metric = name === 'http_req_duration' ? 'request_latency' : 'own';
  const over = name.startsWith('http_req_') ? { over: 'requests' as const } : {};
  return [{ field, meaning: { metric, statistic, unit, ...over }, trend: true }];
}

/** Counters, rates and gauges; null for what only counts what a rate says. */
function plainMeaning(field: string, name: string, values: JsonObject): FieldMeaning | null {
  const own = (unit: string | null): FieldMeaning => ({ metric: 'own', statistic: 'value', unit, over: 'runs' });
  const isRate = hasKeys(values, 'passes', 'fails') || (hasKeys(values, 'rate') && !hasKeys(values, 'count'));
  if (isRate) {
    if (field !== 'rate' && field !== 'value') return null;
    return name === 'http_req_failed' ? { ...own('ratio'), metric: 'error_rate' } : own('ratio');
  }
  if (field === 'rate') {
    if (name === 'http_reqs') return { ...own('req/s'), metric: 'request_throughput' };
    return own(DATA.has(name) ? 'bytes/s' : '1/s');
  }
  if (field === 'min' || field === 'max') return { ...own(null), statistic: field };
  return own(DATA.has(name) ? 'bytes' : null);
}

/** The thresholds of a metric that were crossed. In `--summary-export` true says so, elsewhere `ok: false`. */
export function thresholdsCrossed({ metric }: K6Metric): string[] {
  return Object.entries(objectAt(metric, 'thresholds')).flatMap(([threshold, outcome]) => {
    const crossed = isObject(outcome) ? outcome.ok === false : outcome === true && !isObject(metric.values);
    return crossed ? [threshold] : [];
  });
}
