import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, labelTextOf, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { type LabelCandidates, labelsOf } from './label-candidates.ts';

/**
 * What was set for one rate point, as labels; where it stands changed with the versions.
 * @param report the document: `metadata`, and `config` (v2) or `args` (0.4 and later)
 * @param benchmark the rate point: `config` (0.4 and later), `scheduler` and `benchmarker` (before), or `args` and `worker` (v1)
 */
export function guidellmLabels(report: JsonObject, benchmark: JsonObject, extract: Extract): Record<string, string> {
  const config = objectAt(benchmark, 'config');
  const strategy = strategyOf(benchmark);
  const backends = backendsOf(report, benchmark);
  const worker = objectAt(benchmark, 'worker');
  const args = objectAt(report, 'args');
  const kind = labelTextOf(strategy.type_ ?? strategy.kind ?? strategy.type);
  const candidates: LabelCandidates = {
    tool: ['guidellm'],
    tool_version: [objectAt(report, 'metadata').guidellm_version],
    timestamp: [benchmark.start_time],
    model: [...backends.map(({ model }) => model), worker.backend_model, args.model],
    backend: [...backends.flatMap(({ kind, type, type_: old }) => [kind, type, old]), worker.backend_type, args.backend],
    strategy: [kind],
    request_rate: [isOpenLoop(kind) ? strategy.rate : undefined],
    concurrency: [strategy.streams, kind === 'synchronous' ? 1 : undefined, strategy.max_concurrency],
  };
  const labels = labelsOf(candidates, extract);
  setData(labels, [...listAt(objectAt(objectAt(report, 'config'), 'spec'), 'data'), ...dataOf(report, benchmark, config)], extract);
  return labels;
}

/** The strategy of a rate point. */
export function strategyOf(benchmark: JsonObject): JsonObject {
  const found = ['config', 'args', 'scheduler'].map((key) => objectAt(objectAt(benchmark, key), 'strategy'));
  return found.find((strategy) => Object.keys(strategy).length > 0) ?? {};
}

/** Whether requests come at a rate, however fast the answers are. */
export function isOpenLoop(strategy: string | null): boolean {
  return strategy === 'constant' || strategy === 'poisson' || strategy === 'async';
}

function backendsOf(report: JsonObject, benchmark: JsonObject): JsonObject[] {
  const args = objectAt(report, 'args');
  return [
    objectAt(objectAt(benchmark, 'config'), 'backend'),
    objectAt(objectAt(benchmark, 'benchmarker'), 'backend'),
    objectAt(objectAt(objectAt(report, 'config'), 'spec'), 'backend'),
    objectAt(args, 'backend_kwargs'),
    objectAt(args, 'backend'),
  ];
}

function dataOf(report: JsonObject, benchmark: JsonObject, config: JsonObject): unknown[] {
  const old = objectAt(benchmark, 'request_loader').data;
  return [
    objectAt(report, 'args').data,
    objectAt(config, 'requests').data,
    objectAt(objectAt(benchmark, 'benchmarker'), 'requests').data,
    old,
  ].flatMap((data) => (Array.isArray(data) ? data : [data]));
}

/** `{prompt_tokens: 512}`, `prompt_tokens=512,output_tokens=256`, the same as JSON in a text; or the name of a data set. */
function setData(labels: Record<string, string>, data: readonly unknown[], extract: Extract): void {
  for (const one of data) {
    if (isObject(one)) {
      setLength(labels, 'prompt_length', one.prompt_tokens);
      setLength(labels, 'output_length', one.output_tokens);
      if (labels.dataset === undefined) addLabel(labels, 'dataset', one.path ?? one.source ?? one.kind, extract);
    } else {
      const text = excerpt(textOf(one) ?? '', 1_000);
      const prompt = /(?<![a-z_])prompt_tokens["']?\s?[=:]\s?(\d{1,9})/.exec(text)?.[1];
      const output = /(?<![a-z_])output_tokens["']?\s?[=:]\s?(\d{1,9})/.exec(text)?.[1];
      if (prompt !== undefined) labels.prompt_length ??= prompt;
      if (output !== undefined) labels.output_length ??= output;
      if (prompt === undefined && output === undefined && labels.dataset === undefined) addLabel(labels, 'dataset', text, extract);
    }
  }
}

function setLength(labels: Record<string, string>, name: string, value: unknown): void {
  const number = plainNumber(value);
  if (number !== null) labels[name] ??= String(number);
}
