import { firstObject, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldTable, type LabelTable, labelsFrom, plainNumber } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { addUnknownNumbers, type Families, latencyField, latencyFieldsOf, latencyTable } from './serving-fields.ts';
import { addBurstiness, addEndlessRate, addEngine, addUnknownLabels } from './serving-labels.ts';
import { addRunNumbers, beginRun, numbersOf, runsOf } from './serving-run.ts';

const TOTALS: FieldTable = {
  duration: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  completed: { metric: 'own', statistic: 'value', unit: null },
  failed: { metric: 'own', statistic: 'value', unit: null },
  good_completed: { metric: 'own', statistic: 'value', unit: null, note: 'requests within the goals that were set for latency' },
  total_input_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_output_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
};

const RATES: FieldTable = {
  request_throughput: { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  request_goodput: { metric: 'own', statistic: 'value', unit: 'req/s', over: 'runs' },
  input_throughput: {
    ...{ metric: 'prompt_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
    note: 'input tokens over the whole run, not the speed of prompt processing',
  },
  output_throughput: { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  total_token_throughput: { metric: 'total_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'input and output' },
};

const FAMILIES: Families = {
  ttft: { metric: 'time_to_first_token', over: 'requests' },
  tpot: { metric: 'time_per_output_token', over: 'requests' },
  itl: { metric: 'inter_token_latency', over: 'gaps' },
  e2el: { metric: 'request_latency', over: 'requests' },
};
const SECONDS = { suffix: '', unit: 's' };

const LABEL_FIELDS: LabelTable = {
  model_id: 'model',
  backend: 'backend',
  max_concurrency: 'concurrency',
  request_rate: 'request_rate',
  num_prompts: 'num_prompts',
  date: 'timestamp',
};

const OTHER_FIELDS = new Set(['tokenizer_id', 'burstiness', 'best_of', 'endpoint_type']);

/** One point of a curve of InferenceX: like vLLM's result, with times in seconds. */
export const inferencex: Format = {
  name: 'inferencex',
  tool: 'InferenceX of SemiAnalysis',
  signature: 'an object with `model_id`, `max_concurrency` and `median_ttft`, without `_ms`',
  detect: (content) => isPoint(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of runsOf(content, isPoint, 'InferenceX', extract)) readPoint(extract, object, at);
  },
  fields: { 'of a run': { ...TOTALS, ...RATES }, 'over its requests': latencyTable(FAMILIES, SECONDS) },
  labels: LABEL_FIELDS,
  notes: [
    'Times are in seconds, under the names that vLLM would end with `_ms`.',
    'GPU, tensor parallelism, lengths and the server are in the name of the file only.',
    'Where no request completed no latency is read, and the run counts as failed.',
    'A run that served less than 0.9 of the request rate asked for is labelled `saturated`: `perhaps` where the time in which its last answers were generated, or 2/√n of n requests whose gaps are drawn, explains as much.',
  ],
};

function isPoint(object: JsonObject | null): object is JsonObject {
  return hasKeys(object, 'model_id', 'median_ttft', 'max_concurrency') && !Object.hasOwn(object, 'median_ttft_ms');
}

function readPoint(extract: Extract, object: JsonObject, at: string): void {
  const labels: Record<string, string> = { tool: 'InferenceX', ...labelsFrom(object, LABEL_FIELDS, extract) };
  addUnknownLabels(labels, object, isKnown, extract);
  addEndlessRate(labels, object);
  addBurstiness(labels, plainNumber(object.burstiness));
  addEngine(labels);
  const run = beginRun(extract, object, { at, labels, totals: TOTALS });
  if (run === null) return;
  addRunNumbers(extract, numbersOf(object, { ...TOTALS, ...RATES, ...latencyFieldsOf(object, FAMILIES, SECONDS) }, at), run);
  addUnknownNumbers(extract, object, isKnown, { at, labels });
}

const isKnown = (key: string): boolean =>
  [TOTALS, RATES, LABEL_FIELDS].some((table) => Object.hasOwn(table, key)) ||
  OTHER_FIELDS.has(key) ||
  latencyField(key, FAMILIES, SECONDS) !== null;
