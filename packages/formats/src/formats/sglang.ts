import { firstObject, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldTable, objectAt, plainNumber } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { addUnknownNumbers, type Families, latencyField, latencyFieldsOf, latencyTable, MILLISECONDS } from './serving-fields.ts';
import { REQUEST_TABLE, readRequests } from './serving-requests.ts';
import { addRunNumbers, beginRun, numbersOf, runsOf } from './serving-run.ts';
import { OF_STREAMS, withoutWholeRequests } from './serving-streaming.ts';
import { isSglangLabel, SGLANG_LABELS, sglangLabels } from './sglang-labels.ts';

const TOTALS: FieldTable = {
  duration: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  completed: { metric: 'own', statistic: 'value', unit: null },
  failed: { metric: 'own', statistic: 'value', unit: null },
  total_input_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_input_text_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_input_vision_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_output_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_output_tokens_retokenized: { metric: 'own', statistic: 'value', unit: 'tokens' },
};

const RATES: FieldTable = {
  request_throughput: { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  input_throughput: {
    ...{ metric: 'prompt_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
    note: 'input tokens over the whole run, not the speed of prompt processing',
  },
  output_throughput: { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  output_throughput_retokenized: { metric: 'own', statistic: 'value', unit: 'tok/s', over: 'runs' },
  total_throughput: { metric: 'total_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'input and output' },
  total_throughput_retokenized: { metric: 'own', statistic: 'value', unit: 'tok/s', over: 'runs' },
  concurrency: {
    metric: 'own',
    statistic: 'mean',
    unit: null,
    note: 'measured: requests under way on average; the setting is `max_concurrency`',
  },
  accept_length: { metric: 'own', statistic: 'mean', unit: 'tokens', note: 'speculative decoding' },
  max_output_tokens_per_s: { metric: 'own', statistic: 'max', unit: 'tok/s', note: 'the best second of the run' },
  max_concurrent_requests: { metric: 'own', statistic: 'max', unit: null, note: 'measured, no setting' },
};

/** What stands under `cache_report`. */
const CACHE: FieldTable = {
  total_prompt_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_cached_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  cache_hit_rate_pct: { metric: 'own', statistic: 'value', unit: '%' },
  device_cached_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  host_cached_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  storage_cached_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
};

const FAMILIES: Families = {
  ttft: { metric: 'time_to_first_token', over: 'requests' },
  tpot: { metric: 'time_per_output_token', over: 'requests' },
  itl: { metric: 'inter_token_latency', over: 'gaps' },
  e2e_latency: { metric: 'request_latency', over: 'requests' },
};

/** SGLang's benchmark of a server: one JSON object a run, appended to a file of JSON lines. */
export const sglang: Format = {
  name: 'sglang',
  tool: '`sglang.bench_serving`',
  signature: 'an object with `mean_e2e_latency_ms`, `total_output_tokens_retokenized` and `random_input_len` or `dataset_name`',
  detect: (content) => isSglangRun(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of runsOf(content, isSglangRun, 'sglang.bench_serving', extract)) readRun(extract, object, at);
  },
  fields: {
    'of a run': { ...TOTALS, ...RATES },
    'under `cache_report`': CACHE,
    'over its requests': latencyTable(FAMILIES, MILLISECONDS),
    'raw, with --output-details': REQUEST_TABLE,
  },
  labels: SGLANG_LABELS,
  notes: [
    'The bare word `Infinity` under `request_rate` is no JSON: it is read as the rate `inf`, which is no limit.',
    'The model is under `server_info`, which late versions write; elsewhere it is unknown.',
    'Where servers of prefill and of decoding are apart, the labels are of the first that decodes; `prefill_servers` and `decode_servers` are how many there are, `prefill_tensor_parallel` is `tp_size` of the first of prefill.',
    '`concurrency` was measured; what was set is `max_concurrency`.',
    'With `random_range_ratio` r the lengths of random prompts vary from r times `random_input_len` up to it: with 0 they are half of it on average. (vLLM means another thing by the same word: 0 is no variation.)',
    'Without streaming the times per token are 0, and the time to the first token is that of the whole request, or nearly: they are absent. Where each request had one token of output, it is read.',
    'A run that served less than 0.9 of the request rate asked for is labelled `saturated`: `perhaps` where the time in which its last answers were generated, or 2/√n of n requests whose gaps are drawn, explains as much.',
  ],
};

/** Whether an object is the result of a run. */
function isSglangRun(object: JsonObject | null): object is JsonObject {
  return (
    hasKeys(object, 'mean_e2e_latency_ms', 'total_output_tokens_retokenized') &&
    (Object.hasOwn(object, 'random_input_len') || Object.hasOwn(object, 'dataset_name'))
  );
}

function readRun(extract: Extract, object: JsonObject, at: string): void {
  const labels = sglangLabels(object, isNumber, extract);
  const run = beginRun(extract, object, { at, labels, totals: TOTALS });
  if (run === null) return;
  warnAboutLengths(extract, object, labels, run.name);
  const numbers = numbersOf(object, { ...TOTALS, ...RATES, ...latencyFieldsOf(object, FAMILIES, MILLISECONDS) }, at);
  const [tokens, completed] = [plainNumber(object.total_output_tokens), run.completed];
  const perRequest = tokens === null || completed === null ? null : tokens / completed;
  const streamed = withoutWholeRequests(extract, numbers, run.name, perRequest);
  const unmeasured = new Set(addRunNumbers(extract, streamed, run));
  if (streamed.length < numbers.length) for (const metric of OF_STREAMS) unmeasured.add(metric);
  addRunNumbers(extract, numbersOf(objectAt(object, 'cache_report'), CACHE, `${at}/cache_report`), run);
  readRequests(extract, object, { at, labels, completed: run.completed, unmeasured });
  addUnknownNumbers(extract, object, (key) => isNumber(key) || isSglangLabel(key), { at, labels });
}

const isNumber = (key: string): boolean =>
  [TOTALS, RATES, REQUEST_TABLE].some((table) => Object.hasOwn(table, key)) || latencyField(key, FAMILIES, MILLISECONDS) !== null;

function warnAboutLengths(extract: Extract, object: JsonObject, labels: Record<string, string>, name: string): void {
  const [ratio, length] = [plainNumber(object.random_range_ratio), plainNumber(object.random_input_len)];
  if (labels.prompt_length === undefined || ratio === null || length === null || ratio >= 1) return;
  extract.warnings.add(
    'lengths',
    `${name}: its prompts have from ${Math.max(1, Math.floor(ratio * length))} to ${length} tokens (random_range_ratio ${ratio}), so a prompt length of ${length} is the greatest, not the mean`,
    1,
  );
}
