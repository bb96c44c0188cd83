import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels, objectAt, plainNumber, readSamples, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { errorText } from './aiperf-summary.ts';
import { LENGTH_TOLERANCE } from './perf-lengths.ts';
import { ownName, PERF_CLOCKS, perfMetricOf, perfUnit } from './perf-metrics.ts';

/** Whether an object is the record of a request: `{metadata: {request_start_ns}, metrics: {name: {value, unit}}, error}`. */
export function isAiperfRequest(object: JsonObject): boolean {
  if (!Object.hasOwn(objectAt(object, 'metadata'), 'request_start_ns') || Object.hasOwn(object, 'payload')) return false;
  const metrics = objectAt(object, 'metrics');
  return Object.keys(metrics).some((tag) => isRecorded(metrics[tag])) || errorOf(object) !== null;
}

function isRecorded(metric: unknown): metric is JsonObject {
  return isObject(metric) && Object.hasOwn(metric, 'value');
}

/** Labels by what tells the requests of a file apart, so that a million requests share a few objects. */
export class RequestLabels {
  readonly #known = new Map<string, Labels>();

  of(request: JsonObject): Labels {
    const phase = textOf(objectAt(request, 'metadata').benchmark_phase);
    const key = phase === null || phase === 'profiling' ? '' : excerpt(phase);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels: Record<string, string> = { tool: 'aiperf' };
    if (key !== '') addLabel(labels, 'phase', key);
    this.#known.set(key, labels);
    return labels;
  }
}

/**
 * Reads the record of a request. One that failed is a failed record, and its numbers are marked.
 * @param at the pointer of the object: `line 3 `
 * @returns by how many percent its output missed the length that was asked for, or null
 */
export function readAiperfRequest(extract: Extract, object: JsonObject, at: string, labels: Labels): number | null {
  const metrics = objectAt(object, 'metrics');
  const reason = failureOf(object);
  extract.records += 1;
  if (reason !== null) extract.fail({ pointer: at.trim() || '/error', reason });
  for (const tag of Object.keys(metrics)) {
    const metric = metrics[tag];
    if (isRecorded(metric) && !PERF_CLOCKS.has(tag))
      addRecorded(extract, tag, metric, `${at}/metrics${segment(tag)}`, { labels, failed: reason !== null });
  }
  const length = metrics.osl_mismatch_diff_pct;
  return reason === null && isRecorded(length) ? plainNumber(length.value) : null;
}

function addRecorded(extract: Extract, tag: string, metric: JsonObject, at: string, place: { labels: Labels; failed: boolean }): void {
  const meaning = perfMetricOf(tag);
  const { value } = metric;
  const read = {
    metric: meaning?.metric ?? 'own',
    unit: perfUnit(metric.unit, meaning),
    over: Array.isArray(value) ? 'gaps' : 'requests',
  } as const;
  if (!Array.isArray(value)) addNumber(extract, value, { ...read, statistic: 'value' }, { ...place, pointer: `${at}/value` }, ownName(tag));
  else if (read.metric !== 'own') readSamples(extract, value, read, { ...place, at: `${at}/value` });
  else {
    for (const [index, item] of value.entries())
      addNumber(extract, item, { ...read, statistic: 'value' }, { ...place, pointer: `${at}/value/${index}` }, ownName(tag));
  }
}

function failureOf(object: JsonObject): string | null {
  const error = errorOf(object);
  if (error !== null) return error;
  return objectAt(object, 'metadata').was_cancelled === true ? 'the request was cancelled' : null;
}

function errorOf({ error }: JsonObject): string | null {
  if (isObject(error)) return errorText(error);
  const text = textOf(error)?.trim() ?? '';
  return text === '' ? null : excerpt(text);
}

/** Counts the requests whose output missed the length that was asked for, and says so once. */
export class OutputLengths {
  #seen = 0;
  #missed = 0;

  add(percent: number | null): void {
    if (percent === null) return;
    this.#seen += 1;
    if (Math.abs(percent) >= LENGTH_TOLERANCE) this.#missed += 1;
  }

  warn(extract: Extract): void {
    if (this.#missed === 0) return;
    extract.warnings.add(
      'output lengths',
      `the output of ${this.#missed} of ${this.#seen} requests misses the length that was asked for by ${LENGTH_TOLERANCE} % or more (osl_mismatch_diff_pct): output throughput cannot be compared with runs of other lengths`,
    );
  }
}
