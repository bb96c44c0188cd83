import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable, labelTextOf, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { numberText, scoreMeaning } from './scores.ts';

const FIELDS: FieldTable = {
  'acc, acc_norm, em, extractive_match, …': { metric: 'accuracy', statistic: 'mean', unit: 'ratio', over: 'requests' },
  'acc_stderr, …': { metric: 'accuracy', statistic: 'stderr', unit: 'ratio', over: 'requests' },
  'f1, bleu, ppl, …': { metric: 'own', statistic: 'value', unit: null, note: 'under its own name; not judged' },
  total_evaluation_time_secondes: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs', note: 'written as a text' },
};

/** Hugging Face's lighteval: `results_*.json`, a name that lm-eval uses too. */
export const lighteval: Format = {
  name: 'lighteval',
  tool: 'lighteval of Hugging Face',
  signature: '`config_general.lighteval_sha` and `results`',
  detect: (content) => isResults(firstObject(content)),
  read(content, extract) {
    for (const { at, object } of objectsOf(content)) if (isResults(object)) readResults(extract, object, at);
  },
  fields: { 'of a task': FIELDS },
  labels: {
    'config_general.model_name': 'model',
    'config_general.lighteval_sha': 'tool_version',
    'config_general.model_dtype': 'dtype',
    'config_general.max_samples': 'limit',
    task: 'test',
    'config_tasks.<task>.num_fewshots': 'num_fewshot',
    metric: 'score',
  },
  notes: [
    'A task (`suite|task|shots`) is the label `test`, the name of a metric the label `score`.',
    '`all` is the average of all tasks: it has the label `aggregate`, as have the averages of suites.',
    'n is the number of questions where the configuration of the task says it. Where fewer were asked than there are (`max_samples`) the label `limit` says so, and a warning.',
    'Details of questions lie in other files.',
  ],
};

function isResults(object: JsonObject | null): object is JsonObject {
  return (
    hasKeys(object, 'config_general', 'results') && hasKeys(objectAt(object, 'config_general'), 'lighteval_sha') && isObject(object.results)
  );
}

function readResults(extract: Extract, file: JsonObject, at: string): void {
  const general = objectAt(file, 'config_general');
  const model = objectAt(general, 'model_config');
  const given = labelsOf(
    {
      tool: ['lighteval'],
      tool_version: [general.lighteval_sha === '?' ? undefined : general.lighteval_sha],
      model: [general.model_name, model.model_name],
      dtype: [general.model_dtype, model.dtype],
      model_size: [general.model_size],
      temperature: [objectAt(model, 'generation_parameters').temperature],
      limit: [general.max_samples],
    },
    extract,
  );
  if (given.limit !== undefined) {
    const sentence = `${at}/config_general/max_samples: at most ${given.limit} questions of a task were asked: a limited run compares with nothing else`;
    extract.warnings.add('limited runs', sentence, 1);
  }
  const results = objectAt(file, 'results');
  for (const task of Object.keys(results)) {
    const scores = results[task];
    if (isObject(scores)) readTask(extract, task, scores, { at: `${at}/results${segment(task)}`, given, config: configOf(file, task) });
  }
  const seconds = numberText(general.total_evaluation_time_secondes);
  const time = seconds === null ? general.total_evaluation_time_secondes : new LiteralNumber(seconds);
  const pointer = `${at}/config_general/total_evaluation_time_secondes`;
  addNumber(extract, time, { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' }, { labels: given, pointer });
}

/** The configuration of a task; older versions leave the number of examples out of its name. */
function configOf(file: JsonObject, task: string): JsonObject {
  const configs = objectAt(file, 'config_tasks');
  const end = task.lastIndexOf('|');
  return Object.hasOwn(configs, task) || end < 0 ? objectAt(configs, task) : objectAt(configs, task.slice(0, end));
}

type TaskPlace = { at: string; given: Readonly<Record<string, string>>; config: JsonObject };

function readTask(extract: Extract, task: string, scores: JsonObject, { at, given, config }: TaskPlace): void {
  const labels: Record<string, string> = { ...given };
  addLabel(labels, 'test', task, extract);
  // `leaderboard|mmlu:_average|5` is over the tasks of a suite.
  if (task === 'all' || /:_average(?:\||$)/.test(task)) labels.aggregate = 'yes';
  const shots = labelTextOf(config.num_fewshots) ?? /\|(\d{1,3})(?:\|[01])?$/.exec(task)?.[1] ?? null;
  if (shots !== null) addLabel(labels, 'num_fewshot', shots, extract);
  const asked = plainNumber(config.effective_num_docs);
  const n = asked !== null && asked > 0 ? asked : null;
  extract.records += 1;
  for (const key of Object.keys(scores)) {
    if (textOf(scores[key]) !== null || key.length > 128) continue;
    const error = key.endsWith('_stderr');
    const name = error ? key.slice(0, -'_stderr'.length) : key;
    const meaning = scoreMeaning(name, error ? 'stderr' : 'mean');
    const own: Record<string, string> = { ...labels };
    addLabel(own, 'score', name, extract);
    const place = { labels: own, n: meaning.metric === 'own' && !error ? null : n, pointer: at + segment(key) };
    addNumber(extract, scores[key], meaning, place, name);
  }
}
