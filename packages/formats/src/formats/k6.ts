import { type DocumentObject, hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, listAt, objectAt, plainNumber, type RecordPlace, readFields, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import {
  isK6Metric,
  K6_CONFIG,
  K6_FIELDS,
  K6_STATE,
  K6_TRENDS,
  type K6Metric,
  type MetricNumber,
  NEVER_ZERO,
  numbersOfMetric,
  thresholdsCrossed,
} from './k6-metrics.ts';
import { isK6Line, isK6Table, POINT_FIELDS, readK6Line, readK6Table } from './k6-points.ts';
import { labelsOf } from './label-candidates.ts';
import { warnNotMeasured } from './not-measured.ts';
import { beginsWithReport, countOf, reportsIn } from './tool-reports.ts';

/** k6, a load generator: its summary in three shapes, and its single points. */
export const k6: Format = {
  name: 'k6',
  tool: 'k6',
  signature:
    '`metrics.http_reqs` or `metrics.iterations` with `count` and `rate`, in it (`--summary-export`) or under `values` (`handleSummary`); or `results.metrics[]` with `metadata.k6_version` (`--new-machine-readable-summary`); JSON lines with `type` `Point` or `Metric`, `metric` and `data` (`--out json`); CSV: `metric_name,timestamp,metric_value,…` (`--out csv`)',
  detect: (content) => (content.shape === 'table' ? content.tables.some(isK6Table) : beginsWithReport(content, isKnown)),
  read(content, extract) {
    if (content.shape === 'table') for (const table of content.tables.filter(isK6Table)) readK6Table(extract, table);
    for (const { at, object } of reportsIn(content, isKnown, extract))
      if (isK6Line(object)) readK6Line(extract, object, at);
      else readSummary(extract, { at, object });
  },
  fields: {
    'of a run': { ...K6_STATE, ...K6_CONFIG },
    'metrics of k6': K6_FIELDS,
    'statistics of a trend': K6_TRENDS,
    'single points': POINT_FIELDS,
  },
  labels: { k6_version: 'tool_version', vus_max: 'concurrency', method: 'method', name: 'test' },
  notes: [
    'Times are in milliseconds. Where the file does not say that a trend of the script’s own is a time (`--summary-export`), it has no unit.',
    'Percentiles are those of `summaryTrendStats`. `http_req_duration` is over all requests, those that failed too; that of `{expected_response:true}` has these words as the label `tags`.',
    'A metric of no request or iteration, as a threshold brings it into the summary, is 0 throughout: it is absent, and so are the rates of a run without a request. A run without a request and an iteration is a failed record.',
    '`http_req_failed` is a rate of failures: its `passes` are the requests that failed. Where all failed the run is a failed record, where some did a warning says so.',
    'A threshold that was crossed is a warning: `true` says so in `--summary-export`, `ok: false` in the others. `checks`, groups and metrics of the script’s own are kept under their own names.',
    'Of single points those of times, bytes and users are read, and those of the script’s own metrics, without a unit. One of `http_req_duration` is a record; with `expected_response` false it is a failed one, and counts nowhere; where that tag is absent, so is one with the status 0 or an `error_code`, a gRPC call whose status is not 0, and a WebSocket that did not begin with 101. Points that only count (`http_reqs`, `iterations`, `checks`, `http_req_failed`) are not read, nor are times and tags but `method`, `scenario`, `group`, and `name` where it is not the address.',
  ],
};

/** Whether an object is a summary: every script counts its requests, or its iterations at least. */
function isSummary(object: JsonObject): boolean {
  return metricsOf({ at: '', object }).some(
    ({ name, values }) => (name === 'http_reqs' || name === 'iterations') && hasKeys(values, 'count', 'rate'),
  );
}

function isKnown(object: JsonObject): boolean {
  return isK6Line(object) || isSummary(object);
}

function metricsOf({ at, object }: DocumentObject): K6Metric[] {
  const { metrics } = object;
  if (isObject(metrics))
    return Object.entries(metrics).flatMap(([name, metric]) => {
      if (!isObject(metric) || !isK6Metric(metric)) return [];
      const place = `${at}/metrics${segment(name)}`;
      const nested = isObject(metric.values);
      return [{ name, metric, values: nested ? objectAt(metric, 'values') : metric, at: nested ? `${place}/values` : place }];
    });
  if (!hasKeys(object, 'metadata', 'results')) return [];
  const results = objectAt(object, 'results');
  return listAt(results, 'metrics').flatMap((metric, index) => {
    const name = isObject(metric) ? textOf(metric.name) : null;
    if (!isObject(metric) || name === null || !isObject(metric.values)) return [];
    return [{ name, metric, values: metric.values, at: `${at}/results/metrics/${index}/values` }];
  });
}

function readSummary(extract: Extract, { at, object: document }: DocumentObject): void {
  const metrics = metricsOf({ at, object: document });
  const metadata = objectAt(document, 'metadata');
  const of = (name: string): JsonObject => metrics.find((one) => one.name === name)?.values ?? {};
  const labels = {
    tool: 'k6',
    ...labelsOf(
      {
        tool_version: [metadata.k6_version, metadata.k6Version],
        timestamp: [metadata.generated_at, metadata.generatedAt],
        script: [objectAt(document, 'config').script],
        concurrency: [of('vus_max').max, of('vus_max').value],
      },
      extract,
    ),
  };
  extract.records += 1;
  const failed = tellFailures(extract, metrics, { at, requests: of('http_reqs'), iterations: of('iterations') });
  const place: RecordPlace = { at, labels };
  const counts = { requests: countOf(of('http_reqs').count), iterations: countOf(of('iterations').count) };
  for (const metric of metrics) {
    readMetric(extract, metric, { ...place, failed: failed && metric.name.startsWith('http_req') }, counts);
    for (const threshold of thresholdsCrossed(metric))
      extract.warnings.add(
        'thresholds',
        `${metric.at}: the threshold "${excerpt(threshold, 60)}" of ${excerpt(metric.name, 60)} was crossed`,
      );
  }
  if (objectAt(document, 'results').passed === false)
    extract.warnings.add('thresholds', `${at}/results/passed: the run says that it did not pass`);
  readFields(extract, objectAt(document, 'state'), K6_STATE, { ...place, at: `${at}/state` });
  if (Object.hasOwn(document, 'metadata')) readFields(extract, objectAt(document, 'config'), K6_CONFIG, { ...place, at: `${at}/config` });
}

/** @returns whether all requests failed, or there was none */
function tellFailures(
  extract: Extract,
  metrics: readonly K6Metric[],
  { at, requests, iterations }: { at: string; requests: JsonObject; iterations: JsonObject },
): boolean {
  const rate = metrics.find(({ name }) => name === 'http_req_failed');
  const value = rate === undefined ? null : (plainNumber(rate.values.rate) ?? plainNumber(rate.values.value));
  const all = plainNumber(requests.count);
  if (all === 0 && countOf(iterations.count) === 0) {
    extract.fail({ pointer: at.trim() || '/metrics', reason: 'no request was sent, and no iteration completed' });
    return true;
  }
  if (rate === undefined || value === null || all === 0) return false;
  if (value >= 1) {
    extract.fail({ pointer: rate.at, reason: `no request succeeded${all === null ? '' : ` of ${all}`}` });
    return true;
  }
  if (value > 0)
    extract.warnings.add(
      'failed requests',
      `${rate.at}: requests failed (a ratio of ${value}); the statistics of http_req_duration are over all requests`,
    );
  return false;
}

type Counts = { requests: number | null; iterations: number | null };

function readMetric(extract: Extract, metric: K6Metric, { labels, failed = false }: RecordPlace, counts: Counts): void {
  const [, name = metric.name, tags] = /^([^{]{1,200})\{(.{1,200})\}$/.exec(metric.name) ?? [];
  const own = tags === undefined ? labels : { ...labels, tags };
  // How many requests a part of them is, the file does not say.
  const n =
    tags !== undefined ? null : name.startsWith('http_req_') ? counts.requests : name === 'iteration_duration' ? counts.iterations : null;
  const numbers = numbersOfMetric(metric, name);
  if (isOfNothing(metric, name, numbers, n)) {
    if (numbers.length > 0) warnNotMeasured(extract, metric.name, metric.at);
    return;
  }
  for (const { field, meaning, trend } of numbers) {
    if (name === 'http_reqs' && field === 'rate' && plainNumber(metric.values.count) === 0) continue;
    const place = { labels: own, failed, n: trend ? (countOf(metric.values.count) ?? n) : null };
    addNumber(
      extract,
      metric.values[field],
      meaning,
      { ...place, pointer: metric.at + segment(field) },
      field === 'count' || trend ? name : `${name} ${field}`,
    );
  }
}

/** Whether the numbers of a metric are of no request at all: a threshold brings a metric into the summary that has no value. */
function isOfNothing(metric: K6Metric, name: string, numbers: readonly MetricNumber[], n: number | null): boolean {
  const { passes, fails } = metric.values;
  if (plainNumber(passes) === 0 && plainNumber(fails) === 0) return true;
  const trend = numbers.filter((one) => one.trend);
  if (trend.length === 0) return false;
  const count = countOf(metric.values.count) ?? n;
  return count === 0 || (NEVER_ZERO.has(name) && trend.every(({ field }) => plainNumber(metric.values[field]) === 0));
}
