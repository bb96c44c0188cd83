import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import {
  addNumber,
  type FieldMeaning,
  type FieldTable,
  listAt,
  objectAt,
  plainNumber,
  type RecordPlace,
  readFields,
  readSamples,
} from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { servingStatistic } from './serving-fields.ts';
import { addUnknownLabels } from './serving-labels.ts';

const seconds = (statistic: string, note?: string): FieldMeaning => ({
  metric: 'execution_time',
  statistic,
  unit: 's',
  over: 'repetitions',
  ...(note === undefined ? {} : { note }),
});

const FIELDS: FieldTable = { avg_latency: seconds('mean', 'of a whole batch'), std_latency: seconds('stddev', 'newer versions') };
const LATENCIES = seconds('value', 'one a batch');

/** vLLM's benchmark of one batch, again and again, without a server. */
export const vllmLatency: Format = {
  name: 'vllm-latency',
  tool: '`vllm bench latency`, `benchmark_latency.py`',
  signature: 'an object with `avg_latency`, `latencies` and `percentiles`',
  detect: (content) => isRun(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) {
      if (isRun(object)) readRun(extract, object, at);
      else extract.warnings.add('no runs', `${at.trim() || 'the run'}: no result of vllm bench latency; it was not read`);
    }
  },
  fields: { 'of a run': { ...FIELDS, latencies: LATENCIES, 'percentiles.10, .25, .50, …': seconds('p10, p25, median, …') } },
  labels: {},
  notes: [
    'Seconds that a whole batch took, prompt and output: execution time, and not the latency of a request that came alone.',
    'Batch size, lengths, model and GPU are not in the file; where somebody added them they are labels. Each iteration is a repetition; those of the warm-up are not in it.',
    'The deviation is that of the population (numpy).',
  ],
};

function isRun(object: JsonObject | null): object is JsonObject {
  return hasKeys(object, 'avg_latency', 'latencies', 'percentiles') && Array.isArray(object.latencies) && isObject(object.percentiles);
}

const isField = (key: string): boolean => Object.hasOwn(FIELDS, key) || key === 'latencies' || key === 'percentiles';

function readRun(extract: Extract, object: JsonObject, at: string): void {
  const latencies = listAt(object, 'latencies');
  const times = latencies.filter((one) => plainNumber(one) !== null).length;
  extract.records += 1;
  if (times === 0) {
    extract.fail({ pointer: `${at}/latencies`, reason: 'latencies is empty: no iteration was measured' });
    return;
  }
  const labels: Record<string, string> = { tool: 'vllm bench latency' };
  addUnknownLabels(labels, object, isField, extract);
  const place: RecordPlace = { at, labels, n: times };
  readFields(extract, object, FIELDS, place);
  readSamples(extract, latencies, LATENCIES, { ...place, at: `${at}/latencies` });
  const percentiles = objectAt(object, 'percentiles');
  for (const key of Object.keys(percentiles)) {
    const statistic = key.length > 8 ? null : servingStatistic(`p${key}`);
    const pointer = `${at}/percentiles${segment(key)}`;
    if (statistic !== null) addNumber(extract, percentiles[key], seconds(statistic), { labels: place.labels, n: times, pointer });
  }
}
