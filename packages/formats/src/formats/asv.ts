import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, listAt, numberOf, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { beginsWithReport, countOf, reportsIn } from './tool-reports.ts';

const over = 'repetitions';
const PREFIXES: FieldTable = {
  time_: { metric: 'execution_time', statistic: 'median', unit: 's', over },
  timeraw_: { metric: 'execution_time', statistic: 'median', unit: 's', over },
  peakmem_: { metric: 'peak_memory', statistic: 'value', unit: 'bytes' },
  mem_: { metric: 'own', statistic: 'value', unit: 'bytes' },
  track_: { metric: 'own', statistic: 'value', unit: null, note: 'its unit is in `benchmarks.json`' },
};

/** airspeed velocity: the results of one commit in one environment (`results/<machine>/<commit>-<environment>.json`). */
export const asv: Format = {
  name: 'asv',
  tool: 'airspeed velocity (asv)',
  signature: 'an object with `commit_hash`, `env_name`, `results` and `result_columns` that begin with `result` and `params`',
  detect: (content) => beginsWithReport(content, isReport),
  read(content, extract) {
    for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: { 'by the beginning of a benchmark’s name': PREFIXES },
  labels: {
    commit_hash: 'commit',
    env_name: 'environment',
    python: 'python_version',
    machine: 'host',
    cpu: 'cpu',
    os: 'os',
    date: 'timestamp',
  },
  notes: [
    'What a number is stands in the benchmark’s name: asv times `time_…` in seconds (the median of its samples) and measures `mem_…` and `peakmem_…` in bytes.',
    'Samples are read where the file has them. Parameters are the labels `param1`, `param2`, …: their names are in another file.',
    'A result that is null is a failed record; one that is NaN was skipped.',
    'The files `benchmarks.json` and `machine.json` hold no results and are not of this format; results of version 1 are not read.',
  ],
};

function isReport(value: JsonObject): boolean {
  if (!hasKeys(value, 'commit_hash', 'env_name', 'results', 'result_columns') || !isObject(value.results)) return false;
  const columns = listAt(value, 'result_columns');
  return columns[0] === 'result' && columns.includes('params');
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const machine = objectAt(report, 'params');
  const labels = {
    tool: 'asv',
    ...labelsOf(
      {
        commit: [report.commit_hash],
        environment: [report.env_name],
        python_version: [report.python],
        host: [machine.machine],
        cpu: [machine.cpu],
        os: [machine.os],
        timestamp: [plainNumber(report.date) === null ? null : report.date],
      },
      extract,
    ),
  };
  const columns = listAt(report, 'result_columns').map((name) => textOf(name) ?? '');
  for (const [name, row] of Object.entries(objectAt(report, 'results'))) {
    const place = `${at}/results${segment(name)}`;
    if (Array.isArray(row)) readBenchmark(extract, { name, row, columns, labels, at: place });
    else if (row === null) fail(extract, place, name);
    else extract.warnings.add('others', `${place}: no result that is known: it was not read`);
  }
}

type Benchmark = { name: string; row: readonly unknown[]; columns: readonly string[]; labels: Record<string, string>; at: string };

function fail(extract: Extract, pointer: string, name: string): void {
  extract.records += 1;
  extract.fail({ pointer, reason: `the benchmark failed ("${name.slice(0, 80)}")` });
}

function readBenchmark(extract: Extract, { name, row, columns, labels, at }: Benchmark): void {
  const listOf = (column: string): readonly unknown[] => {
    const value = row[columns.indexOf(column)];
    return Array.isArray(value) ? value : [];
  };
  const meaning = meaningOf(name);
  const results = listOf('result');
  if (row[0] === null) fail(extract, `${at}/0`, name);
  const combinations = product(
    listOf('params').map((one) => (Array.isArray(one) ? one : [])),
    results.length,
  );
  if (combinations === null) {
    extract.warnings.add('others', `${at}: ${results.length} results for other combinations of parameters: it was not read`);
    return;
  }
  const samples = columns.indexOf('samples');
  for (const [index, value] of results.entries()) {
    const pointer = `${at}/0/${index}`;
    if (value === null) fail(extract, pointer, name);
    if (numberOf(value) === null) continue;
    const own: Record<string, string> = { ...labels };
    addLabel(own, 'test', name, extract);
    for (const [place, param] of (combinations[index] ?? []).entries()) addLabel(own, `param${place + 1}`, param, extract);
    extract.records += 1;
    const raw = listOf('samples')[index];
    const values = Array.isArray(raw) ? raw : [];
    const n = values.length > 0 ? values.length : countOf(listOf('stats_repeat')[index]);
    const metric = meaning.metric === 'own' ? name.slice(0, 200) : undefined;
    addNumber(extract, value, meaning, { labels: own, n: meaning.statistic === 'median' ? n : null, pointer }, metric);
    for (const [at2, one] of values.entries())
      addNumber(extract, one, { ...meaning, statistic: 'value' }, { labels: own, pointer: `${at}/${samples}/${index}/${at2}` }, metric);
  }
}

/** By the last part of a name: `package.Class.time_sort`. */
function meaningOf(name: string): FieldMeaning {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const prefix = Object.keys(PREFIXES).find((one) => last.startsWith(one));
  return (prefix === undefined ? undefined : PREFIXES[prefix]) ?? { metric: 'own', statistic: 'value', unit: null };
}

/** All combinations of parameters, the last changing fastest; null where there are not as many as results. */
function product(lists: readonly (readonly unknown[])[], wanted: number): unknown[][] | null {
  let all: unknown[][] = [[]];
  for (const list of lists) {
    if (all.length * list.length > wanted) return null;
    all = all.flatMap((begin) => list.map((one) => [...begin, one]));
  }
  return all.length === wanted || wanted === 0 ? all : null;
}
