import { hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type Labels, labelsFrom, listAt, numberOf, objectAt, textOf, unknownLabels } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { isGoogleConsole, readGoogleConsole } from './google-benchmark-console.ts';
import { isGoogleCsv, isGoogleCsvBelow, readGoogleCsv, readGoogleCsvBelow } from './google-benchmark-csv.ts';
import {
  aggregateOf,
  COUNTERS,
  CV,
  GIVEN_KEYS,
  meaningOf,
  NO_COUNTERS,
  ROW_TIMES,
  warnAboutAggregate,
  warnAboutGiven,
} from './google-benchmark-rows.ts';
import { labelsOf } from './label-candidates.ts';
import { isPrinted } from './printed-text.ts';
import { beginsWithReport, countOf, reportsIn } from './tool-reports.ts';

/** Google Benchmark: `--benchmark_format` json, csv and console. */
export const googleBenchmark: Format = {
  name: 'google-benchmark',
  tool: 'Google Benchmark (C++)',
  signature:
    'JSON: `context.num_cpus` and `benchmarks[]` with `real_time` and `time_unit`; CSV: `name,iterations,real_time,cpu_time,time_unit,…`, also below the lines on the machine that `--benchmark_out` writes above it; text: a header `Benchmark  Time  CPU  Iterations` above a line of dashes',
  detect(content) {
    if (content.shape === 'text')
      return content.kind !== 'markdown' && (isGoogleCsvBelow(content.text) || (isPrinted(content.kind) && isGoogleConsole(content.text)));
    if (content.shape === 'table') return content.tables.some(({ columns }) => isGoogleCsv(columns));
    return beginsWithReport(content, isReport);
  },
  read(content, extract) {
    if (content.shape === 'table') for (const table of content.tables) if (isGoogleCsv(table.columns)) readGoogleCsv(extract, table);
    if (content.shape === 'text')
      if (isGoogleCsvBelow(content.text)) readGoogleCsvBelow(extract, content.text);
      else readGoogleConsole(extract, content.text);
    else if (content.shape !== 'table') for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: { 'of a repetition, or of an aggregate over them': { ...ROW_TIMES, ...COUNTERS } },
  labels: { run_name: 'test', threads: 'threads', host_name: 'host', date: 'timestamp' },
  notes: [
    'Times are in the `time_unit` of their row. A row is one repetition: the mean of its iterations.',
    'Rows that are aggregates become statistics (mean, median, stddev, min, max), with as many samples as there were repetitions. The coefficient of variation (`cv`) is a ratio, whatever unit stands beside it.',
    'Rows of complexity (`BigO`, `RMS`), aggregates of a user’s own and those that do not say what they are of are not read.',
    'Where aggregates alone are shown, as CSV or on a terminal, a `_mean` is one where a `_median` or `_stddev` of the same name stands right below it; the last row of a file is not read where that is not known.',
    'Counters of a user are kept under their own names, without a unit. On a terminal they have the letter that is printed behind them as their unit (`k`, `M/s`): current versions mean 1000 by it, and early ones meant 1024. Bytes a second are divided by 1024, whichever letter stands there.',
    'What a terminal shows of times is rounded to three digits. How many repetitions an aggregate has is counted there, or taken from `repeats:` in its name: the column `Iterations` says it in some versions only.',
    'What was given with `--benchmark_context` is a label, in JSON and on a terminal. A row with `error_occurred` or `skipped` is a failed record. Debug builds of the library and processors that change their clock are warnings.',
  ],
};

function isReport(value: JsonObject): boolean {
  if (!hasKeys(objectAt(value, 'context'), 'num_cpus')) return false;
  return listAt(value, 'benchmarks').some((one) => isObject(one) && (isTimed(one) || isBroken(one)));
}

const isTimed = (one: JsonObject): boolean => textOf(one.name) !== null && hasKeys(one, 'real_time', 'time_unit');
const isBroken = (one: JsonObject): boolean => one.error_occurred === true || one.skipped === true;

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const context = objectAt(report, 'context');
  if (textOf(context.library_build_type) === 'debug')
    extract.warnings.add('context', `${at}/context/library_build_type: the library was built as debug: times may be too long`);
  if (context.cpu_scaling_enabled === true)
    extract.warnings.add('context', `${at}/context/cpu_scaling_enabled: the processor changed its clock: times are noisy`);
  const rows = listAt(report, 'benchmarks').map((row) => (isObject(row) ? row : {}));
  const names = new Set(rows.map(({ name }) => textOf(name) ?? ''));
  const given = labelsOfContext(extract, context, at);
  for (const [index, row] of rows.entries()) readRow(extract, row, `${at}/benchmarks/${index}`, { given, names });
}

/** What the library says of the machine and of itself; anything else is `--benchmark_context=key=value`. */
const OF_LIBRARY: ReadonlySet<string> = new Set(
  'date host_name executable num_cpus mhz_per_cpu cpu_scaling_enabled aslr_enabled caches load_avg library_version library_build_type json_schema_version'.split(
    ' ',
  ),
);

function labelsOfContext(extract: Extract, context: JsonObject, at: string): Labels {
  const labels: Record<string, string> = {
    tool: 'google-benchmark',
    ...labelsFrom(context, { host_name: 'host', date: 'timestamp' }, extract),
  };
  const given = Object.entries(context).filter(([key]) => !OF_LIBRARY.has(key));
  if (given.length > GIVEN_KEYS) warnAboutGiven(extract, `${at}/context`);
  unknownLabels(Object.fromEntries(given.slice(0, GIVEN_KEYS)), () => false, labels);
  return labels;
}

/** What was said above the rows, and the names of all of them. */
type Around = { given: Labels; names: ReadonlySet<string> };

function readRow(extract: Extract, row: JsonObject, at: string, { given, names }: Around): void {
  const name = textOf(row.name);
  if (name === null || !(isTimed(row) || isBroken(row))) {
    if (row.aggregate_name !== undefined) warnAboutAggregate(extract, textOf(row.aggregate_name) ?? '', at);
    else extract.warnings.add('others', `${at}: no result of a benchmark that is known: it was not read`);
    return;
  }
  const aggregate = aggregateOf({ name, type: textOf(row.run_type), aggregate: textOf(row.aggregate_name) }, names);
  if (aggregate === 'unknown') {
    warnAboutAggregate(extract, textOf(row.aggregate_name) ?? '', at);
    return;
  }
  const labels: Record<string, string> = {
    ...given,
    ...labelsOf({ test: [row.run_name, aggregate.base], threads: [row.threads], label: [row.label] }, extract),
  };
  const failed = isBroken(row);
  extract.records += 1;
  if (failed) {
    const why = textOf(row.error_message) ?? textOf(row.skip_message) ?? 'it does not say why';
    const what = row.error_occurred === true ? 'the benchmark had an error' : 'the benchmark was skipped';
    extract.fail({ pointer: at, reason: `${what}: ${excerpt(why, 80)} ("${excerpt(name, 60)}")` });
  }
  const unit = textOf(row.time_unit);
  const repetitions = countOf(row.repetitions) ?? 0;
  const n = aggregate.statistic === 'value' || repetitions <= 0 ? null : repetitions;
  for (const [field, value] of Object.entries(row)) {
    if (NO_COUNTERS.has(field) || numberOf(value) === null) continue;
    const meaning: FieldMeaning = meaningOf(field, aggregate.statistic, unit);
    addNumber(
      extract,
      value,
      meaning,
      { labels, pointer: at + segment(field), failed, n },
      meaning.statistic === CV ? `${field} cv` : field,
    );
  }
}
