import { firstObject, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type Labels, listAt, objectAt, plainNumber, readFields } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { unitFromName } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import {
  GUIDELLM_DISTRIBUTIONS,
  GUIDELLM_PERCENTILES,
  GUIDELLM_RATES,
  GUIDELLM_REQUEST,
  GUIDELLM_STATISTICS,
  GUIDELLM_TIMES,
} from './guidellm-fields.ts';
import { guidellmLabels } from './guidellm-labels.ts';
import { warnNotMeasured } from './not-measured.ts';
import { ownName } from './perf-metrics.ts';
import { tellOutcome } from './run-outcome.ts';
import { markSaturated } from './saturation.ts';

/** GuideLLM: one file, many rate points of a sweep. */
export const guidellm: Format = {
  name: 'guidellm',
  tool: 'GuideLLM (`guidellm benchmark`)',
  signature:
    '`benchmarks[].metrics` with distributions of `successful` requests: `time_to_first_token_ms`, or `request_latency` and `requests_per_second`',
  detect(content) {
    const object = firstObject(content);
    return object !== null && isReport(object);
  },
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) readReport(extract, object, at);
  },
  fields: {
    'benchmarks[].metrics.<field>.successful': GUIDELLM_DISTRIBUTIONS,
    'benchmarks[].metrics.<field>.successful.mean': GUIDELLM_RATES,
    'benchmarks[].requests.successful[]': GUIDELLM_REQUEST,
    'benchmarks[]': { duration: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' } },
  },
  labels: {
    'config.backend.model, args.backend_kwargs.model, worker.backend_model': 'model',
    'config.backend.kind': 'backend',
    'strategy.rate': 'request_rate',
    'strategy.streams, strategy.max_concurrency': 'concurrency',
    'data.prompt_tokens': 'prompt_length',
    'data.output_tokens': 'output_length',
    'metadata.guidellm_version': 'tool_version',
    start_time: 'timestamp',
  },
  notes: [
    'One file holds a rate point for each item of `benchmarks`; `strategy` is a label of its own.',
    'Only what succeeded is read: the distributions of `errored` and `incomplete` requests are all zeros or cut off.',
    '`request_latency` is in seconds, whatever ends in `_ms` in milliseconds.',
    '`time_per_output_token_ms` includes the time to the first token and keeps its own name; `inter_token_latency_ms` does not include it.',
    'Of throughputs the mean is read; their median is one over moments of time.',
    'Where no request succeeded only counts and the duration are read, and the rate point counts as failed.',
    'The counts of words, images and the like by kind of data (`text`, `image`, …) are left out.',
  ],
};

function isReport(value: JsonObject): boolean {
  const first = listAt(value, 'benchmarks').find(isObject);
  if (first === undefined) return false;
  const metrics = objectAt(first, 'metrics');
  const has = (field: string): boolean => Object.hasOwn(objectAt(metrics, field), 'successful');
  return has('time_to_first_token_ms') || (has('request_latency') && has('requests_per_second'));
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  for (const [index, point] of listAt(report, 'benchmarks').entries()) {
    const there = `${at}/benchmarks/${index}`;
    if (isObject(point)) readPoint(extract, report, point, there);
    else extract.warnings.add('other records', `${there} is no rate point: it was not read`);
  }
}

const COUNTS = ['successful', 'errored', 'incomplete'] as const;

