import type { Content } from '../content.ts';
import { firstObject, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { listAt } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { addUnknownNumbers, latencyFieldsOf, latencyTable, MILLISECONDS } from './serving-fields.ts';
import { REQUEST_TABLE, readRequests } from './serving-requests.ts';
import { addRunNumbers, beginRun, numbersOf, type RunNumber, runsOf } from './serving-run.ts';
import { EXTRAS, FAMILIES, isKnownField, LABEL_FIELDS, PER_POSITION, POSITION, RATES, TOTALS } from './vllm-serve-fields.ts';
import { RUN_NUMBER, serveLabels, settingFields } from './vllm-serve-labels.ts';

/** vLLM's own benchmark of a server: one JSON object a run, one a line with `--append-result`. */
export const vllmServe: Format = {
  name: 'vllm-serve',
  tool: '`vllm bench serve`, `benchmark_serving.py`',
  signature:
    'an object with `model_id`, `request_throughput` (or `request_inthroughput`), `num_prompts` and a statistic in milliseconds: `mean_ttft_ms`, `p99_ttft_ms`, `mean_e2el_ms`, …',
  detect: (content) => isServeRun(firstObject(content)) && !isSweep(content),
  read: readServeRuns,
  fields: {
    'of a run': { ...TOTALS, ...RATES },
    'of some runs': { ...EXTRAS, [PER_POSITION]: POSITION },
    'over its requests': latencyTable(FAMILIES, MILLISECONDS),
    'raw, with --save-detailed': REQUEST_TABLE,
  },
  labels: LABEL_FIELDS,
  notes: [
    'The statistics are in milliseconds, the raw lists in seconds. Percentiles are read whichever were asked for: `p99.9_ttft_ms`.',
    '`tpot` and `itl` are two metrics: a gap is one between chunks, and a chunk need not be one token. How many gaps there were the file does not say.',
    'Where no request completed the file writes every latency as 0.0: they are absent, and the run counts as failed. A latency whose statistics are all 0 beside requests that completed is absent too.',
    'A run that served less than 0.9 of the request rate asked for is labelled `saturated`: its latency is the length of the queue. It is `perhaps` where the time in which its last answers were generated, or 2/√n of n requests whose gaps are drawn, explains as much.',
    'GPU, tensor parallelism, quantization and server version are in the file only where `--metadata` put them there; other texts that it put there are labels under their own name.',
    'The backend names the server where it is `vllm`, `sglang`, `tgi` and the like; `openai` names an interface, and the server stays unknown.',
  ],
};

const STATISTICS = ['mean_ttft_ms', 'p99_ttft_ms', 'mean_e2el_ms', 'mean_tpot_ms', 'mean_itl_ms'];

/** Requests a second; the second is how vLLM spelt it until mid-2024. */
const THROUGHPUTS = ['request_throughput', 'request_inthroughput'];

/** Whether an object is the result of a run. */
export function isServeRun(object: JsonObject | null): object is JsonObject {
  if (!hasKeys(object, 'model_id', 'num_prompts')) return false;
  return [THROUGHPUTS, STATISTICS].every((keys) => keys.some((key) => Object.hasOwn(object, key)));
}

/** Whether a content is a list of runs that says what was set for each: the summary of `vllm bench sweep`. */
export function isSweep(content: Content): boolean {
  if (content.shape !== 'json' || !Array.isArray(content.value)) return false;
  const first = firstObject(content);
  if (!isServeRun(first)) return false;
  return Object.hasOwn(first, RUN_NUMBER) || settingFields(first).size > 0;
}

/** Reads all runs of a content. */
export function readServeRuns(content: Content, extract: Extract): void {
  for (const { at, object } of runsOf(content, isServeRun, 'vllm bench serve', extract)) readServeRun(extract, object, at);
}

function readServeRun(extract: Extract, object: JsonObject, at: string): void {
  const settings = settingFields(object);
  const labels = serveLabels(object, settings, extract);
  const run = beginRun(extract, object, { at, labels, totals: TOTALS }, object.request_throughput ?? object.request_inthroughput);
  if (run === null) return;
  const fields = { ...TOTALS, ...RATES, ...EXTRAS, ...latencyFieldsOf(object, FAMILIES, MILLISECONDS) };
  const numbers = [...numbersOf(object, fields, at), ...positions(object, at)];
  // Without audio the real-time factor is written as 0.
  const measured = numbers.filter(({ value, pointer }) => value !== 0 || pointer !== `${at}/rtfx`);
  const unmeasured = addRunNumbers(extract, measured, run);
  readRequests(extract, object, { at, labels, completed: run.completed, unmeasured });
  addUnknownNumbers(extract, object, (key) => isKnownField(key) || settings.has(key), { at, labels });
}

function positions(object: JsonObject, at: string): RunNumber[] {
  return listAt(object, PER_POSITION).map((value, index) => ({ value, meaning: POSITION, pointer: `${at}/${PER_POSITION}/${index}` }));
}
