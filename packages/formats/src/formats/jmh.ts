import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, listAt, numberOf, objectAt, plainNumber, type RecordPlace, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { isJmhCsv, readJmhCsv } from './jmh-csv.ts';
import { addParameter, EXAMPLES, jmhMeaning, jvmArguments, warnAboutUnit } from './jmh-modes.ts';
import { isJmhText, readJmhText } from './jmh-text.ts';
import { percentileOfRow } from './jmh-text-table.ts';
import { labelsOf } from './label-candidates.ts';
import { isPrinted } from './printed-text.ts';
import { beginsWithEntry, countOf, entriesIn } from './tool-reports.ts';

/** JMH, the Java Microbenchmark Harness: what it prints, and `-rf json`, `csv` and `text`. */
export const jmh: Format = {
  name: 'jmh',
  tool: 'JMH',
  signature:
    'JSON: a list of objects with `jmhVersion`, `benchmark`, `mode` and `primaryMetric`; CSV: `"Benchmark","Mode","Threads","Samples","Score",…`; text: a header `Benchmark  (size)  Mode  Cnt  Score  Error  Units`, or lines `# Benchmark mode: …` and `# Benchmark: …`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isJmhText(content.text);
    if (content.shape === 'table') return content.tables.some(({ columns }) => isJmhCsv(columns));
    return beginsWithEntry(content, isResult);
  },
  read(content, extract) {
    if (content.shape === 'text') readJmhText(extract, content.text);
    if (content.shape === 'table') for (const table of content.tables) if (isJmhCsv(table.columns)) readJmhCsv(extract, table);
    if (content.shape === 'json' || content.shape === 'jsonl')
      for (const { at, object } of entriesIn(content, isResult, extract)) readResult(extract, object, at);
  },
  fields: { 'the score, by its unit': EXAMPLES },
  labels: { benchmark: 'test', mode: 'mode', threads: 'threads', jmhVersion: 'tool_version', jdkVersion: 'jdk_version' },
  notes: [
    'The mode and the unit say together what a score is: operations a time in mode `thrpt`, time an operation in the others. Where they contradict each other, or the unit is a user’s own, the score is kept under its own name and not judged.',
    'Raw data are one value an iteration, of all forks: iterations of one fork are of one process. Percentiles over so few iterations are not read, other than their least, middle and greatest; in mode `sample` they are of single calls and are read.',
    '`scoreError`, half of a confidence interval of 99.9 %, is kept under its own name; it may be NaN, which is none.',
    'A log says of each run what its result is, and each of its iterations that is no warm-up; the table below it is read where the log does not say it. The names in a table are shortened by JMH: where a log stands above it they are those of the log. Of one or two single shots (mode `ss`) a log prints no result but the table.',
    'JMH prints numbers as the machine’s language has them, and never groups thousands: in its text a comma is the sign of the fraction. A score that is printed as a power of ten (`≈ 10⁻⁴`) is not read.',
    'A run without a result is a failed record, where the log goes on behind it or says that it failed; iterations are read where there is a result.',
    'Secondary metrics (profilers) are kept under their own names. Parameters are labels under their own names.',
  ],
};

function isResult(object: JsonObject): boolean {
  return (
    hasKeys(object, 'benchmark', 'mode', 'primaryMetric') && (hasKeys(object, 'jmhVersion') || hasKeys(object, 'measurementIterations'))
  );
}

