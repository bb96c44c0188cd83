import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel, type LabelTable, labelsFrom, labelTextOf, plainNumber } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { unitFromName } from '../unit-from-name.ts';
import { type TestShape, testName } from './llama-bench-name.ts';

const PLAIN_LABELS: LabelTable = {
  model_type: 'model',
  backends: 'backend',
  gpu_info: 'gpu',
  cpu_info: 'cpu',
  build_commit: 'engine_commit',
  build_number: 'engine_version',
  n_batch: 'batch',
  n_ubatch: 'ubatch',
  n_threads: 'threads',
  n_gpu_layers: 'num_gpu',
  n_prompt: 'prompt_length',
  n_gen: 'output_length',
  n_depth: 'depth',
  test_time: 'timestamp',
};

/** Fields of a test → labels. `type_k` and `type_v` are one label where both are there. */
export const LLAMA_BENCH_LABELS: LabelTable = {
  ...PLAIN_LABELS,
  model_n_params: 'parameters',
  flash_attn: 'flash_attention',
  type_k: 'kv_cache',
  type_v: 'kv_cache',
};

/** Settings that are on or off: JSON of 2025 writes `true`, everything else 1, for the same thing. */
const SWITCHES = new Set(
  `flash_attn no_kv_offload use_mmap use_direct_io embeddings cpu_strict no_op_offload no_host repack f16_kv mul_mat_q low_vram
  cuda opencl vulkan kompute metal sycl gpu_blas blas`.split(/\s+/),
);

/** A word that begins the name of a way to store weights: `Q4_K`, `IQ2_XS`, `TQ1_0`, `F16`, `BF16`, `MXFP4`. */
const QUANTIZATION = /^(?:I?Q\d|TQ\d|B?F\d\d$|F\d\d$|MXFP\d|NVFP\d|FP\d)/;

/** Statistics that a later version may add stand beside settings under names that say so. */
const MEASURED = /^(?:avg|stddev|samples|min|max|mean|median|p\d{1,2})_/;

/** Numbers of a test that are results and no labels. */
const RESULTS = new Set(['avg_ns', 'stddev_ns', 'avg_ts', 'stddev_ts', 'model_size', 'model_n_params']);

/**
 * The labels of a test: every setting is one, those that this reader does not know among them.
 * @param shape what the test ran, where the file says so
 */
export function labelsOfTest(fields: JsonObject, shape: TestShape | null, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = { engine: 'llama.cpp', tool: 'llama-bench', ...labelsFrom(fields, PLAIN_LABELS, extract) };
  if (shape !== null) labels.test = testName(shape);
  const quantization = quantizationOf(labels.model ?? '');
  if (quantization !== null) labels.quantization = quantization;
  const parameters = plainNumber(own(fields, 'model_n_params'));
  if (parameters !== null && parameters > 0) labels.parameters = parametersText(parameters);
  const flash = switchText(own(fields, 'flash_attn'));
  if (flash !== null) addLabel(labels, 'flash_attention', flash, extract);
  addCacheType(labels, fields, extract);
  for (const key of Object.keys(fields)) {
    if (Object.hasOwn(LLAMA_BENCH_LABELS, key) || RESULTS.has(key) || key.length > 64 || isMeasured(fields, key)) continue;
    const name = canonicalLabel(key);
    if (!Object.hasOwn(labels, name)) addLabel(labels, name, SWITCHES.has(key) ? switchText(fields[key]) : fields[key], extract);
  }
  return labels;
}

/** Whether a field that no table knows holds a result: its name begins with a statistic, or states a unit. */
export function isMeasured(fields: JsonObject, key: string): boolean {
  if (Object.hasOwn(LLAMA_BENCH_LABELS, key) || (plainNumber(fields[key]) === null && !Array.isArray(fields[key]))) return false;
  return MEASURED.test(key) || unitFromName(key) !== null;
}

/** How the weights are stored, in the words of the model's type: `Q4_K - Medium` of `llama 7B Q4_K - Medium`; null where it says nothing. */
export function quantizationOf(type: string): string | null {
  const words = type.split(' ');
  const at = words.findIndex((word, index) => index > 0 && QUANTIZATION.test(word));
  return at < 0 ? null : words.slice(at).join(' ');
}

/** A count of parameters as llama-bench prints it in its tables, so that all its shapes agree. */
function parametersText(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;
}

function switchText(value: unknown): string | null {
  const text = labelTextOf(value);
  if (text === '1') return 'true';
  if (text === '0') return 'false';
  return text === '-1' ? 'auto' : text;
}

function addCacheType(labels: Record<string, string>, fields: JsonObject, extract: Extract): void {
  const [keys, values] = [labelTextOf(own(fields, 'type_k')), labelTextOf(own(fields, 'type_v'))];
  // A Markdown table leaves out what was not set, so one of the two says nothing of the other.
  if (keys === null || values === null) {
    addLabel(labels, 'type_k', keys, extract);
    addLabel(labels, 'type_v', values, extract);
  } else addLabel(labels, 'kv_cache', keys === values ? keys : `${keys}/${values}`, extract);
}

function own(fields: JsonObject, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
