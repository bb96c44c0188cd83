import { canonicalLabel, LABELS } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type Labels, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { configLabels } from './aiperf-config.ts';
import { hasAiperfKey } from './aiperf-summary.ts';
import { warnNotMeasured } from './not-measured.ts';
import { isTotal, ownName, PERF_CLOCKS, type PerfMetric, perfMetricOf, perfStatistic, perfUnit } from './perf-metrics.ts';
import { tellOutcome } from './run-outcome.ts';

/** What the statistics of a series are called in the inventory; those of a distribution go by their keys. */
export const SERIES_FIELDS: FieldTable = {
  'metrics.*.series[].stats.avg, .min, .p99, …': { metric: 'own', statistic: 'as its key says', unit: 'as `unit` of the metric says' },
  'metrics.*.series[].stats.p99_estimate': { metric: 'own', statistic: 'p99', unit: 'as `unit`', note: 'from buckets: `… (estimate)`' },
  'metrics.*.series[].stats.total': { metric: 'own', statistic: 'value', unit: 'as `unit`', note: 'of a counter, during the run' },
  'metrics.*.series[].stats.rate, .rate_avg, …': { metric: 'own', statistic: 'value, mean, …', unit: '`unit` a second', note: '`…/rate`' },
};

/** Whether an object holds metrics as lists of series: the metrics of servers that AIPerf asked, or a run in schema 2.0. */
export function isAiperfSeries(object: JsonObject): boolean {
  const isOurs = hasAiperfKey(object) && (Object.hasOwn(object, 'aiperf_version') || isObject(object.summary));
  return isOurs && Object.values(objectAt(object, 'metrics')).some((metric) => isObject(metric) && listAt(metric, 'series').some(isSeries));
}

function isSeries(value: unknown): value is JsonObject {
  return isObject(value) && isObject(value.stats);
}

/** Reads each series with its endpoint and its own labels. */
export function readAiperfSeries(extract: Extract, object: JsonObject, at: string): void {
  const metrics = objectAt(object, 'metrics');
  const where = at.trim() || 'the run';
  // What a server counted is not what the client measured, even under one name.
  const ofServers = Array.isArray(objectAt(object, 'summary').endpoints_configured) || !isObject(object.run);
  const labels = configLabels(object, extract);
  if (!ofServers) addLabel(labels, 'model', objectAt(object, 'run').model ?? labels.model, extract);
  extract.records += 1;
  const count = (tag: string): number | null => {
    const [first] = listAt(objectAt(metrics, tag), 'series');
    return isSeries(first) ? plainNumber(objectAt(first, 'stats').total) : null;
  };
  const outcome = {
    succeeded: count('request_count'),
    failed: count('error_request_count'),
    measured: Object.hasOwn(metrics, 'request_latency'),
  };
  const failed = !ofServers && tellOutcome(extract, outcome, `${at}/metrics/request_count`, where);
  if (objectAt(object, 'summary').was_cancelled === true)
    extract.warnings.add('cancelled', `${where} was cancelled (was_cancelled): its numbers are of the requests until then`);
  if (Object.keys(objectAt(object, 'warmup_metrics')).length > 0)
    extract.warnings.add('warm-up', `${where}: the metrics of the warm-up (warmup_metrics) were left out`);
  for (const tag of Object.keys(metrics)) {
    const metric = objectAt(metrics, tag);
    if (PERF_CLOCKS.has(tag) || (failed && !isTotal(tag))) continue;
    const meaning = ofServers ? undefined : perfMetricOf(tag);
    for (const [index, series] of listAt(metric, 'series').entries()) {
      if (!isSeries(series)) continue;
      const own = labelsOf(series, labels, extract);
      const pointer = `${at}/metrics${segment(tag)}/series/${index}/stats`;
      addStats(extract, { tag, unit: perfUnit(metric.unit, meaning), meaning }, objectAt(series, 'stats'), {
        labels: own,
        pointer,
        failed,
      });
    }
  }
}

/** A label of the server under a name that means something else here (`engine`: which copy of it) keeps it with a word before. */
function labelsOf(series: JsonObject, given: Labels, extract: Extract): Labels {
  const labels: Record<string, string> = { ...given };
  addLabel(labels, 'endpoint', textOf(series.endpoint_url), extract);
  const own = objectAt(series, 'labels');
  for (const key of Object.keys(own)) {
    const name = key === 'model_name' ? 'model' : canonicalLabel(key);
    addLabel(labels, name !== 'model' && (Object.hasOwn(LABELS, name) || name === 'endpoint') ? `series_${name}` : name, own[key], extract);
  }
  return labels;
}

type SeriesMetric = { tag: string; unit: string | null; meaning: PerfMetric | undefined };

function addStats(
  extract: Extract,
  { tag, unit, meaning }: SeriesMetric,
  stats: JsonObject,
  { labels, pointer, failed }: { labels: Labels; pointer: string; failed: boolean },
): void {
  if (meaning?.timed === true && plainNumber(stats.avg) === 0 && (plainNumber(stats.max) ?? 0) === 0) {
    warnNotMeasured(extract, tag, pointer);
    return;
  }
  const count = plainNumber(stats.count);
  const perSecond = unit === null ? null : (unitOfSymbol(`${unit}/s`) ?? `${unit}/s`);
  const add = (value: unknown, at: string, meant: FieldMeaning, name: string, n: number | null = null): void => {
    addNumber(extract, value, meant, { labels, failed, n, pointer: pointer + at }, name);
  };
  const over = meaning?.over === undefined ? {} : { over: meaning.over };
  const take = (key: string, value: unknown, at: string): void => {
    const statistic = perfStatistic(key);
    const ofRate = /^rate(?:_(avg|min|max|std))?$/.exec(key);
    const estimated = /^(p\d{1,2}(?:\.\d{1,3})?)_estimate$/.exec(key)?.[1];
    if (statistic !== null) add(value, at, { metric: meaning?.metric ?? 'own', statistic, unit, ...over }, ownName(tag), count);
    else if (key === 'value') add(value, at, { metric: meaning?.metric ?? 'own', statistic: 'value', unit, ...over }, ownName(tag));
    else if (key === 'total') add(value, at, { metric: 'own', statistic: 'value', unit }, ownName(tag));
    else if (ofRate !== null)
      add(value, at, { metric: 'own', statistic: perfStatistic(ofRate[1] ?? '') ?? 'value', unit: perSecond }, `${tag}/rate`);
    else if (estimated !== undefined)
      add(value, at, { metric: 'own', statistic: perfStatistic(estimated) ?? 'value', unit }, `${tag} (estimate)`, count);
  };
  for (const key of Object.keys(stats)) take(key, stats[key], segment(key));
  const percentiles = objectAt(stats, 'percentiles');
  for (const key of Object.keys(percentiles)) take(key, percentiles[key], `/percentiles${segment(key)}`);
}
