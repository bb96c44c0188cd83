import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type FieldTable, plainNumber, readFields } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { addUnknownLabels } from './serving-labels.ts';

const FIELDS: FieldTable = {
  elapsed_time: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  num_requests: { metric: 'own', statistic: 'value', unit: null },
  total_num_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', note: 'input and output' },
  requests_per_second: { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  tokens_per_second: { metric: 'total_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'input and output' },
};

/** What a run without requests, or without time, is left with. */
const COUNTS: FieldTable = Object.fromEntries(Object.entries(FIELDS).filter(([, { metric }]) => metric === 'own' || metric === 'duration'));

/** vLLM's benchmark of a model without a server: one object of five keys, to which people add what they ran. */
export const vllmThroughput: Format = {
  name: 'vllm-throughput',
  tool: '`vllm bench throughput`, `benchmark_throughput.py`',
  signature: 'an object with `elapsed_time`, `num_requests`, `total_num_tokens`, `requests_per_second` and `tokens_per_second`',
  detect: (content) => isRun(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) {
      if (isRun(object)) readRun(extract, object, at);
      else extract.warnings.add('no runs', `${at.trim() || 'the run'}: no result of vllm bench throughput; it was not read`);
    }
  },
  fields: { 'of a run': FIELDS },
  labels: { num_requests: 'num_prompts' },
  notes: [
    '`tokens_per_second` counts tokens of input and output: it is no output token throughput.',
    'Model, lengths, GPU and version are not in the file; where somebody added them they are labels. All requests are handed over at once, so there is no request rate.',
    'A run of no requests failed: it has no throughput.',
  ],
};

function isRun(object: JsonObject | null): object is JsonObject {
  return hasKeys(object, ...Object.keys(FIELDS));
}

function readRun(extract: Extract, object: JsonObject, at: string): void {
  const labels: Record<string, string> = { tool: 'vllm bench throughput' };
  addLabel(labels, 'num_prompts', object.num_requests, extract);
  addUnknownLabels(labels, object, (key) => Object.hasOwn(FIELDS, key), extract);
  extract.records += 1;
  const failed = ['num_requests', 'elapsed_time', 'total_num_tokens'].find((key) => plainNumber(object[key]) === 0);
  if (failed !== undefined) extract.fail({ pointer: `${at}/${failed}`, reason: `${failed} is 0: nothing was measured` });
  readFields(extract, object, failed === undefined ? FIELDS : COUNTS, { at, labels, failed: failed !== undefined });
}
