import { canonicalValue } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { type Labels, labelTextOf, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { configLabels } from './aiperf-config.ts';
import { addGpuMetric, gpuLabels } from './gpu-telemetry-fields.ts';
import { warnAboutLengths } from './perf-lengths.ts';
import { isTotal, perfMetricOf, perfUnit } from './perf-metrics.ts';
import { addMetricObject, averageOf, isMetricObject, metricObjects } from './perf-objects.ts';
import { tellOutcome } from './run-outcome.ts';
import { markSaturated } from './saturation.ts';

/** Keys that only AIPerf writes beside its metrics, and GenAI-Perf does not. */
const AIPERF_KEYS = ['aiperf_version', 'schema_version', 'telemetry_data', 'was_cancelled', 'error_summary', 'benchmark_id'] as const;

/** Whether an object has a key that only AIPerf writes. */
export function hasAiperfKey(object: JsonObject): boolean {
  return AIPERF_KEYS.some((key) => Object.hasOwn(object, key));
}

/** Whether an object is the summary of a run of AIPerf; also of one in which all requests failed, which has no latencies. */
export function isAiperfSummary(object: JsonObject): boolean {
  const { metrics } = metricsOf(object);
  if (isMetricObject(metrics.request_latency) && isMetricObject(metrics.request_throughput)) return hasAiperfKey(object);
  const known = metricObjects(metrics).some(([tag]) => perfMetricOf(tag) !== undefined);
  const envelope = Object.hasOwn(object, 'aiperf_version') || (Object.hasOwn(object, 'was_cancelled') && isObject(object.input_config));
  return known && envelope;
}

/** The metrics stand at the top; the first versions kept them under `records`. */
function metricsOf(object: JsonObject): { metrics: JsonObject; under: string } {
  const records = objectAt(object, 'records');
  return metricObjects(records).length > 0 ? { metrics: records, under: '/records' } : { metrics: object, under: '' };
}

/**
 * Reads the summary of a run: its metrics and the telemetry of its GPUs.
 * @param at the pointer of the object
 */
export function readAiperfSummary(extract: Extract, object: JsonObject, at: string): void {
  const { metrics, under } = metricsOf(object);
  const labels = configLabels(object, extract);
  const where = at.trim() || 'the run';
  const succeeded = averageOf(metrics, 'request_count');
  const outcome = {
    succeeded,
    failed: averageOf(metrics, 'error_request_count'),
    measured: isMetricObject(metrics.request_latency) || isMetricObject(metrics.request_throughput),
  };
  extract.records += 1;
  const failed = tellOutcome(extract, outcome, at.trim() || countPointer(metrics, under), where);
  warnAboutRun(extract, object, where);
  if (!failed) {
    const misses = { percent: averageOf(metrics, 'osl_mismatch_diff_pct'), count: averageOf(metrics, 'osl_mismatch_count') };
    warnAboutLengths(extract, misses, where);
    markSaturated(extract, labels, openLoopOf(metrics, labels), where);
  }
  for (const [tag, metric] of metricObjects(metrics)) {
    if (failed && !isTotal(tag)) continue;
    addMetricObject(extract, tag, metric, at + under + segment(tag), { labels, requests: succeeded, failed });
  }
  readTelemetry(extract, objectAt(objectAt(object, 'telemetry_data'), 'endpoints'), `${at}/telemetry_data/endpoints`, labels);
}

function countPointer(metrics: JsonObject, under: string): string {
  return `${under}/${isMetricObject(metrics.error_request_count) ? 'error_request_count' : 'request_count'}`;
}

/** The rate that was asked for and that was served, and how many requests were under way by Little's law. */
export function openLoopOf(metrics: JsonObject, labels: Labels): { asked: number | null; served: number | null; inFlight: number | null } {
  const asked = labels.request_rate === undefined ? Number.NaN : Number(labels.request_rate);
  const served = averageOf(metrics, 'request_throughput');
  const latency = averageOf(metrics, 'request_latency');
  const unit = isMetricObject(metrics.request_latency) ? perfUnit(metrics.request_latency.unit, undefined) : null;
  const seconds = latency === null ? null : canonicalValue('request_latency', latency, unit);
  return { asked: Number.isFinite(asked) ? asked : null, served, inFlight: served !== null && seconds !== null ? served * seconds : null };
}

function warnAboutRun(extract: Extract, object: JsonObject, where: string): void {
  if (object.was_cancelled === true)
    extract.warnings.add('cancelled', `${where} was cancelled (was_cancelled): its numbers are of the requests until then`);
  if (object.is_complete === false) extract.warnings.add('cancelled', `${where} is not complete (is_complete is false)`);
  for (const error of listAt(object, 'error_summary')) {
    const { details, count } = errorOf(error);
    extract.warnings.add('errors', `${where}, error_summary: ${count === null ? '' : `${count} times `}${details}`);
  }
  for (const reason of listAt(object, 'runtime_submission_invalid_reasons'))
    extract.warnings.add('invalid', `${where} is marked as invalid: ${excerpt(labelTextOf(reason) ?? 'no reason given')}`);
  if (metricObjects(objectAt(object, 'warmup_metrics')).length > 0)
    extract.warnings.add('warm-up', `${where}: the metrics of the warm-up (warmup_metrics) were left out`);
}

function errorOf(error: unknown): { details: string; count: number | null } {
  const text = textOf(error);
  if (text !== null) return { details: excerpt(text), count: null };
  if (!isObject(error)) return { details: 'an error without a description', count: null };
  const inner = isObject(error.error_details) ? error.error_details : error;
  return { details: errorText(inner), count: plainNumber(error.count) };
}

/** An error in the file's words: code, type and message. */
export function errorText(error: JsonObject): string {
  const words = [error.code ?? error.error_code, error.type ?? error.error_type, error.message ?? error.error_message]
    .map((word) => labelTextOf(word)?.trim() ?? '')
    .filter((word) => word !== '');
  return words.length === 0 ? 'an error without a description' : excerpt(words.join(' '));
}

function readTelemetry(extract: Extract, endpoints: JsonObject, at: string, given: Labels): void {
  for (const endpoint of Object.keys(endpoints)) {
    const gpus = objectAt(objectAt(endpoints, endpoint), 'gpus');
    for (const key of Object.keys(gpus)) {
      const gpu = objectAt(gpus, key);
      const metrics = objectAt(gpu, 'metrics');
      const labels = { ...given, ...gpuLabels(gpu), telemetry: excerpt(endpoint) };
      const there = `${at}${segment(endpoint)}/gpus${segment(key)}/metrics`;
      for (const name of Object.keys(metrics)) {
        const metric = objectAt(metrics, name);
        addGpuMetric(extract, name, metric, metric.unit, there + segment(name), labels);
      }
    }
  }
}
