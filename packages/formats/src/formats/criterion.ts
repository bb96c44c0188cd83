import type { Content } from '../content.ts';
import { firstObject, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, listAt, objectAt, textOf } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { CONSOLE, isCriterionText, readCriterionText } from './criterion-console.ts';
import { isCriterionRaw, readCriterionRaw, readCriterionValues, SAMPLES } from './criterion-samples.ts';
import type { Format } from './format.ts';
import { isBare, isPrinted } from './printed-text.ts';
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

/** Criterion.rs: `estimates.json`, `raw.csv`, and what it prints. */
export const criterion: Format = {
  name: 'criterion',
  tool: 'Criterion.rs, `cargo bench`',
  signature:
    'an object with `mean.point_estimate` and `median.confidence_interval`; CSV that begins with `group,function,value` and has `iteration_count`; also `sample.json` and `benchmark.json`; JSON lines with `reason`: `benchmark-complete`; text with lines `name  time: [1.2 ns 1.3 ns 1.4 ns]` or `test name ... bench: 123 ns/iter (+/- 4)`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isCriterionText(content.text) && isBare(content.text);
    if (content.shape === 'table') return content.tables.some(({ columns }) => isCriterionRaw(columns));
    return passedOver(content) !== null || beginsWithReport(content, isEstimates) || beginsWithReport(content, isMessage);
  },
  read(content, extract) {
    if (content.shape === 'text') readCriterionText(extract, content.text);
    if (content.shape === 'table') for (const table of content.tables) if (isCriterionRaw(table.columns)) readCriterionRaw(extract, table);
    const why = passedOver(content);
    if (why !== null) {
      extract.warnings.add('no results', why);
      return;
    }
    const known = (object: JsonObject): boolean => isEstimates(object) || isMessage(object);
    for (const { at, object } of reportsIn(content, known, extract))
      if (isEstimates(object)) readEstimates(extract, object, at);
      else if (object.reason === 'benchmark-complete') readMessage(extract, object, at);
  },
  fields: {
    'estimates.json': ESTIMATES,
    'change/estimates.json': CHANGES,
    'of `cargo criterion --message-format=json`': MESSAGE,
    'of each sample, in `raw.csv` and of `cargo criterion`': SAMPLES,
    'on the console': CONSOLE,
  },
  labels: { id: 'test' },
  notes: [
    '`estimates.json` is in nanoseconds and names no benchmark: its folder does. Early versions wrote `Mean` for `mean`. Estimates without a deviation are those of `change/`: ratios against the run before.',
    'Samples are derived: the time of a sample over its iterations. Their pointer names both. Of `sample.json` nothing is read, because it says neither the unit nor the benchmark, and of `benchmark.json` neither, because it holds no results; throughputs beside samples are not read.',
    'On the console the middle of the three numbers is the estimate (a slope or a mean, it does not say which), the others are the bounds of its interval, each with a unit of its own. Changes in percent are not read.',
    'Throughputs on the console are kept under their own name.',
    'Lines `… bench: … ns/iter` are those of `--output-format bencher` and of Rust’s own harness: there the estimate may be a median.',
  ],
};

/** Why nothing is read of a file that Criterion keeps beside its estimates; null where it is none of them. */
function passedOver(content: Content): string | null {
  const value = content.shape === 'json' ? firstObject(content) : null;
  if (value === null) return null;
  if (hasKeys(value, 'sampling_mode', 'iters', 'times') && Object.keys(value).length === 3)
    return 'it has samples of Criterion.rs, each of several iterations, without their unit and their benchmark: nothing was read (`raw.csv` has both, `estimates.json` what was computed of them)';
  if (hasKeys(value, 'group_id', 'function_id', 'full_id', 'directory_name', 'title'))
    return 'it describes a benchmark of Criterion.rs, which keeps results in other files: nothing was read';
  return null;
}

function isEstimates(value: JsonObject): boolean {
  return [asWritten, asEarly].some((named) =>
    ['mean', 'median'].every((key) => hasKeys(objectAt(value, named(key)), 'confidence_interval', 'point_estimate', 'standard_error')),
  );
}

const asWritten = (name: string): string => name;
/** Early versions: `StdDev` for `std_dev`. */
const asEarly = (name: string): string => name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

function readEstimates(extract: Extract, estimates: JsonObject, at: string): void {
  extract.records += 1;
  const labels = { tool: 'criterion' };
  const named = hasKeys(estimates, 'mean') ? asWritten : asEarly;
  for (const [name, meaning] of Object.entries(hasKeys(estimates, named('std_dev')) ? ESTIMATES : CHANGES)) {
    const pointer = `${at}/${named(name)}/point_estimate`;
    addNumber(extract, objectAt(estimates, named(name)).point_estimate, meaning, { labels, pointer }, `/${name}/point_estimate`);
  }
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
  readCriterionValues(extract, message, { at, labels });
}
