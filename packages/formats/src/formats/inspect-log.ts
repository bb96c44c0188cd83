import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { isAccuracy, scoreMeaning } from './scores.ts';

const FIELDS: FieldTable = {
  'accuracy, …': { metric: 'accuracy', statistic: 'mean', unit: 'ratio', over: 'requests' },
  'stderr, bootstrap_stderr': { metric: 'accuracy', statistic: 'stderr', unit: 'ratio', over: 'requests', note: 'beside an accuracy' },
  'mean, std, …': { metric: 'own', statistic: 'value', unit: null, note: 'of scores of another kind, under its own name' },
};
const USAGE: FieldTable = {
  input_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  output_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
  total_tokens: { metric: 'own', statistic: 'value', unit: 'tokens' },
};

/** A log of Inspect, the evaluation framework of the AI Security Institute, as JSON. */
export const inspectLog: Format = {
  name: 'inspect',
  tool: 'Inspect (`inspect eval`, log format `json`)',
  signature: 'an object with `eval.task`, `eval.model`, `status` and `results.scores` (or a status that is no success)',
  detect: (content) => isLog(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) if (isLog(object)) readLog(extract, object, at);
  },
  fields: { 'of a scorer': FIELDS, 'of each model': USAGE },
  labels: {
    'eval.task': 'test',
    'eval.model': 'model',
    'eval.dataset.name': 'dataset',
    'eval.packages.inspect_ai': 'tool_version',
    'eval.created': 'timestamp',
  },
  notes: [
    'The scorer is the label `score`. n is the number of questions that were scored.',
    'A log whose status is not `success` failed: its scores are kept as failed.',
    'Where fewer questions were asked than the data set has (`limit`) the label `limit` says so, and a warning. Samples and events are not read.',
    'Logs in the binary format (`.eval`) are archives and are not read: `inspect log dump` makes JSON of them.',
  ],
};

function isLog(object: JsonObject | null): object is JsonObject {
  if (!hasKeys(object, 'version', 'status', 'eval') || textOf(object.status) === null) return false;
  if (!hasKeys(objectAt(object, 'eval'), 'task', 'model')) return false;
  return Array.isArray(objectAt(object, 'results').scores) || (object.status !== 'success' && hasKeys(object, 'plan'));
}

function readLog(extract: Extract, log: JsonObject, at: string): void {
  const labels = logLabels(log, extract);
  extract.records += 1;
  const failed = log.status !== 'success';
  if (failed) extract.fail({ pointer: `${at}/status`, reason: failureOf(log) });
  const results = objectAt(log, 'results');
  warnAboutSamples(extract, results, labels, at);
  for (const [index, score] of listAt(results, 'scores').entries())
    if (isObject(score)) readScore(extract, score, { at: `${at}/results/scores/${index}`, labels, failed });
  const usage = objectAt(objectAt(log, 'stats'), 'model_usage');
  for (const model of Object.keys(usage)) {
    const counts = objectAt(usage, model);
    const own: Record<string, string> = { ...labels };
    addLabel(own, 'model', model, extract);
    for (const [key, meaning] of Object.entries(USAGE))
      addNumber(
        extract,
        counts[key],
        meaning,
        { labels: own, failed, pointer: `${at}/stats/model_usage${segment(model)}/${key}` },
        `/stats/model_usage/*/${key}`,
      );
  }
}

function failureOf(log: JsonObject): string {
  const message = textOf(objectAt(log, 'error').message);
  const status = `status is ${excerpt(textOf(log.status) ?? '', 40)}`;
  return message === null || message.trim() === '' ? status : `${status}: ${excerpt(message, 120)}`;
}

function logLabels(log: JsonObject, extract: Extract): Record<string, string> {
  const about = objectAt(log, 'eval');
  const config = objectAt(about, 'config');
  const dataset = objectAt(about, 'dataset');
  const asked = plainNumber(config.limit);
  const all = plainNumber(dataset.samples);
  return labelsOf(
    {
      tool: ['inspect'],
      tool_version: [objectAt(about, 'packages').inspect_ai],
      model: [about.model],
      test: [about.task],
      task_version: [about.task_version],
      dataset: [dataset.name],
      temperature: [objectAt(about, 'model_generate_config').temperature, objectAt(objectAt(log, 'plan'), 'config').temperature],
      epochs: [config.epochs],
      limit: [asked !== null && all !== null && asked >= all ? undefined : config.limit],
      timestamp: [about.created],
    },
    extract,
  );
}

function warnAboutSamples(extract: Extract, results: JsonObject, labels: Readonly<Record<string, string>>, at: string): void {
  if (labels.limit !== undefined)
    extract.warnings.add(
      'limited runs',
      `${at}/eval/config/limit: at most ${labels.limit} questions were asked: a limited run compares with nothing else`,
      1,
    );
  const [all, completed] = [plainNumber(results.total_samples), plainNumber(results.completed_samples)];
  if (all !== null && completed !== null && completed < all)
    extract.warnings.add(
      'unfinished questions',
      `${at}/results: ${completed} of ${all} questions were completed; the scores are over those`,
    );
}

/** Names of errors: of the accuracy that stands beside them. */
const ERRORS = new Set(['stderr', 'bootstrap_stderr']);

type ScorePlace = { at: string; labels: Readonly<Record<string, string>>; failed: boolean };

function readScore(extract: Extract, score: JsonObject, { at, labels, failed }: ScorePlace): void {
  const own: Record<string, string> = { ...labels };
  addLabel(own, 'score', score.name, extract);
  addLabel(own, 'reducer', score.reducer, extract);
  const n = plainNumber(score.scored_samples);
  const metrics = objectAt(score, 'metrics');
  const accuracy = Object.keys(metrics).filter(isAccuracy);
  const errors = Object.keys(metrics).filter((name) => ERRORS.has(name));
  for (const key of Object.keys(metrics)) {
    const metric = metrics[key];
    if (!isObject(metric) || key.length > 64) continue;
    // Which of two a standard error is of nobody could tell.
    const ofAccuracy = accuracy.length === 1 && errors.length === 1 && ERRORS.has(key);
    const meaning = scoreMeaning(ofAccuracy ? (accuracy[0] ?? key) : key, ERRORS.has(key) ? 'stderr' : 'mean');
    const place = { labels: own, n: meaning.metric === 'own' ? null : n, failed, pointer: `${at}/metrics${segment(key)}/value` };
    addNumber(extract, metric.value, meaning, place, key);
  }
}
