import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { isAccuracy } from './scores.ts';

/** Statistics that are no scores, with the unit that HELM gives them. */
const UNITS: Readonly<Record<string, string>> = {
  inference_runtime: 's',
  num_prompt_tokens: 'tokens',
  num_completion_tokens: 'tokens',
  num_output_tokens: 'tokens',
  num_bytes: 'bytes',
};

const FIELDS: FieldTable = {
  'exact_match, quasi_exact_match, …': { metric: 'accuracy', statistic: 'mean', unit: 'ratio', over: 'runs', note: 'over trials' },
  inference_runtime: { metric: 'own', statistic: 'mean', unit: 's', over: 'runs' },
  'f1_score, bits_per_byte, num_prompt_tokens, …': {
    metric: 'own',
    statistic: 'mean',
    unit: null,
    over: 'runs',
    note: 'under its own name',
  },
};

/** Stanford's HELM: `stats.json` of a run. */
export const helm: Format = {
  name: 'helm',
  tool: 'HELM (`helm-run`, `stats.json`)',
  signature: 'a list of objects with `name.name`, `count`, `sum` and `sum_squared`, or with `instance_id` and a list of these as `stats`',
  detect(content) {
    const first = firstObject(content);
    return isStatistic(first) || isInstance(first);
  },
  read(content, extract) {
    let instances = 0;
    for (const { at, object } of objectsOf(content)) {
      if (isInstance(object)) instances += 1;
      else if (isStatistic(object)) readStatistic(extract, object, at);
      else extract.warnings.add('other objects', `${at.trim() || '/'}: no statistic of HELM: it was not read`);
    }
    extract.records += instances;
    if (instances > 0)
      extract.warnings.add(
        'questions',
        `the file holds the statistics of ${instances} single questions and no result of all: nothing was read from it`,
      );
  },
  fields: { 'of a statistic': FIELDS },
  labels: { 'name.name': 'score', 'name.split': 'split' },
  notes: [
    'Each statistic is a mean over trials, and n their number, mostly 1. How many questions a trial asked is `num_instances`.',
    'Split and perturbation are labels: `exact_match` under a perturbation is another series. The name of a score is the label `score`.',
    'A statistic of no trial (`count` 0) was not measured. Sums, variances, and the spread of a single trial are not read.',
    '`per_instance_stats.json` holds the same of each question by itself: nothing is read from it.',
    'Model and scenario stand in `run_spec.json` and in the name of the folder, and not in this file.',
  ],
};

function isStatistic(object: JsonObject | null): object is JsonObject {
  if (!hasKeys(object, 'name', 'count', 'sum', 'sum_squared')) return false;
  return textOf(objectAt(object, 'name').name) !== null && plainNumber(object.count) !== null;
}

/** The statistics of one question, of `per_instance_stats.json`. */
function isInstance(object: JsonObject | null): boolean {
  if (!hasKeys(object, 'instance_id', 'stats')) return false;
  const [first] = listAt(object, 'stats');
  return isObject(first) && isStatistic(first);
}

function readStatistic(extract: Extract, object: JsonObject, at: string): void {
  const name = objectAt(object, 'name');
  const score = textOf(name.name) ?? '';
  const n = plainNumber(object.count) ?? 0;
  extract.records += 1;
  if (n <= 0) return;
  const labels: Record<string, string> = { tool: 'helm' };
  addLabel(labels, 'split', name.split, extract);
  addLabel(labels, 'sub_split', name.sub_split, extract);
  const perturbation = objectAt(name, 'perturbation');
  addLabel(labels, 'perturbation', perturbation.name, extract);
  addLabel(labels, 'computed_on', perturbation.computed_on, extract);
  const accuracy = isAccuracy(score);
  if (accuracy) labels.score = score;
  const of = (statistic: string): FieldMeaning =>
    accuracy
      ? { metric: 'accuracy', statistic, unit: 'ratio', over: 'runs' }
      : { metric: 'own', statistic, unit: Object.hasOwn(UNITS, score) ? (UNITS[score] ?? null) : null, over: 'runs' };
  addNumber(extract, object.mean, of('mean'), { labels, n, pointer: `${at}/mean` }, score.slice(0, 200));
  if (n > 1)
    for (const [key, statistic] of [
      ['stddev', 'stddev'],
      ['min', 'min'],
      ['max', 'max'],
    ] as const)
      addNumber(extract, object[key], of(statistic), { labels, n, pointer: `${at}/${key}` }, score.slice(0, 200));
}
