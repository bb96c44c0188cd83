import { canonicalLabel } from '@chimera/shared/domain';
import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import {
  addLabel,
  addNumber,
  type FieldTable,
  labelTextOf,
  listAt,
  numberOf,
  objectAt,
  type RecordPlace,
  readFields,
  readSamples,
  textOf,
} from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { unitFromName } from '../unit-from-name.ts';
import { executionTimes } from './execution-time.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { isPrinted } from './printed-text.ts';
import { isPytestConsole, readPytestConsole } from './pytest-benchmark-console.ts';
import { isPytestCsv, readPytestCsv } from './pytest-benchmark-csv.ts';
import { beginsWithReport, benchmarksIn, countOf, reportsIn } from './tool-reports.ts';

const time = executionTimes('s');

const STATS: FieldTable = {
  mean: time('mean'),
  stddev: time('stddev'),
  median: time('median'),
  min: time('min'),
  max: time('max'),
  q1: time('p25'),
  q3: time('p75'),
};
const OF_RUN: FieldTable = { ops: { metric: 'operation_throughput', statistic: 'value', unit: '1/s', over: 'runs', note: '1 / mean' } };
const RAW = { data: time('value') } as const satisfies FieldTable;

/** What a test wrote down of its own. */
const EXTRA = { metric: 'own', statistic: 'value' } as const;

/** pytest-benchmark: `--benchmark-json`, what `--benchmark-autosave` keeps, the tables on a terminal, and `compare --csv`. */
export const pytestBenchmark: Format = {
  name: 'pytest-benchmark',
  tool: 'pytest-benchmark',
  signature:
    'an object with `machine_info` and `benchmarks[].stats` that has `rounds`, `mean` and `iterations`; text with a header `Name (time in ms)  Min  Max  …`; CSV: `name`, columns `param:…`, and statistics alone, `iqr`, `outliers` or `rounds` among them',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isPytestConsole(content.text);
    if (content.shape === 'table') return content.tables.some(({ columns }) => isPytestCsv(columns));
    return beginsWithReport(content, isReport);
  },
  read(content, extract) {
    if (content.shape === 'text') readPytestConsole(extract, content.text);
    else if (content.shape === 'table') {
      for (const table of content.tables) if (isPytestCsv(table.columns)) readPytestCsv(extract, table, { ...STATS, ...OF_RUN });
    } else for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: { 'of a benchmark': { ...STATS, ...OF_RUN }, 'of each round, with --benchmark-save-data': RAW },
  labels: {
    fullname: 'test',
    node: 'host',
    brand: 'cpu',
    brand_raw: 'cpu',
    datetime: 'timestamp',
    version: 'tool_version',
    python_version: 'python_version',
    'commit_info.id': 'commit',
  },
  notes: [
    'All times of JSON and CSV are in seconds; a table on a terminal has the unit of its header, and thousands between commas. Raw data are read where there is one for each round. There is one sample a round, and a round is the mean of `iterations` calls; all rounds are of one process.',
    'Quartiles are read as percentiles; the interquartile range and the counts of outliers are not read.',
    'A table on a terminal has the operations of its header: a thousand a second (`Kops/s`) are one a millisecond. What stands in brackets is relative to the best row, and is not read. The name of the group is the label `group`, and the saved run behind a name (`(NOW)`, `(0001_abc)`) is `source`. CSV does not say of which run a row is.',
    'A benchmark of a test that failed is a failed record; a table alone does not say so, but the traces, the progress and the summary of pytest above and below it do.',
    'What parametrises a test is a label under its own name, and so are the words in `extra_info`; numbers there are kept under their own names. A repository that was `dirty` is a warning.',
  ],
};

function isReport(value: JsonObject): boolean {
  return isObject(value.machine_info) && listAt(value, 'benchmarks').some((one) => isObject(one) && isBenchmark(one));
}

function isBenchmark(one: JsonObject): boolean {
  return textOf(one.fullname ?? one.name) !== null && hasKeys(objectAt(one, 'stats'), 'rounds', 'mean', 'iterations');
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const commit = objectAt(report, 'commit_info');
  if (commit.dirty === true)
    extract.warnings.add(
      'dirty',
      `${at}/commit_info/dirty: the repository had changes that are in no commit: the commit does not say what was run`,
    );
  for (const { at: place, object } of benchmarksIn(listAt(report, 'benchmarks'), `${at}/benchmarks`, isBenchmark, extract))
    readBenchmark(extract, object, { at: place, labels: benchmarkLabels(report, object, extract) });
}

function benchmarkLabels(report: JsonObject, one: JsonObject, extract: Extract): Record<string, string> {
  const machine = objectAt(report, 'machine_info');
  const cpu = objectAt(machine, 'cpu');
  const labels = {
    tool: 'pytest-benchmark',
    ...labelsOf(
      {
        test: [one.fullname, one.name],
        group: [one.group],
        param: [one.param],
        cpu: [cpu.brand_raw, cpu.brand],
        host: [machine.node],
        python_version: [machine.python_version],
        commit: [objectAt(report, 'commit_info').id],
        tool_version: [report.version],
        timestamp: [report.datetime],
      },
      extract,
    ),
  };
  addOthers(labels, objectAt(one, 'params'), () => true);
  // Numbers there may be measured: they are read as such.
  addOthers(labels, objectAt(one, 'extra_info'), (value) => typeof value !== 'number');
  return labels;
}

function addOthers(labels: Record<string, string>, object: JsonObject, isLabel: (value: unknown) => boolean): void {
  for (const [key, value] of Object.entries(object)) {
    const name = canonicalLabel(key);
    if (key !== '' && key.length <= 64 && !Object.hasOwn(labels, name) && labelTextOf(value) !== null && isLabel(value))
      addLabel(labels, name, value);
  }
}

function readBenchmark(extract: Extract, one: JsonObject, place: RecordPlace): void {
  const stats = objectAt(one, 'stats');
  const rounds = countOf(stats.rounds);
  const failed = rounds === 0 || one.has_error === true;
  extract.records += 1;
  if (failed)
    extract.fail({ pointer: place.at, reason: rounds === 0 ? 'no round was completed' : 'the benchmark says that it had an error' });
  const within: RecordPlace = { ...place, at: `${place.at}/stats`, failed };
  readFields(extract, stats, STATS, { ...within, n: rounds });
  readFields(extract, stats, OF_RUN, within);
  for (const [key, value] of Object.entries(objectAt(one, 'extra_info')))
    if (key !== '' && numberOf(value) !== null)
      addNumber(
        extract,
        value,
        { ...EXTRA, unit: unitFromName(key) },
        { ...place, pointer: `${place.at}/extra_info${segment(key)}`, failed },
        key,
      );
  const data = listAt(stats, 'data');
  const held = data.filter((value) => numberOf(value) !== null).length;
  // Some of the rounds are no sample of all: the first ones are the slowest.
  if (held > 0 && held !== rounds)
    extract.warnings.add(
      'raw data',
      `${within.at}/data: ${held} values for ${rounds ?? 'an unknown number of'} rounds: they were not read`,
    );
  else readSamples(extract, data, RAW.data, { ...within, at: `${within.at}/data` });
}
