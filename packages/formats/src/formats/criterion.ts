import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, listAt, objectAt, textOf } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { CONSOLE, isCriterionText, readCriterionText } from './criterion-console.ts';
import type { Format } from './format.ts';
import { isPrinted } from './printed-text.ts';
import { beginsWithReport, reportsIn } from './tool-reports.ts';

const time = (statistic: string, metric: FieldMeaning['metric'] = 'execution_time'): FieldMeaning => ({
  metric,
  statistic,
  unit: 'ns',
  over: 'repetitions',
});

/** Each is an object with the estimate under `point_estimate`. */
const ESTIMATES: FieldTable = {
  mean: time('mean'),
  median: time('median'),
  std_dev: time('stddev'),
  median_abs_dev: time('value', 'own'),
  slope: { ...time('value', 'own'), note: 'time of an iteration by linear regression; what the console shows where it is there' },
};
const CHANGES: FieldTable = {
  mean: { metric: 'own', statistic: 'value', unit: 'ratio', note: 'against the run before: 0.05 is 5 % more time' },
  median: { metric: 'own', statistic: 'value', unit: 'ratio', note: 'against the run before' },
};

/** What `cargo criterion` says of each benchmark: objects with an estimate and its bounds. */
const MESSAGE: FieldTable = {
  'typical.estimate': {
    metric: 'own',
    statistic: 'value',
    unit: 'as its `unit` says',
    over: 'repetitions',
    note: 'what it shows: a slope or a mean',
  },
  'mean.estimate': { metric: 'execution_time', statistic: 'mean', unit: 'as its `unit` says', over: 'repetitions' },
  'median.estimate': { metric: 'execution_time', statistic: 'median', unit: 'as its `unit` says', over: 'repetitions' },
};

/** Criterion.rs: `estimates.json`, and what it prints. */
export const criterion: Format = {
  name: 'criterion',
  tool: 'Criterion.rs, `cargo bench`',
  signature:
    'an object with `mean.point_estimate` and `median.confidence_interval`; JSON lines with `reason`: `benchmark-complete`; text with lines `name  time: [1.2 ns 1.3 ns 1.4 ns]` or `test name ... bench: 123 ns/iter (+/- 4)`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isCriterionText(content.text);
    return beginsWithReport(content, isEstimates) || beginsWithReport(content, isMessage);
  },
  read(content, extract) {
    if (content.shape === 'text') readCriterionText(extract, content.text);
    const known = (object: JsonObject): boolean => isEstimates(object) || isMessage(object);
    for (const { at, object } of reportsIn(content, known, extract))
      if (isEstimates(object)) readEstimates(extract, object, at);
      else if (object.reason === 'benchmark-complete') readMessage(extract, object, at);
  },
  fields: {
    'estimates.json': ESTIMATES,
    'change/estimates.json': CHANGES,
    'of `cargo criterion --message-format=json`': MESSAGE,
    'on the console': CONSOLE,
  },
  labels: { id: 'test' },
  notes: [
    '`estimates.json` is in nanoseconds and names no benchmark: its folder does. Estimates without a deviation are those of `change/`: ratios against the run before.',
    'On the console the middle of the three numbers is the estimate (a slope or a mean, it does not say which), the others are the bounds of its interval, each with a unit of its own. Changes in percent are not read.',
    'Throughputs on the console are kept under their own name.',
    'Lines `… bench: … ns/iter` are those of `--output-format bencher` and of Rust’s own harness: there the estimate may be a median.',
  ],
};

function isEstimates(value: JsonObject): boolean {
  return ['mean', 'median'].every((key) => hasKeys(objectAt(value, key), 'confidence_interval', 'point_estimate', 'standard_error'));
}

function readEstimates(extract: Extract, estimates: JsonObject, at: string): void {
  extract.records += 1;
  const labels = { tool: 'criterion' };
  for (const [name, meaning] of Object.entries(hasKeys(estimates, 'std_dev') ? ESTIMATES : CHANGES))
    addNumber(extract, objectAt(estimates, name).point_estimate, meaning, { labels, pointer: `${at}/${name}/point_estimate` });
}

/** A line of `cargo criterion --message-format=json`; those of a group say nothing of their own. */
function isMessage(value: JsonObject): boolean {
  if (value.reason === 'group-complete') return hasKeys(value, 'group_name', 'benchmarks');
  return value.reason === 'benchmark-complete' && hasKeys(value, 'id', 'iteration_count', 'measured_values');
}

function readMessage(extract: Extract, message: JsonObject, at: string): void {
  const labels: Record<string, string> = { tool: 'criterion' };
  addLabel(labels, 'test', message.id, extract);
  const n = listAt(message, 'measured_values').length;
  extract.records += 1;
  for (const [field, meaning] of Object.entries(MESSAGE)) {
    const [name = ''] = field.split('.');
    const estimate = objectAt(message, name);
    const unit = unitOfSymbol(textOf(estimate.unit) ?? '');
    addNumber(extract, estimate.estimate, { ...meaning, unit }, { labels, n: n > 0 ? n : null, pointer: `${at}/${name}/estimate` });
  }
}
