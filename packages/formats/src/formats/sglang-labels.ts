import type { Extract } from '../extract.ts';
import { addLabel, type LabelTable, labelsFrom, listAt, objectAt, plainNumber } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { addBurstiness, addEndlessRate, addEngine, addLengthLabels, addUnknownLabels } from './serving-labels.ts';

const RUN_LABELS: LabelTable = {
  model: 'model',
  model_id: 'model',
  model_path: 'model',
  backend: 'backend',
  dataset_name: 'dataset',
  max_concurrency: 'concurrency',
  num_prompts: 'num_prompts',
  request_rate: 'request_rate',
};

/** Of the server's own settings, of which there are hundreds. */
const SERVER_LABELS: LabelTable = {
  model_path: 'model',
  quantization: 'quantization',
  tp_size: 'tensor_parallel',
  pp_size: 'pipeline_parallel',
  context_length: 'num_ctx',
  kv_cache_dtype: 'kv_cache',
  speculative_algorithm: 'speculative',
  version: 'engine_version',
};

/** More of them, that no canonical label fits and that set runs apart. */
const OWN_SERVER_LABELS = [
  ...['dtype', 'dp_size', 'ep_size', 'mem_fraction_static', 'attention_backend', 'chunked_prefill_size', 'max_running_requests'],
  ...['disable_radix_cache', 'disable_cuda_graph', 'enable_torch_compile', 'device', 'schedule_policy', 'load_format'],
  ...['speculative_num_steps', 'speculative_eagle_topk', 'speculative_num_draft_tokens'],
];

/** The labels as a table that people read. */
export const SGLANG_LABELS: LabelTable = {
  ...RUN_LABELS,
  ...Object.fromEntries(Object.entries(SERVER_LABELS).map(([field, name]) => [`server_info.${field}`, name])),
  random_input_len: 'prompt_length',
  random_output_len: 'output_length',
  sharegpt_output_len: 'output_length',
};

const OTHER = new Set([
  'server_info',
  'random_input_len',
  'random_output_len',
  'sharegpt_output_len',
  'random_range_ratio',
  'cache_report',
  'burstiness',
]);

/** Whether a field of a run is dealt with as a label, or says nothing that sets runs apart. */
export function isSglangLabel(key: string): boolean {
  return Object.hasOwn(RUN_LABELS, key) || OTHER.has(key);
}

/**
 * The labels of a run: its own fields, then what the server says of itself.
 * @param known whether a field is one of its numbers
 */
export function sglangLabels(object: JsonObject, known: (key: string) => boolean, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = { tool: 'sglang.bench_serving', ...labelsFrom(object, RUN_LABELS, extract) };
  addEndlessRate(labels, object);
  addLengthLabels(labels, (field) => object[field], extract);
  addBurstiness(labels, plainNumber(object.burstiness));
  addServerLabels(labels, serverOf(object), extract);
  addApartLabels(labels, objectAt(object, 'server_info'), extract);
  addUnknownLabels(labels, object, (key) => known(key) || isSglangLabel(key), extract);
  addEngine(labels);
  return labels;
}

function addServerLabels(labels: Record<string, string>, server: JsonObject, extract: Extract): void {
  for (const [name, value] of Object.entries(labelsFrom(server, SERVER_LABELS, extract))) labels[name] ??= value;
  for (const field of OWN_SERVER_LABELS) if (Object.hasOwn(server, field)) addLabel(labels, field, server[field], extract);
}

/** Where prefill and decoding are apart: how many servers do each, and over how many devices a server of prefill goes. */
function addApartLabels(labels: Record<string, string>, info: JsonObject, extract: Extract): void {
  const [prefill, decode] = [listAt(info, 'prefill'), listAt(info, 'decode')];
  if (prefill.length + decode.length === 0) return;
  addLabel(labels, 'prefill_servers', String(prefill.length), extract);
  addLabel(labels, 'decode_servers', String(decode.length), extract);
  if (isObject(prefill[0])) addLabel(labels, 'prefill_tensor_parallel', prefill[0].tp_size, extract);
}

/** What the server says of itself; where prefill and decoding are apart, the first of those that decode. */
function serverOf(object: JsonObject): JsonObject {
  const info = objectAt(object, 'server_info');
  const decode = listAt(info, 'decode')[0];
  return isObject(decode) ? decode : info;
}
