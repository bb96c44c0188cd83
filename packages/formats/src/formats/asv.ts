import type { Content } from '../content.ts';
import { firstObject, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldTable, listAt, numberOf, objectAt, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { type AsvResult, failAsv, PREFIXES, readAsvBenchmark } from './asv-benchmark.ts';
import { isAsvV1, readAsvV1Result, STATS } from './asv-v1.ts';
import { executionTimes } from './execution-time.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { beginsWithReport, countOf, reportsIn } from './tool-reports.ts';

const time = executionTimes('s');
const QUARTILES: FieldTable = { stats_q_25: time('p25'), stats_q_75: time('p75') };

/** airspeed velocity: the results of one commit in one environment (`results/<machine>/<commit>-<environment>.json`). */
export const asv: Format = {
  name: 'asv',
  tool: 'airspeed velocity (asv)',
  signature:
    'an object with `commit_hash`, `env_name`, `results` and `result_columns` that begin with `result` and `params`; or `version` 1, `commit_hash`, `python`, `params` and `results`; also `benchmarks.json` and `machine.json`',
  detect: (content) => beginsWithReport(content, isReport) || describedIn(content) !== null,
  read(content, extract) {
    const described = describedIn(content);
    if (described !== null) {
      extract.warnings.add('no results', `it describes ${described}: asv keeps results in other files, and nothing was read`);
      return;
    }
    for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: { 'by the beginning of a benchmark’s name': PREFIXES, 'beside a time': QUARTILES, 'in `stats` of version 1': STATS },
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
    'The files `benchmarks.json` and `machine.json` say what was to be measured and on what, and hold no results: nothing of them is read.',
    'A result of version 1 is a number, or an object with one for each combination of parameters. A time without `stats` beside it is the number of a run: the file does not say which statistic it is.',
  ],
};

/** What a file describes that asv writes beside its results; null where it is none of them. */
function describedIn(content: Content): string | null {
  const value = content.shape === 'json' ? firstObject(content) : null;
  if (value === null || !hasKeys(value, 'version')) return null;
  const keys = Object.keys(value).filter((key) => key !== 'version');
  if (hasKeys(value, 'arch', 'cpu', 'machine', 'os', 'ram') && keys.length <= 6) return 'a machine';
  const all = keys.length > 0 && keys.every((key) => hasKeys(objectAt(value, key), 'name', 'code', 'param_names', 'type'));
  return all ? 'benchmarks' : null;
}

function isReport(value: JsonObject): boolean {
  return isAsvV1(value) || isV2(value);
}

function isV2(value: JsonObject): boolean {
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
    if (isAsvV1(report)) readAsvV1Result(extract, row, { name, labels, at: place });
    else if (Array.isArray(row)) readRow(extract, { name, row, columns, labels, at: place });
    else if (row === null) failAsv(extract, place, name);
    else extract.warnings.add('others', `${place}: no result that is known: it was not read`);
  }
}

type Row = { name: string; row: readonly unknown[]; columns: readonly string[]; labels: Record<string, string>; at: string };

function readRow(extract: Extract, { name, row, columns, labels, at }: Row): void {
  const listOf = (column: string): readonly unknown[] => {
    const value = row[columns.indexOf(column)];
    return Array.isArray(value) ? value : [];
  };
  if (row[0] === null) failAsv(extract, `${at}/0`, name);
  const samples = columns.indexOf('samples');
  const results = listOf('result').map((value, index) => {
    const raw = listOf('samples')[index];
    return {
      value,
      pointer: `${at}/0/${index}`,
      samples: Array.isArray(raw) ? raw : [],
      samplesAt: `${at}/${samples}/${index}`,
      n: countOf(listOf('stats_repeat')[index]),
      stats: quartilesOf((column) => ({ value: listOf(column)[index], pointer: `${at}/${columns.indexOf(column)}/${index}` })),
    };
  });
  readAsvBenchmark(extract, { name, labels, at, results, params: listOf('params') });
}

/** The quartiles that stand beside a result; null where there are none. */
function quartilesOf(read: NonNullable<AsvResult['stats']>['read']): AsvResult['stats'] {
  const fields = Object.fromEntries(Object.entries(QUARTILES).filter(([column]) => numberOf(read(column).value) !== null));
  return Object.keys(fields).length === 0 ? null : { fields, read };
}
