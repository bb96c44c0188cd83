import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import {
  addLabel,
  addNumber,
  type FieldMeaning,
  type FieldTable,
  listAt,
  objectAt,
  type RecordPlace,
  readFields,
  readSamples,
  textOf,
} from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { isDotNetMeasurements, MEASURED, readDotNetMeasurements } from './benchmarkdotnet-measurements.ts';
import { isDotNetReport, REPORT_FIELDS, readDotNetReport } from './benchmarkdotnet-report.ts';
import { executionTimes } from './execution-time.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { beginsWithReport, benchmarksIn, countOf, reportsIn } from './tool-reports.ts';

const time = executionTimes('ns');

const STATISTICS: FieldTable = {
  Mean: time('mean'),
  Median: time('median'),
  StandardDeviation: time('stddev'),
  StandardError: time('stderr'),
  Min: time('min'),
  Max: time('max'),
  Q1: time('p25'),
  Q3: time('p75'),
};
/** P0, P25, P50 and P100 are among the statistics. */
const PERCENTILES: FieldTable = { P67: time('p67'), P80: time('p80'), P85: time('p85'), P90: time('p90'), P95: time('p95') };
const RAW = { OriginalValues: time('value') } as const satisfies FieldTable;
const ALLOCATED: FieldMeaning = { metric: 'own', statistic: 'value', unit: 'bytes', note: 'an operation; managed memory' };
const MEMORY: FieldTable = { BytesAllocatedPerOperation: ALLOCATED };

/** BenchmarkDotNet: its JSON exporters, brief and full, and the tables of its reports. */
export const benchmarkDotNet: Format = {
  name: 'benchmarkdotnet',
  tool: 'BenchmarkDotNet',
  signature:
    '`HostEnvironmentInfo.BenchmarkDotNetVersion` and `Benchmarks[]` with `Method` and `Statistics`; a table, as CSV or on a Markdown page, with `Method`, settings, `Mean`, `Error` and `StdDev`, or with `Measurement_IterationMode` and `Measurement_Value`',
  detect(content) {
    // A table of a page is offered as CSV first, with bars between its cells and a row of dashes.
    if (content.shape === 'table' && content.kind === 'markdown') return false;
    if (content.shape === 'table' || content.shape === 'markdown')
      return content.tables.some((table) => isDotNetReport(table) || isDotNetMeasurements(table.columns));
    return beginsWithReport(content, isReport);
  },
  read(content, extract) {
    if (content.shape === 'table' || content.shape === 'markdown') {
      for (const table of content.tables) {
        if (isDotNetReport(table)) readDotNetReport(extract, table);
        else if (isDotNetMeasurements(table.columns)) readDotNetMeasurements(extract, table);
      }
      return;
    }
    for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: {
    'of a benchmark': { ...STATISTICS, ...PERCENTILES },
    'of each iteration': RAW,
    'of each iteration, in a file of measurements': MEASURED,
    'of memory': MEMORY,
    'of a report': REPORT_FIELDS,
  },
  labels: {
    FullName: 'test',
    ProcessorName: 'cpu',
    OsVersion: 'os',
    RuntimeVersion: 'runtime',
    Architecture: 'architecture',
    BenchmarkDotNetVersion: 'tool_version',
  },
  notes: [
    'Times are in nanoseconds an operation. Samples are iterations, outliers and all; what was taken in warm-up and pilot stages is not read.',
    'Of a file of measurements the results are read: iterations of the workload with the overhead taken off. Their number of operations, what was measured of jitting, overhead, pilots and warm-ups, and allocations are not. Values there are rounded to two digits.',
    'A benchmark without statistics, or with `NA` for its mean, did not run to its end: it is a failed record.',
    'In a report each cell has its unit, or the heading in brackets, and a KB has 1024 bytes. A report may be in the language of its machine: whether a comma groups thousands or begins a fraction is what the numbers of the table agree on (`1,234.5` or `12,5`); where they do not say it, a number with a comma is not read, and a warning says so. What stands before the mean is a label; `Error`, half of a confidence interval of 99.9 %, is kept under its own name. Ratios to a baseline are not read.',
    'Parameters are the label `params`, the job (after the colon of `DisplayInfo`) is `job`. A build that is not a release, or a debugger, is a warning.',
  ],
};

function isReport(value: JsonObject): boolean {
  if (textOf(objectAt(value, 'HostEnvironmentInfo').BenchmarkDotNetVersion) === null) return false;
  return listAt(value, 'Benchmarks').some((one) => isObject(one) && hasKeys(one, 'Method', 'Statistics'));
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const host = objectAt(report, 'HostEnvironmentInfo');
  const configuration = textOf(host.Configuration);
  if (configuration !== null && configuration !== 'RELEASE')
    extract.warnings.add(
      'host',
      `${at}/HostEnvironmentInfo/Configuration: the build is ${JSON.stringify(configuration.slice(0, 20))}: times may be too long`,
    );
  if (host.HasAttachedDebugger === true)
    extract.warnings.add('host', `${at}/HostEnvironmentInfo/HasAttachedDebugger: a debugger was attached: times may be too long`);
  const results = benchmarksIn(listAt(report, 'Benchmarks'), `${at}/Benchmarks`, (one) => hasKeys(one, 'Method', 'Statistics'), extract);
  for (const { at: place, object } of results)
    readBenchmark(extract, object, { at: place, labels: benchmarkLabels(host, object, extract) });
}

function benchmarkLabels(host: JsonObject, one: JsonObject, extract: Extract): Record<string, string> {
  const name = ['Namespace', 'Type', 'Method'].flatMap((key) => textOf(one[key]) ?? []).join('.');
  const processor = isObject(host.ProcessorName) ? host.ProcessorName.Value : host.ProcessorName;
  const labels = {
    tool: 'BenchmarkDotNet',
    ...labelsOf(
      {
        test: [one.FullName, name],
        params: [one.Parameters],
        cpu: [processor],
        os: [host.OsVersion],
        runtime: [host.RuntimeVersion, host.ClrVersion],
        architecture: [host.Architecture],
        tool_version: [host.BenchmarkDotNetVersion],
      },
      extract,
    ),
  };
  const shown = textOf(one.DisplayInfo) ?? '';
  const colon = shown.indexOf(': ');
  if (colon >= 0) addLabel(labels, 'job', shown.slice(colon + 2).replace(/ \[[^[\]]{0,200}\]$/, ''), extract);
  return labels;
}

function readBenchmark(extract: Extract, one: JsonObject, place: RecordPlace): void {
  const statistics = objectAt(one, 'Statistics');
  const n = countOf(statistics.N);
  extract.records += 1;
  const failed = !isObject(one.Statistics) || n === 0;
  if (failed) extract.fail({ pointer: `${place.at}/Statistics`, reason: 'the benchmark has no statistics: no iteration was completed' });
  const within: RecordPlace = { ...place, at: `${place.at}/Statistics`, failed };
  readFields(extract, statistics, STATISTICS, { ...within, n });
  readFields(extract, objectAt(statistics, 'Percentiles'), PERCENTILES, { ...within, at: `${within.at}/Percentiles`, n });
  readSamples(extract, listAt(statistics, 'OriginalValues'), RAW.OriginalValues, { ...within, at: `${within.at}/OriginalValues` });
  const bytes = objectAt(one, 'Memory').BytesAllocatedPerOperation;
  const pointer = `${place.at}/Memory/BytesAllocatedPerOperation`;
  addNumber(extract, bytes, ALLOCATED, { labels: place.labels, pointer, failed });
}
