import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type FieldTable, listAt, objectAt, plainNumber, type RecordPlace, readFields, readSamples, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { executionTimes } from './execution-time.ts';
import type { Format } from './format.ts';
import { beginsWithReport, countOf, reportsIn } from './tool-reports.ts';

const time = executionTimes('ms');

const STATISTICS: FieldTable = {
  mean: time('mean'),
  median: time('median'),
  sd: time('stddev'),
  sem: time('stderr'),
  min: time('min'),
  max: time('max'),
  p75: time('p75'),
  p99: time('p99'),
  p995: time('p99.5'),
  p999: time('p99.9'),
};
const OF_RUN: FieldTable = {
  hz: { metric: 'operation_throughput', statistic: 'value', unit: '1/s', over: 'runs', note: 'operations a second' },
};
const RAW = { samples: time('value') } as const satisfies FieldTable;

/** `vitest bench --outputJson`: statistics of tinybench, by file and group; before 1.x by suite alone. */
export const vitestBench: Format = {
  name: 'vitest-bench',
  tool: '`vitest bench --outputJson`, `--reporter=json`',
  signature:
    '`files[].groups[].benchmarks[]` with `name`, `hz`, `rme` and `sampleCount`; early: `numTotalTests` and lists of such benchmarks by suite in `testResults`',
  detect: (content) => beginsWithReport(content, isReport),
  read(content, extract) {
    for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: { 'of a benchmark': { ...STATISTICS, ...OF_RUN }, 'of each call, where they are kept': RAW },
  labels: { fullName: 'test' },
  notes: [
    'Times are in milliseconds. The label `test` is the group’s full name and the benchmark’s. All samples are of one process.',
    'Early versions keep the benchmarks of all suites of one name in one list: there the group is that name.',
    'Variance, margins of error and the rank within the group are not read.',
    'A benchmark without a sample is a failed record: it threw, or was never called.',
  ],
};

function isReport(value: JsonObject): boolean {
  return benchmarksOf(value, '').some(({ one }) => isBenchmark(one) || isBroken(one));
}

function isBenchmark(one: JsonObject): boolean {
  return textOf(one.name) !== null && hasKeys(one, 'hz', 'rme') && (Object.hasOwn(one, 'sampleCount') || Object.hasOwn(one, 'samples'));
}

/** A benchmark that threw has a name and a rank, and neither a sample nor a rate. */
function isBroken(one: JsonObject): boolean {
  if (textOf(one.name) === null || !hasKeys(one, 'rank', 'rme') || Object.hasOwn(one, 'hz')) return false;
  return listAt(one, 'samples').length === 0 && (Object.hasOwn(one, 'samples') || countOf(one.sampleCount) === 0);
}

type Found = { at: string; group: string; one: JsonObject };

function benchmarksOf(report: JsonObject, at: string): Found[] {
  const found: Found[] = [...oldBenchmarksOf(report, at)];
  for (const [f, file] of listAt(report, 'files').entries()) {
    if (!isObject(file)) continue;
    for (const [g, group] of listAt(file, 'groups').entries()) {
      if (!isObject(group)) continue;
      const name = textOf(group.fullName) ?? textOf(file.filepath) ?? '';
      for (const [b, one] of listAt(group, 'benchmarks').entries())
        if (isObject(one)) found.push({ at: `${at}/files/${f}/groups/${g}/benchmarks/${b}`, group: name, one });
    }
  }
  return found;
}

/** As versions before 1.x wrote them: a list for each name of a suite. */
function oldBenchmarksOf(report: JsonObject, at: string): Found[] {
  if (!Object.hasOwn(report, 'numTotalTests')) return [];
  return Object.entries(objectAt(report, 'testResults')).flatMap(([group, list]) =>
    (Array.isArray(list) ? list : []).flatMap((one, index) =>
      isObject(one) ? [{ at: `${at}/testResults${segment(group)}/${index}`, group, one }] : [],
    ),
  );
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  for (const found of benchmarksOf(report, at)) {
    if (isBenchmark(found.one) || isBroken(found.one)) readBenchmark(extract, found);
    else extract.warnings.add('others', `${found.at}: no result of a benchmark that is known: it was not read`);
  }
}

function readBenchmark(extract: Extract, { at, group, one }: Found): void {
  const labels: Record<string, string> = { tool: 'vitest bench' };
  addLabel(labels, 'test', group === '' ? one.name : `${group} > ${textOf(one.name) ?? ''}`, extract);
  const samples = listAt(one, 'samples');
  const n = countOf(one.sampleCount) ?? (samples.length > 0 ? samples.length : null);
  const failed = n === 0 || plainNumber(one.mean) === null;
  extract.records += 1;
  if (failed) extract.fail({ pointer: at, reason: 'the benchmark has no sample' });
  const place: RecordPlace = { at, labels, failed };
  readFields(extract, one, STATISTICS, { ...place, n });
  readFields(extract, one, OF_RUN, place);
  readSamples(extract, samples, RAW.samples, { ...place, at: `${at}/samples` });
}