function readPoint(extract: Extract, report: JsonObject, point: JsonObject, at: string): void {
  const labels = guidellmLabels(report, point, extract);
  const metrics = objectAt(point, 'metrics');
  const totals = totalsOf(point);
  const succeeded = plainNumber(totals.counts.successful) ?? plainNumber(successful(metrics, 'request_latency').count);
  const outcome = { succeeded, failed: plainNumber(totals.counts.errored), measured: true };
  extract.records += 1;
  const failed = tellOutcome(extract, outcome, at, at);
  if (!failed) markSaturated(extract, labels, openLoopOf(metrics, labels), at);
  readFields(extract, point, { duration: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' } }, { at, labels, failed });
  for (const status of COUNTS) {
    const pointer = `${at}${totals.at}/${status}`;
    addNumber(
      extract,
      totals.counts[status],
      { metric: 'own', statistic: 'value', unit: null },
      { labels, failed, pointer },
      `requests_${status}`,
    );
  }
  if (failed) return;
  for (const field of Object.keys(metrics)) readMetric(extract, field, metrics, `${at}/metrics`, labels);
  for (const [index, request] of listAt(objectAt(point, 'requests'), 'successful').entries())
    if (isObject(request)) readRequest(extract, request, `${at}/requests/successful/${index}`, labels);
}

/** How many requests ended how; in several places, by version. */
function totalsOf(point: JsonObject): { counts: JsonObject; at: string } {
  const places: [JsonObject, string][] = [
    [objectAt(objectAt(point, 'metrics'), 'request_totals'), '/metrics/request_totals'],
    [objectAt(point, 'request_totals'), '/request_totals'],
    [objectAt(objectAt(point, 'scheduler_metrics'), 'requests_made'), '/scheduler_metrics/requests_made'],
    [objectAt(objectAt(point, 'run_stats'), 'requests_made'), '/run_stats/requests_made'],
  ];
  const [counts, at] = places.find(([counts]) => plainNumber(counts.successful) !== null) ?? [{}, '/metrics/request_totals'];
  return { counts, at };
}

function successful(metrics: JsonObject, field: string): JsonObject {
  return objectAt(objectAt(metrics, field), 'successful');
}

function openLoopOf(metrics: JsonObject, labels: Labels): { asked: number | null; served: number | null; inFlight: number | null } {
  return {
    asked: labels.request_rate === undefined ? null : Number(labels.request_rate),
    served: plainNumber(successful(metrics, 'requests_per_second').mean),
    inFlight: plainNumber(successful(metrics, 'request_concurrency').mean),
  };
}

function readMetric(extract: Extract, field: string, metrics: JsonObject, above: string, labels: Labels): void {
  const distribution = successful(metrics, field);
  const n = plainNumber(distribution.count);
  const at = `${above}${segment(field)}/successful`;
  if (n === 0 || plainNumber(distribution.mean) === null) return;
  if (GUIDELLM_TIMES.has(field) && plainNumber(distribution.mean) === 0 && plainNumber(distribution.max) === 0) {
    warnNotMeasured(extract, field, at);
    return;
  }
  const rate = Object.hasOwn(GUIDELLM_RATES, field) ? GUIDELLM_RATES[field] : undefined;
  if (rate !== undefined) {
    addNumber(extract, distribution.mean, rate, { labels, pointer: `${at}/mean` }, ownName(field));
    return;
  }
  const known = Object.hasOwn(GUIDELLM_DISTRIBUTIONS, field) ? GUIDELLM_DISTRIBUTIONS[field] : undefined;
  const meaning = known ?? { metric: 'own', statistic: 'mean', unit: unitFromName(field) };
  addStatistics(extract, distribution, GUIDELLM_STATISTICS, meaning, { labels, n, at, own: ownName(field) });
  addStatistics(extract, objectAt(distribution, 'percentiles'), GUIDELLM_PERCENTILES, meaning, {
    labels,
    n,
    at: `${at}/percentiles`,
    own: ownName(field),
  });
}

type DistributionPlace = { labels: Labels; n: number | null; at: string; own: string };

function addStatistics(
  extract: Extract,
  object: JsonObject,
  statistics: Readonly<Record<string, string>>,
  meaning: FieldMeaning,
  { labels, n, at, own }: DistributionPlace,
): void {
  for (const [key, statistic] of Object.entries(statistics))
    if (Object.hasOwn(object, key))
      addNumber(extract, object[key], { ...meaning, statistic }, { labels, n, pointer: at + segment(key) }, own);
}

function readRequest(extract: Extract, request: JsonObject, at: string, labels: Labels): void {
  for (const [field, meaning] of Object.entries(GUIDELLM_REQUEST)) {
    if (!Object.hasOwn(request, field) || (GUIDELLM_TIMES.has(field) && plainNumber(request[field]) === 0)) continue;
    addNumber(extract, request[field], meaning, { labels, pointer: at + segment(field) }, ownName(field));
  }
}
