import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type FieldMeaning, type FieldTable, labelTextOf, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { servingStatistic } from './serving-fields.ts';
import { addUnknownLabels } from './serving-labels.ts';
import { labelSaturation } from './serving-load.ts';
import { addRunNumbers, countRun, numbersOf, type RunNumber } from './serving-run.ts';

const TOTALS: FieldTable = {
  duration_ms: { metric: 'duration', statistic: 'value', unit: 'ms', over: 'runs' },
  total_requests: { metric: 'own', statistic: 'value', unit: null },
  successful_requests: { metric: 'own', statistic: 'value', unit: null },
  failed_requests: { metric: 'own', statistic: 'value', unit: null },
  total_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', note: 'of output' },
  total_tokens_sent: { metric: 'own', statistic: 'value', unit: 'tokens', note: 'of prompts' },
};

const RATES: FieldTable = {
  token_throughput_secs: { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  request_rate: { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs', note: 'served, not asked for' },
};

/** Objects of `p50`, …, `p99` and `avg`. */
const LATENCIES: Readonly<Record<string, FieldMeaning['metric']>> = {
  time_to_first_token_ms: 'time_to_first_token',
  inter_token_latency_ms: 'time_per_output_token',
  e2e_latency_ms: 'request_latency',
};

/** Hugging Face's benchmark of servers: one file with a warm-up and a run for each rate. */
export const inferenceBenchmarker: Format = {
  name: 'inference-benchmarker',
  tool: 'inference-benchmarker of Hugging Face',
  signature: '`results[]` with `executor_type` and `time_to_first_token_ms.p50`, beside `config` and `system`',
  detect: (content) => isReport(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) if (isReport(object)) readReport(extract, object, at);
  },
  fields: {
    'of a run': { ...TOTALS, ...RATES },
    'over its requests': Object.fromEntries(
      Object.entries(LATENCIES).map(([field, metric]) => [field, { metric, statistic: 'p50, …, p99, avg', unit: 'ms', over: 'requests' }]),
    ),
  },
  labels: {
    'config.model_name': 'model',
    'results[].executor_type': 'strategy',
    'results[].config.rate': 'request_rate',
    'results[].config.max_vus': 'concurrency',
    'config.prompt_options.num_tokens': 'prompt_length',
    'config.decode_options.num_tokens': 'output_length',
    'config.dataset': 'dataset',
    'results[].id': 'test',
    'system.hostname': 'host',
  },
  notes: [
    'The run `warmup` is left out.',
    '`inter_token_latency_ms` is the time behind the first token over the tokens behind it, of each request: time per output token.',
    '`token_throughput_secs` counts tokens of output only. `request_rate` is what was served; what was asked for is the label of that name.',
    'Where no request succeeded nothing but counts and the duration is read, and the run counts as failed. A run that served less than 0.9 of the rate asked for is labelled `saturated`.',
    '`max_vus` bounds how many requests are under way: with a constant rate it is seldom reached.',
  ],
};

function isRun(value: unknown): value is JsonObject {
  return isObject(value) && hasKeys(value, 'id', 'executor_type') && isObject(value.time_to_first_token_ms);
}

function isReport(object: JsonObject | null): object is JsonObject {
  return hasKeys(object, 'config', 'results', 'system') && listAt(object, 'results').some(isRun);
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const config = objectAt(report, 'config');
  const system = objectAt(report, 'system');
  const given = labelsOf(
    {
      tool: ['inference-benchmarker'],
      model: [config.model_name, config.tokenizer],
      prompt_length: [objectAt(config, 'prompt_options').num_tokens],
      output_length: [objectAt(config, 'decode_options').num_tokens],
      dataset: [config.dataset],
      profile: [config.profile],
      host: [system.hostname],
      timestamp: [report.start_time],
    },
    extract,
  );
  addUnknownLabels(given, objectAt(config, 'extra_metadata'), () => false, extract);
  let warmups = 0;
  for (const [index, run] of listAt(report, 'results').entries()) {
    const there = `${at}/results/${index}`;
    if (!isRun(run)) extract.warnings.add('no runs', `${there}: no result of a run: it was not read`);
    else if (run.id === 'warmup') warmups += 1;
    else readRun(extract, run, there, given);
  }
  if (warmups > 0) extract.warnings.add('warm-up', `${at}/results: the warm-up was left out`);
}

function readRun(extract: Extract, run: JsonObject, at: string, given: Record<string, string>): void {
  const config = objectAt(run, 'config');
  const labels = { ...given };
  addLabel(labels, 'test', run.id, extract);
  addLabel(labels, 'strategy', textOf(run.executor_type), extract);
  addLabel(labels, 'request_rate', labelTextOf(config.rate), extract);
  addLabel(labels, 'concurrency', labelTextOf(config.max_vus), extract);
  const completed = plainNumber(run.successful_requests);
  const requests = { completed, failed: plainNumber(run.failed_requests), asked: plainNumber(run.total_requests) };
  const failed = countRun(extract, requests, at, `${at}/successful_requests`);
  const totals = numbersOf(run, TOTALS, at);
  if (failed) {
    addRunNumbers(extract, totals, { name: at, labels, completed, failed });
    return;
  }
  const load = { asked: plainNumber(config.rate), served: plainNumber(run.request_rate), limit: plainNumber(config.max_vus) };
  labelSaturation(extract, labels, load, at);
  addRunNumbers(extract, [...totals, ...numbersOf(run, RATES, at), ...latenciesOf(run, at)], { name: at, labels, completed, failed });
}

function latenciesOf(run: JsonObject, at: string): RunNumber[] {
  return Object.entries(LATENCIES).flatMap(([field, metric]) => {
    const statistics = objectAt(run, field);
    return Object.keys(statistics).flatMap((key): RunNumber[] => {
      const statistic = key === 'avg' ? 'mean' : key.length > 8 ? null : servingStatistic(key);
      if (statistic === null) return [];
      const meaning: FieldMeaning = { metric, statistic, unit: 'ms', over: 'requests' };
      return [{ value: statistics[key], meaning, pointer: `${at}/${field}/${key}` }];
    });
  });
}
