import type { FieldMeaning, FieldTable, LabelTable } from '../fields.ts';
import { type Families, latencyField, MILLISECONDS } from './serving-fields.ts';
import { REQUEST_TABLE } from './serving-requests.ts';

/** What a run of `vllm bench serve` says of itself as a whole. */
export const TOTALS: FieldTable = {
  duration: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  completed: { metric: 'own', statistic: 'value', unit: null },
  failed: { metric: 'own', statistic: 'value', unit: null },
  total_input_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_output_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_input_sequences: { metric: 'own', statistic: 'value', unit: null, note: 'embeddings only' },
};

/** Rates over the whole run: one value a run. */
export const RATES: FieldTable = {
  request_throughput: { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  request_inthroughput: {
    metric: 'request_throughput',
    statistic: 'value',
    unit: 'req/s',
    over: 'runs',
    note: 'so written until mid-2024',
  },
  request_goodput: { metric: 'own', statistic: 'value', unit: 'req/s', over: 'runs' },
  'request_goodput:': { metric: 'own', statistic: 'value', unit: 'req/s', over: 'runs', note: 'so written from March to April 2025' },
  input_throughput: { metric: 'prompt_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'until mid-2024' },
  output_throughput: { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  total_token_throughput: { metric: 'total_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'input and output' },
  input_sequence_throughput: { metric: 'own', statistic: 'value', unit: 'inputs/s', over: 'runs', note: 'embeddings only' },
  max_output_tokens_per_s: { metric: 'own', statistic: 'max', unit: 'tok/s', note: 'the best second of the run' },
  max_concurrent_requests: { metric: 'own', statistic: 'max', unit: null, note: 'measured, no setting' },
  rtfx: { metric: 'own', statistic: 'value', unit: null, note: 'audio only: real-time factor; 0 elsewhere, which is absent' },
};

/** Speculative and diffusion decoding, and the probes beside the load: under the file's own names. */
export const EXTRAS: FieldTable = {
  spec_decode_acceptance_rate: { metric: 'own', statistic: 'value', unit: '%' },
  spec_decode_acceptance_length: { metric: 'own', statistic: 'mean', unit: 'tokens' },
  spec_decode_num_drafts: { metric: 'own', statistic: 'value', unit: null },
  spec_decode_draft_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  spec_decode_accepted_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  diffusion_committed_throughput: { metric: 'own', statistic: 'value', unit: 'tok/s' },
  diffusion_steps_per_canvas: { metric: 'own', statistic: 'mean', unit: null },
  diffusion_committed_per_step: { metric: 'own', statistic: 'mean', unit: 'tokens' },
  diffusion_committed_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  diffusion_denoising_steps: { metric: 'own', statistic: 'value', unit: null },
  diffusion_canvas_positions: { metric: 'own', statistic: 'value', unit: null },
  probe_completed: { metric: 'own', statistic: 'value', unit: null },
  probe_failed: { metric: 'own', statistic: 'value', unit: null },
  probe_median_e2el_ms: { metric: 'own', statistic: 'median', unit: 'ms', note: 'one token each, sent beside the load' },
  probe_p99_e2el_ms: { metric: 'own', statistic: 'p99', unit: 'ms' },
  probe_max_e2el_ms: { metric: 'own', statistic: 'max', unit: 'ms' },
};

/** Shares, not percent, in a list: how often the first, second, … token of a draft was accepted. */
export const PER_POSITION = 'spec_decode_per_position_acceptance_rates';
export const POSITION: FieldMeaning = { metric: 'own', statistic: 'value', unit: 'ratio', note: 'a list: the first position, …' };

/** Statistics over the requests, or over the gaps between chunks, that completed. */
export const FAMILIES: Families = {
  ttft: { metric: 'time_to_first_token', over: 'requests' },
  tpot: { metric: 'time_per_output_token', over: 'requests' },
  itl: { metric: 'inter_token_latency', over: 'gaps' },
  e2el: { metric: 'request_latency', over: 'requests' },
  client_queue_time: { metric: 'own', over: 'requests' },
  e2el_including_client_queue: { metric: 'own', over: 'requests' },
};

export const LABEL_FIELDS: LabelTable = {
  model_id: 'model',
  backend: 'backend',
  max_concurrency: 'concurrency',
  request_rate: 'request_rate',
  num_prompts: 'num_prompts',
  dataset_name: 'dataset',
  random_input_len: 'prompt_length',
  random_output_len: 'output_length',
  temperature: 'temperature',
  gpu: 'gpu',
  gpu_name: 'gpu',
  tensor_parallel_size: 'tensor_parallel',
  quantization: 'quantization',
  engine_version: 'engine_version',
  vllm_version: 'engine_version',
  date: 'timestamp',
};

/** Numbers that were set, under which no canonical label fits. */
export const RAMP = ['ramp_up_start_rps', 'ramp_up_end_rps'];

/** Fields that are dealt with by name, or say nothing that sets runs apart. */
const OTHER_FIELDS = new Set([
  ...'endpoint_type tokenizer_id burstiness best_of start_times generated_texts errors rps_change_events run_number'.split(' '),
  // When a run was, in seconds since 1970: no measurement.
  ...['benchmark_start_time_unix', 'benchmark_end_time_unix'],
  ...RAMP,
  PER_POSITION,
]);

/** Whether a field of a run is one that is known by name, or by its pattern. */
export function isKnownField(key: string): boolean {
  return (
    [TOTALS, RATES, EXTRAS, LABEL_FIELDS].some((table) => Object.hasOwn(table, key)) ||
    OTHER_FIELDS.has(key) ||
    Object.hasOwn(REQUEST_TABLE, key) ||
    latencyField(key, FAMILIES, MILLISECONDS) !== null
  );
}
