import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel, unknownLabels } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { isSettingName } from '../labels.ts';

/** How the name of a benchmark's backend begins, where it says which server was measured. `openai` says which interface only. */
const ENGINES: readonly (readonly [string, string])[] = [
  ['vllm', 'vllm'],
  ['sglang', 'sglang'],
  ['lmdeploy', 'lmdeploy'],
  ['tensorrt-llm', 'tensorrt-llm'],
  ['trt', 'tensorrt-llm'],
  ['tgi', 'tgi'],
  ['llama.cpp', 'llama.cpp'],
  ['scalellm', 'scalellm'],
  ['deepspeed-mii', 'deepspeed-mii'],
];

/** The server that a backend's name names, or null. */
function engineOf(backend: string | undefined): string | null {
  const name = backend?.toLowerCase() ?? '';
  return ENGINES.find(([begin]) => name.startsWith(begin))?.[1] ?? null;
}

/** Labels for what a record says under names that no table knows: texts, yes and no, and numbers under the name of a setting. */
export function addUnknownLabels(
  labels: Record<string, string>,
  object: JsonObject,
  known: (key: string) => boolean,
  extract: Extract,
): void {
  unknownLabels(object, known, labels);
  for (const key of Object.keys(object)) {
    const name = canonicalLabel(key);
    if (!known(key) && isSettingName(key) && !Object.hasOwn(labels, name)) addLabel(labels, name, object[key], extract);
  }
}

/** The label of the server that was measured, as far as the labels that are there tell it. */
export function addEngine(labels: Record<string, string>): void {
  const engine = labels.engine ?? engineOf(labels.backend);
  if (engine !== null) labels.engine = engine;
}

/** Fields that hold a request's length for a kind of data set: those of the others have their defaults, and mean nothing. */
const LENGTH_FIELDS: readonly (readonly [string, string | null, string])[] = [
  ['random', 'random_input_len', 'random_output_len'],
  ['image', 'random_input_len', 'random_output_len'],
  ['sonnet', 'sonnet_input_len', 'sonnet_output_len'],
  ['sharegpt', null, 'sharegpt_output_len'],
  ['custom', null, 'custom_output_len'],
  ['hf', null, 'hf_output_len'],
];

/** Labels for the length of prompt and output, from the fields that its data set uses. */
export function addLengthLabels(labels: Record<string, string>, textOf: (field: string) => unknown, extract: Extract): void {
  const dataset = labels.dataset;
  const fields = LENGTH_FIELDS.find(([begin]) => dataset?.startsWith(begin) === true);
  if (fields === undefined) return;
  const [kind, input, output] = fields;
  if (input !== null) addLabel(labels, 'prompt_length', textOf(input), extract);
  addLabel(labels, 'output_length', textOf(output), extract);
  if (kind === 'random') addLabel(labels, 'random_range_ratio', textOf('random_range_ratio'), extract);
}

/** A rate without limit: Python may write it as the bare word Infinity, which is parsed as an empty text. */
export function addEndlessRate(labels: Record<string, string>, object: JsonObject): void {
  if (Object.hasOwn(object, 'request_rate') && object.request_rate === '') labels.request_rate = 'inf';
}

/** How bursts of requests come: a label where it is not the usual way. */
export function addBurstiness(labels: Record<string, string>, burstiness: number | null): void {
  if (burstiness !== null && burstiness !== 1) labels.burstiness = String(burstiness);
}
