import type { Extract } from '../extract.ts';
import { addNumber, type Labels, plainNumber } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { warnNotMeasured } from './not-measured.ts';
import { ownName, PERF_CLOCKS, type PerfMetric, perfMetricOf, perfStatistic, perfUnit } from './perf-metrics.ts';

/** Whether a value is a metric as AIPerf and GenAI-Perf write them: `{unit, avg, p50, …}`. */
export function isMetricObject(value: unknown): value is JsonObject {
  return isObject(value) && typeof value.unit === 'string' && Object.keys(value).some((key) => perfStatistic(key) !== null);
}

/** The metrics of an object of a file, in its order, by their tags; those that are known also where they state no unit. */
export function metricObjects(object: JsonObject): [tag: string, metric: JsonObject][] {
  return Object.keys(object).flatMap((tag): [string, JsonObject][] => {
    const value = object[tag];
    const isMetric = isMetricObject(value) || (isObject(value) && perfMetricOf(tag) !== undefined && plainNumber(value.avg) !== null);
    return isMetric ? [[tag, value]] : [];
  });
}

/** The average of a metric under a tag, or null where there is none. */
export function averageOf(object: JsonObject, tag: string): number | null {
  const value = Object.hasOwn(object, tag) ? object[tag] : undefined;
  return isMetricObject(value) ? plainNumber(value.avg) : null;
}

/** What holds for the metrics of a run. */
export type MetricPlace = {
  labels: Labels;
  /** requests behind the statistics where a metric does not say */
  requests: number | null;
  failed?: boolean;
  /** they are of a part of a run only */
  part?: boolean;
};

/**
 * Adds each statistic of a metric: with the unit that it states, and as many samples as its `count` says.
 * @param at the pointer of the metric
 */
export function addMetricObject(extract: Extract, tag: string, metric: JsonObject, at: string, place: MetricPlace): void {
  const count = plainNumber(metric.count);
  if (PERF_CLOCKS.has(tag) || count === 0) return;
  const meaning = perfMetricOf(tag);
  if (meaning?.timed === true && isZeroThroughout(metric)) {
    warnNotMeasured(extract, tag, at);
    return;
  }
  const unit = perfUnit(metric.unit, meaning);
  const scalar = meaning?.scalar ?? isScalar(metric);
  for (const key of Object.keys(metric)) {
    const statistic = perfStatistic(key);
    if (statistic === null) continue;
    const whole = scalar && key === 'avg';
    const over = whole ? (place.part === true ? 'samples' : 'runs') : scalar ? undefined : meaning?.over;
    addNumber(
      extract,
      metric[key],
      {
        metric: meaning?.metric ?? 'own',
        statistic: whole ? 'value' : statistic,
        unit,
        ...(over === undefined ? {} : { over }),
      },
      { labels: place.labels, failed: place.failed ?? false, n: whole ? null : countOf(count, meaning, place), pointer: at + segment(key) },
      ownName(tag),
    );
  }
}

function countOf(count: number | null, meaning: PerfMetric | undefined, { requests }: MetricPlace): number | null {
  return count ?? (meaning?.over === 'requests' ? requests : null);
}

function isZeroThroughout(metric: JsonObject): boolean {
  return plainNumber(metric.avg) === 0 && (plainNumber(metric.max) ?? 0) === 0;
}

/** A metric that nobody knows is a distribution where it has more than an average. */
function isScalar(metric: JsonObject): boolean {
  return Object.keys(metric).every((key) => key === 'avg' || perfStatistic(key) === null || metric[key] === null);
}
