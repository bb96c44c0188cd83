import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import type { FieldMeaning, Labels } from '../fields.ts';
import { gpuStatisticMeaning } from './gpu-telemetry-fields.ts';
import { warnNotMeasured } from './not-measured.ts';
import { labelAndUnit, type PerfCell, type PerfRow, perfRows } from './perf-csv.ts';
import { warnAboutLengths } from './perf-lengths.ts';
import { isTotal, ownName, PERF_CLOCKS, type PerfMetric, perfMetricOf, perfStatistic, perfUnit, tagOfLabel } from './perf-metrics.ts';
import { tellOutcome } from './run-outcome.ts';

/** A metric of a row: its name without the unit, and what it means. */
type RowMetric = { row: PerfRow; name: string; tag: string; unit: string | null; meaning: PerfMetric | undefined };

/**
 * Reads a CSV report of AIPerf or GenAI-Perf: statistics over the requests, values of the run, telemetry of the GPUs.
 * @param labels that hold for all its numbers
 */
export function readPerfReport(extract: Extract, text: string, labels: Labels): void {
  const rows = perfRows(extract, text);
  const isFirst = rows.some(({ texts }) => texts.Metric === 'Num Output Token');
  const metrics = rows.filter(({ kind }) => kind === 'requests' || kind === 'system').map((row) => rowMetric(row, isFirst));
  const value = (tag: string): number | null => valueIn(metrics.find((metric) => metric.tag === tag)?.row);
  const requests = value('request_count');
  const errors = metrics.find(({ tag }) => tag === 'error_request_count');
  const outcome = {
    succeeded: requests,
    failed: value('error_request_count'),
    measured: metrics.some(({ row }) => row.kind === 'requests'),
  };
  extract.records += 1;
  const failed = tellOutcome(extract, outcome, `line ${errors?.row.line ?? metrics[0]?.row.line ?? 1}`, 'the run');
  if (!failed) warnAboutLengths(extract, { percent: value('osl_mismatch_diff'), count: value('osl_mismatch_count') }, 'the run');
  for (const metric of metrics) if (!failed || isTotal(metric.tag)) addRow(extract, metric, { labels, requests, failed });
  for (const row of rows) if (row.kind === 'gpu' || row.kind === 'gpu constants') addGpuRow(extract, row, labels);
}

/** What the first versions of GenAI-Perf call the lengths. */
const FIRST_NAMES: Readonly<Record<string, string>> = {
  num_output_token: 'output_sequence_length',
  num_input_token: 'input_sequence_length',
};

/** In the first versions of GenAI-Perf each gap between chunks is a value, not each request. */
const GAPS: PerfMetric = { metric: 'inter_token_latency', scalar: false, over: 'gaps', timed: true };

function rowMetric(row: PerfRow, isFirst: boolean): RowMetric {
  const { name, unit } = labelAndUnit(row.texts.Metric ?? '');
  const written = tagOfLabel(name);
  const tag = Object.hasOwn(FIRST_NAMES, written) ? (FIRST_NAMES[written] ?? written) : written;
  const meaning = isFirst && tag === 'inter_token_latency' ? GAPS : perfMetricOf(tag);
  return { row, name, tag, unit: unit === null ? defaultUnit(tag) : perfUnit(unit, meaning), meaning };
}

/** Old GenAI-Perf leaves out that lengths are in tokens. */
function defaultUnit(tag: string): string | null {
  return /^(?:in|out)put_sequence_length$/.test(tag) ? 'tokens' : null;
}

function valueIn(row: PerfRow | undefined): number | null {
  return row?.numbers.get('Value')?.value ?? row?.numbers.get('avg')?.value ?? null;
}

type RowPlace = { labels: Labels; requests: number | null; failed: boolean };

function addRow(extract: Extract, { row, name, tag, unit, meaning }: RowMetric, place: RowPlace): void {
  if (name === '') {
    extract.warnings.add('names', `line ${row.line} has no name of a metric: it was not read`);
    return;
  }
  if (PERF_CLOCKS.has(tag)) return;
  if (meaning?.timed === true && isZero(row.numbers)) {
    warnNotMeasured(extract, name, `line ${row.line}`);
    return;
  }
  const own = ownName(meaning === undefined ? excerpt(name) : tag);
  for (const [column, cell] of row.numbers) {
    const statistic = statisticOf(column, row, meaning);
    if (statistic === null) continue;
    const over = statistic === 'value' ? 'runs' : meaning?.scalar === true ? undefined : meaning?.over;
    const n = over === 'requests' ? place.requests : null;
    addCell(
      extract,
      row,
      column,
      cell,
      { metric: meaning?.metric ?? 'own', statistic, unit, ...(over === undefined ? {} : { over }) },
      own,
      {
        ...place,
        n,
      },
    );
  }
}

/** What stands in the second table, and the average of what is known to be one value a run, is the value of the run. */
function statisticOf(column: string, row: PerfRow, meaning: PerfMetric | undefined): string | null {
  if (column === 'Value') return meaning?.scalar === false ? 'mean' : 'value';
  if (column === 'avg' && meaning?.scalar === true) return 'value';
  return row.kind === 'requests' ? perfStatistic(column) : null;
}

function isZero(numbers: ReadonlyMap<string, PerfCell>): boolean {
  return numbers.size > 0 && [...numbers.values()].every(({ value }) => value === 0);
}

type CellPlace = { labels: Labels; n: number | null; failed: boolean };

function addCell(
  extract: Extract,
  row: PerfRow,
  column: string,
  cell: PerfCell,
  meaning: FieldMeaning,
  own: string,
  place: CellPlace,
): void {
  extract.add({
    metric: meaning.metric === 'own' ? own : meaning.metric,
    statistic: meaning.statistic,
    ...cell,
    unit: meaning.unit,
    n: place.n,
    ...(meaning.over === undefined ? {} : { over: meaning.over }),
    labels: place.labels,
    pointer: `line ${row.line} column ${column}`,
    failed: place.failed,
  });
}

/** Columns of AIPerf and of GenAI-Perf that say which GPU a row is of → labels. */
const GPU_COLUMNS = {
  GPU_Name: 'gpu',
  GPU_Index: 'gpu_index',
  GPU: 'gpu_index',
  GPU_UUID: 'gpu_uuid',
  Hostname: 'host',
  Endpoint: 'telemetry',
  Platform: 'platform',
  Namespace: 'namespace',
  'Pod Name': 'pod_name',
} as const;

function addGpuRow(extract: Extract, row: PerfRow, given: Labels): void {
  const { name, unit } = labelAndUnit(row.texts.Metric ?? '');
  const labels: Record<string, string> = { ...given };
  for (const [column, label] of Object.entries(GPU_COLUMNS)) {
    const text = row.texts[column];
    if (text !== undefined && text !== '' && text !== 'None') labels[label] = excerpt(text);
  }
  const alone = row.numbers.size === 1;
  for (const [column, cell] of row.numbers) {
    const meaning = gpuStatisticMeaning(name, column === 'Value' ? 'value' : column, perfUnit(unit, undefined), alone);
    if (meaning !== null) addCell(extract, row, column, cell, meaning, ownName(tagOfLabel(name)), { labels, n: null, failed: false });
  }
}
