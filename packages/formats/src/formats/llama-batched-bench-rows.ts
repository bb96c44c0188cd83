import type { Extract } from '../extract.ts';
import {
  addLabel,
  addNumber,
  type FieldMeaning,
  type FieldTable,
  type Labels,
  type LabelTable,
  labelsFrom,
  labelTextOf,
  plainNumber,
} from '../fields.ts';
import type { JsonObject } from '../json-value.ts';

const run = (metric: FieldMeaning['metric'], unit: string, note?: string): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'runs',
  ...(note === undefined ? {} : { note }),
});

/** What is measured of a row, by the names of JSON lines. */
export const BATCHED_FIELDS = {
  t_pp: run('prompt_eval_duration', 's', 'of the whole batch'),
  speed_pp: run('prompt_token_throughput', 'tok/s', 'of all sequences together'),
  t_tg: run('eval_duration', 's', 'of the whole batch'),
  speed_tg: run('output_token_throughput', 'tok/s', 'of all sequences together'),
  t: run('duration', 's'),
  speed: run('total_token_throughput', 'tok/s', 'tokens of prompt and output, over both times'),
} as const satisfies FieldTable;

export type BatchedField = keyof typeof BATCHED_FIELDS;

/** Tokens of which a number is a time or a rate: where there are none, nothing was measured. */
const COUNTED: Readonly<Record<BatchedField, 'pp' | 'tg' | null>> = {
  t_pp: 'pp',
  speed_pp: 'pp',
  t_tg: 'tg',
  speed_tg: 'tg',
  t: null,
  speed: null,
};

export const BATCHED_LABELS: LabelTable = {
  pp: 'prompt_length',
  tg: 'output_length',
  pl: 'concurrency',
  n_kv_max: 'num_ctx',
  n_batch: 'batch',
  n_ubatch: 'ubatch',
  n_gpu_layers: 'num_gpu',
  n_threads: 'threads',
  flash_attn: 'flash_attention',
};

const SWITCH: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [1, 'true'],
  [0, 'false'],
  [-1, 'auto'],
  ['1', 'true'],
  ['0', 'false'],
  ['-1', 'auto'],
]);

/** The labels of a row: what it ran, and the settings that stand beside it or above its table. */
export function batchedLabels(fields: JsonObject, extract: Extract): Labels {
  const labels: Record<string, string> = {
    engine: 'llama.cpp',
    tool: 'llama-batched-bench',
    ...labelsFrom(fields, BATCHED_LABELS, extract),
  };
  for (const [field, name] of [
    ['flash_attn', 'flash_attention'],
    ['is_pp_shared', 'is_pp_shared'],
  ] as const)
    if (Object.hasOwn(fields, field)) addLabel(labels, name, SWITCH.get(fields[field]) ?? fields[field], extract);
  addLabel(labels, 'n_threads_batch', Object.hasOwn(fields, 'n_threads_batch') ? fields.n_threads_batch : null, extract);
  return labels;
}

/** One number of a row, with where it stands. */
export type BatchedNumber = { field: BatchedField; value: unknown; pointer: string };

/**
 * Adds the numbers of a row. What is 0 beside tokens that were processed was too short to be timed.
 * @param tokens of prompt and output, as the row states them
 */
export function addBatchedNumbers(
  extract: Extract,
  numbers: readonly BatchedNumber[],
  tokens: Readonly<Record<'pp' | 'tg', unknown>>,
  labels: Labels,
): void {
  extract.records += 1;
  for (const { field, value, pointer } of numbers) {
    const counted = COUNTED[field];
    if (counted !== null && labelTextOf(tokens[counted]) === '0') continue;
    if (plainNumber(value) === 0) {
      extract.warnings.add('not measured', `${pointer}: 0, which is too short to be timed: it is absent`);
      continue;
    }
    addNumber(extract, value, BATCHED_FIELDS[field], { labels, pointer });
  }
}
