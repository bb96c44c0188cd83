import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, objectAt } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
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

/** Criterion.rs: `estimates.json`, and what it prints. */
export const criterion: Format = {
  name: 'criterion',
  tool: 'Criterion.rs, `cargo bench`',
  signature:
    'an object with `mean.point_estimate` and `median.confidence_interval`; text with lines `name  time: [1.2 ns 1.3 ns 1.4 ns]` or `test name ... bench: 123 ns/iter (+/- 4)`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isCriterionText(content.text);
    return beginsWithReport(content, isEstimates);
  },
  read(content, extract) {
    if (content.shape === 'text') readCriterionText(extract, content.text);
    for (const { at, object } of reportsIn(content, isEstimates, extract)) readEstimates(extract, object, at);
  },
  fields: { 'estimates.json': ESTIMATES, 'change/estimates.json': CHANGES, 'on the console': CONSOLE },
  labels: {},
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
