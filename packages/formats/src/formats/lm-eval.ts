import type { Content } from '../content.ts';
import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable, type Labels, type LabelTable, listAt, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import { limitedTo, lmEvalLabels } from './lm-eval-labels.ts';
import { isLmEvalTable } from './lm-eval-markdown.ts';
import { readOtherTables } from './markdown-page.ts';
import { numberText, scoreMeaning } from './scores.ts';

const FIELDS: FieldTable = {
  'acc, acc_norm, exact_match, …': {
    metric: 'accuracy',
    statistic: 'mean',
    unit: 'ratio',
    over: 'requests',
    note: 'shares of right answers',
  },
  'acc_stderr, …': { metric: 'accuracy', statistic: 'stderr', unit: 'ratio', over: 'requests' },
  'f1, bleu, word_perplexity, …': { metric: 'own', statistic: 'value', unit: null, note: 'under its own name; not judged' },
};
const WHOLE: FieldTable = {
  total_evaluation_time_seconds: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs', note: 'written as a text' },
};

const LABELS: LabelTable = {
  model_name: 'model',
  'config.model_args': 'model',
  'config.model': 'backend',
  'config.batch_size': 'batch',
  lm_eval_version: 'tool_version',
  date: 'timestamp',
  task: 'test',
  'versions.<task>': 'task_version',
  'n-shot.<task>': 'num_fewshot',
  'n-samples.<task>.effective': 'limit',
  metric: 'score',
  filter: 'filter',
};

/** EleutherAI's evaluation harness: results of version 0.4 and of older ones; its logs of questions are known and not read. */
export const lmEval: Format = {
  name: 'lm-eval',
  tool: 'lm-evaluation-harness (`lm_eval`)',
  signature:
    'an object with `results`, `configs`, `versions` and `n-shot` (0.4), or with `results`, `versions` and `config.model_args` (older); JSON lines with `doc_id`, `doc`, `target`, `resps` and `filtered_resps`, or a list with `doc_id`, `prompt_0` and `truth` (older); Markdown: a table with `Tasks` or `Groups`, `Version`, `Metric`, `Value` and `Stderr`',
  detect(content) {
    if (content.shape === 'markdown') return content.tables.some(({ columns }) => isLmEvalTable(columns));
    return isResults(firstObject(content)) || isQuestion(firstObject(content));
  },
  read: readLmEval,
  fields: { 'of a task, and the columns `Value` and `Stderr` by their `Metric`': FIELDS, 'of the whole evaluation': WHOLE },
  labels: LABELS,
  notes: [
    'A task is the label `test`, the name of a metric the label `score`, its filter the label `filter`: `exact_match,strict-match`. Where the file says that less is better a score is no accuracy.',
    'n is the number of questions, and the standard error stands beside the mean. A standard error of `N/A` is none.',
    'Where fewer questions were asked than there are (`--limit`) the label `limit` says so, and a warning: such results compare with nothing else.',
    'Task versions and numbers of examples are labels: results of different ones are different.',
    'Groups of tasks are averages of others in the file: they have the label `aggregate`, and stand once.',
    'Model and limit of the printed table are those of the line above it, `hf (pretrained=…), …, limit: None, …`; it does not say how many questions were asked, and names a task on the first of its rows only. `↓` says that less is better. A row without a number of examples is of a group, which a table of `Groups` repeats: it is read once.',
    'samples_*.jsonl, and *_write_out_info.json of older versions, hold the questions and answers and no result: nothing is read from them.',
  ],
};

function isResults(object: JsonObject | null): object is JsonObject {
  if (!hasKeys(object, 'results', 'versions')) return false;
  const { results, versions } = object;
  if (!isObject(results) || !isObject(versions)) return false;
  const old = hasKeys(objectAt(object, 'config'), 'model_args') && Object.values(results).some(isObject);
  return old || hasKeys(object, 'configs', 'n-shot');
}

function isQuestion(object: JsonObject | null): boolean {
  return hasKeys(object, 'doc_id', 'doc', 'target', 'resps', 'filtered_resps') || hasKeys(object, 'doc_id', 'prompt_0', 'truth');
}

