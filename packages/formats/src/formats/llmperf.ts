import { firstObject, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldMeaning, type FieldTable, type LabelTable, labelsFrom, plainNumber, unknownLabels } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import type { JsonObject } from '../json-value.ts';
import { unitFromName } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import { addTextNumber, isLlmperfResponse, LLMPERF_REQUEST, readLlmperfResponse } from './llmperf-responses.ts';
import { warnNotMeasured } from './not-measured.ts';
import { ownName, percentileName } from './perf-metrics.ts';
import { tellOutcome } from './run-outcome.ts';
import { addUnknownNumbers } from './serving-fields.ts';

/** Values of the whole run. */
const TOTALS: FieldTable = {
  results_mean_output_throughput_token_per_s: { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  results_num_completed_requests_per_min: {
    metric: 'request_throughput',
    statistic: 'value',
    unit: 'req/min',
    over: 'runs',
    note: 'a minute',
  },
};

/** What a run of which no request succeeded still says truly. */
const COUNTS: FieldTable = {
  results_error_rate: { metric: 'error_rate', statistic: 'value', unit: 'ratio', over: 'runs' },
  results_number_errors: { metric: 'own', statistic: 'value', unit: null },
  results_num_requests_started: { metric: 'own', statistic: 'value', unit: null },
  results_num_completed_requests: { metric: 'own', statistic: 'value', unit: null },
};

const LABEL_FIELDS: LabelTable = {
  model: 'model',
  num_concurrent_requests: 'concurrency',
  mean_input_tokens: 'prompt_length',
  mean_output_tokens: 'output_length',
  additional_sampling_params_temperature: 'temperature',
  timestamp: 'timestamp',
};

/** They name the file, date the format or stand elsewhere. */
const OTHER_FIELDS = new Set(['name', 'version', 'stddev_input_tokens', 'stddev_output_tokens', 'results_error_code_frequency']);

/** Ray's LLMPerf: the summary of a run, and the responses to its requests. */
export const llmperf: Format = {
  name: 'llmperf',
  tool: "Ray's LLMPerf (`token_benchmark_ray.py`)",
  signature:
    'keys that begin with `results_ttft_s_quantiles_`; or a list of objects with `ttft_s`, `end_to_end_latency_s` and `error_code`',
  detect(content) {
    const object = firstObject(content);
    return object !== null && (isSummary(object) || isLlmperfResponse(object));
  },
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) {
      if (isSummary(object)) readSummary(extract, object, at);
      else if (isLlmperfResponse(object)) readLlmperfResponse(extract, object, at);
      else extract.warnings.add('other records', `${at.trim() || 'the document'} is no record of LLMPerf: it was not read`);
    }
  },
  fields: {
    '*_summary.json, of the run': { ...TOTALS, ...COUNTS },
    '*_summary.json, results_<field>_quantiles_pNN, _mean, _min, _max, _stddev': LLMPERF_REQUEST,
    '*_individual_responses.json': LLMPERF_REQUEST,
  },
  labels: LABEL_FIELDS,
  notes: [
    'All times are in seconds; completed requests are counted a minute.',
    '`inter_token_latency_s` includes the time to the first token, and so is neither inter-token latency nor time per output token: it keeps its own name.',
    '`request_output_throughput_token_per_s` includes it too, so it is no throughput per user as others write it.',
    'Extremes of token counts stand in the file as texts.',
    'Where no request completed only counts and the error rate are read, and the run counts as failed.',
  ],
};

function isSummary(object: JsonObject): boolean {
  return Object.keys(object).some((key) => key.startsWith('results_ttft_s_quantiles_'));
}

const STATISTIC = /^results_(.+)_(?:quantiles_p(\d{1,2})|(mean|min|max|stddev))$/;

type Key = { key: string; field: string; statistic: string };

/** Keys such as `results_ttft_s_quantiles_p25` and `results_ttft_s_mean`. */
function statisticKeys(object: JsonObject): Key[] {
  return Object.keys(object).flatMap((key) => {
    const [, field, percentile, other] = (key.length < 100 && STATISTIC.exec(key)) || [];
    const statistic = percentile === undefined ? other : percentileName(Number(percentile));
    // `results_num_completed_requests_per_min` is no minimum.
    if (field === undefined || statistic === undefined || field.endsWith('_per')) return [];
    return [{ key, field, statistic }];
  });
}

function readSummary(extract: Extract, object: JsonObject, at: string): void {
  const labels: Record<string, string> = { tool: 'llmperf', ...labelsFrom(object, LABEL_FIELDS, extract) };
  const keys = statisticKeys(object);
  const known = new Set([...Object.keys(LABEL_FIELDS), ...Object.keys(TOTALS), ...Object.keys(COUNTS), ...keys.map(({ key }) => key)]);
  const isKnown = (key: string): boolean => known.has(key) || OTHER_FIELDS.has(key);
  unknownLabels(object, isKnown, labels);
  const succeeded = plainNumber(object.results_num_completed_requests);
  const outcome = {
    succeeded,
    failed: plainNumber(object.results_number_errors),
    measured: plainNumber(object.results_ttft_s_mean) !== null,
  };
  extract.records += 1;
  const failed = tellOutcome(extract, outcome, at.trim() || '/results_num_completed_requests', at.trim() || 'the run');
  const add = (key: string, meaning: FieldMeaning, n: number | null, own: string): void => {
    if (Object.hasOwn(object, key)) addTextNumber(extract, object[key], meaning, { labels, n, failed, pointer: at + segment(key) }, own);
  };
  for (const [key, meaning] of Object.entries({ ...COUNTS, ...(failed ? {} : TOTALS) })) add(key, meaning, null, nameOf(key));
  if (failed) return;
  const zero = zeroFields(extract, object, at);
  for (const { key, field, statistic } of keys) {
    if (zero.has(field)) continue;
    const meaning = meaningOf(field);
    add(key, { ...meaning, statistic }, meaning.over === 'requests' ? succeeded : null, ownName(field));
  }
  addUnknownNumbers(extract, object, isKnown, { at, labels });
}

const nameOf = (key: string): string => ownName(key.replace(/^results_/, ''));

function meaningOf(field: string): FieldMeaning {
  const known = Object.hasOwn(LLMPERF_REQUEST, field) ? LLMPERF_REQUEST[field] : undefined;
  return known ?? { metric: 'own', statistic: 'value', unit: unitFromName(field), over: 'requests' };
}

/** Times that are 0 throughout: responses that were not streamed. */
function zeroFields(extract: Extract, object: JsonObject, at: string): ReadonlySet<string> {
  const zero = Object.keys(LLMPERF_REQUEST).filter((field) => {
    const timed = LLMPERF_REQUEST[field]?.unit === 's';
    return timed && plainNumber(object[`results_${field}_mean`]) === 0 && (plainNumber(object[`results_${field}_max`]) ?? 0) === 0;
  });
  for (const field of zero) warnNotMeasured(extract, field, at.trim() || 'the run');
  return new Set(zero);
}