function readResult(extract: Extract, result: JsonObject, at: string): void {
  const mode = textOf(result.mode) ?? '';
  const labels: Record<string, string> = {
    tool: 'jmh',
    ...labelsOf(
      {
        test: [result.benchmark],
        mode: [mode],
        threads: [result.threads],
        tool_version: [result.jmhVersion],
        jdk_version: [result.jdkVersion],
        vm: [result.vmName],
        batch: plainNumber(result.measurementBatchSize) === 1 ? [] : [result.measurementBatchSize],
      },
      extract,
    ),
  };
  for (const [key, value] of Object.entries(objectAt(result, 'params'))) addParameter(labels, key, value);
  if (listAt(result, 'jvmArgs').length > 0)
    addLabel(
      labels,
      'jvm_args',
      jvmArguments(
        listAt(result, 'jvmArgs')
          .filter((one) => typeof one === 'string')
          .join(' '),
      ),
    );
  const primary = objectAt(result, 'primaryMetric');
  extract.records += 1;
  const failed = numberOf(primary.score) === null;
  if (failed) extract.fail({ pointer: `${at}/primaryMetric/score`, reason: 'the benchmark has no score' });
  readMetric(extract, primary, { at: `${at}/primaryMetric`, labels, failed }, { mode, own: null });
  for (const [name, metric] of Object.entries(objectAt(result, 'secondaryMetrics'))) {
    // In mode `sample` the percentiles of the score stand there once more.
    if (!isObject(metric) || percentileOfRow({ mode, secondary: name }) !== null) continue;
    readMetric(
      extract,
      metric,
      { at: `${at}/secondaryMetrics${segment(name)}`, labels },
      { mode, own: name.replace(/^·/, '').slice(0, 200) },
    );
  }
}

type What = { mode: string /** the name of a secondary metric */; own: string | null };

function readMetric(extract: Extract, metric: JsonObject, { at, ...place }: RecordPlace, { mode, own }: What): void {
  const unit = textOf(metric.scoreUnit) ?? '';
  const meaning = own === null ? jmhMeaning(mode, unit) : { metric: 'own' as const, unit: unit === '' ? null : unit };
  if (own === null && meaning.metric === 'own') warnAboutUnit(extract, mode, unit, at);
  const name = own ?? 'score';
  const over = mode === 'sample' && own === null ? 'samples' : 'repetitions';
  const n = samplesOf(metric);
  const add = (value: unknown, statistic: string, pointer: string): void => {
    if (value === 'NaN') return;
    addNumber(extract, value, { ...meaning, statistic, over }, { ...place, n: statistic === 'value' ? null : n, pointer }, name);
  };
  add(metric.score, 'mean', `${at}/score`);
  for (const [key, value] of Object.entries(objectAt(metric, 'scorePercentiles'))) {
    const statistic = percentileOf(key);
    if (statistic !== null && (over === 'samples' || !statistic.startsWith('p')))
      add(value, statistic, `${at}/scorePercentiles${segment(key)}`);
  }
  if (metric.scoreError !== 'NaN')
    addNumber(
      extract,
      metric.scoreError,
      { metric: 'own', statistic: 'error', unit: meaning.unit, over },
      { ...place, n, pointer: `${at}/scoreError` },
      own === null ? 'scoreError' : `${name} scoreError`,
    );
  for (const [fork, values] of listAt(metric, 'rawData').entries())
    if (Array.isArray(values)) for (const [index, value] of values.entries()) add(value, 'value', `${at}/rawData/${fork}/${index}`);
}

/** How many values are behind a score; null where the file does not hold them. */
function samplesOf(metric: JsonObject): number | null {
  const counted = listAt(metric, 'rawData')
    .flatMap((fork) => (Array.isArray(fork) ? fork : []))
    .filter((one) => numberOf(one) !== null).length;
  const calls = listAt(metric, 'rawDataHistogram').reduce((sum: number, fork) => sum + countedIn(fork, 2), 0);
  return countOf(counted > 0 ? counted : calls > 0 ? calls : null);
}

/** How many calls a histogram holds: pairs of value and count, in lists as deep as that. */
function countedIn(list: unknown, depth: number): number {
  if (!Array.isArray(list)) return 0;
  if (depth === 0) return countOf(list[1]) ?? 0;
  return list.reduce((sum: number, item) => sum + countedIn(item, depth - 1), 0);
}

/** `0.0` is the least, `50.0` the middle. */
function percentileOf(key: string): string | null {
  if (!/^\d{1,3}(?:\.\d{1,6})?$/.test(key)) return null;
  const value = Number(key);
  if (value > 100) return null;
  return value === 0 ? 'min' : value === 50 ? 'median' : value === 100 ? 'max' : `p${value}`;
}