function readLmEval(content: Content, extract: Extract): void {
  if (content.shape === 'markdown') readOtherTables(extract, content.tables);
  let questions = 0;
  for (const { at, object } of objectsOf(content)) {
    if (isQuestion(object)) questions += 1;
    else if (isResults(object)) readResults(extract, object, at);
    else extract.warnings.add('other objects', `${at.trim() || '/'}: no result of lm-eval: it was not read`);
  }
  extract.records += questions;
  if (questions > 0)
    extract.warnings.add('questions', `the file holds ${questions} questions with their answers and no result: nothing was read from it`);
}

function readResults(extract: Extract, file: JsonObject, at: string): void {
  const given = lmEvalLabels(file, extract);
  const results = objectAt(file, 'results');
  const groups = new Set([...Object.keys(objectAt(file, 'groups')), ...groupsIn(objectAt(file, 'group_subtasks'))]);
  for (const task of Object.keys(results)) {
    const scores = results[task];
    if (!isObject(scores)) continue;
    extract.records += 1;
    const labels: Record<string, string> = { ...given };
    addLabel(labels, 'test', task, extract);
    addLabel(labels, 'task_version', objectAt(file, 'versions')[task], extract);
    addLabel(labels, 'num_fewshot', objectAt(file, 'n-shot')[task], extract);
    if (groups.has(task)) labels.aggregate = 'yes';
    const n = questionsOf(extract, file, task, labels) ?? plainNumber(scores.sample_len);
    const higher = objectAt(objectAt(file, 'higher_is_better'), task);
    for (const key of Object.keys(scores)) {
      const pointer = `${at}/results${segment(task)}${segment(key)}`;
      addScore(extract, key, scores[key], { labels, n, pointer, higher, filtered: hasKeys(file, 'n-shot') });
    }
  }
  const seconds = numberText(file.total_evaluation_time_seconds);
  const time = seconds === null ? file.total_evaluation_time_seconds : new LiteralNumber(seconds);
  const pointer = `${at}/total_evaluation_time_seconds`;
  addNumber(extract, time, { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' }, { labels: given, pointer });
}

/** Groups that have tasks below them; a task stands there too, with none. */
function groupsIn(subtasks: JsonObject): string[] {
  return Object.keys(subtasks).filter((name) => listAt(subtasks, name).length > 0);
}

/** How many questions were asked; labels what was limited. */
function questionsOf(extract: Extract, file: JsonObject, task: string, labels: Record<string, string>): number | null {
  const counts = objectAt(objectAt(file, 'n-samples'), task);
  const [original, effective] = [plainNumber(counts.original), plainNumber(counts.effective)];
  if (original !== null && effective !== null && effective < original) {
    labels.limit = String(effective);
    const sentence = `/results${segment(task)}: ${effective} of ${original} questions were asked: a limited run compares with nothing else`;
    extract.warnings.add('limited runs', sentence);
  } else if (labels.limit !== undefined && effective === null) {
    extract.warnings.add(
      'limited runs',
      `/config/limit: ${limitedTo(labels.limit)} were asked: a limited run compares with nothing else`,
      1,
    );
  }
  return effective;
}

type ScorePlace = {
  labels: Labels;
  n: number | null;
  pointer: string;
  /** by metric, whether more is better */
  higher: JsonObject;
  /** version 0.4: every score names its filter, and what names none is no score */
  filtered: boolean;
};

/** `exact_match_stderr,strict-match`: a metric, what of it, and the filter that its answers went through. */
const KEY = /^([^,]{1,64}?)(_stderr)?(?:,([^,]{1,64}))?$/;

function addScore(extract: Extract, key: string, value: unknown, { labels, n, pointer, higher, filtered }: ScorePlace): void {
  const match = key.length > 140 ? null : KEY.exec(key);
  // Texts are no scores: the alias of a task, its name, and standard errors that there are not.
  if (match === null || textOf(value) !== null) return;
  const [, name = '', error, filter] = match;
  if (filtered && filter === undefined) return;
  const own: Record<string, string> = { ...labels };
  addLabel(own, 'score', name, extract);
  if (filter !== 'none') addLabel(own, 'filter', filter, extract);
  const meaning = scoreMeaning(name, error === undefined ? 'mean' : 'stderr', Object.hasOwn(higher, name) ? higher[name] : true);
  addNumber(extract, value, meaning, { labels: own, n: meaning.metric === 'own' && error === undefined ? null : n, pointer }, name);
}
