import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { type Labels, labelTextOf, listAt } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { configLabels } from './aiperf-config.ts';
import { type PerfRow, perfRows } from './perf-csv.ts';
import { ownName, PERF_CLOCKS, type PerfMetric, perfMetricOf, perfStatistic, perfUnit, tagOfLabel } from './perf-metrics.ts';
import { addMetricObject, metricObjects } from './perf-objects.ts';

/** Whether an object holds the metrics of one part of a run after the other: `{timeslices: [{metric: {unit, avg}}]}`. */
export function isTimeslices(object: JsonObject): boolean {
  // In a part of a run no request may have ended: it has no metrics.
  return listAt(object, 'timeslices').some((slice) => isObject(slice) && metricObjects(slice).length > 0);
}

/** Reads the parts of a run. Their values are no runs of their own: they are samples of one run's course. */
export function readTimeslices(extract: Extract, object: JsonObject, at: string): void {
  const given = configLabels(object, extract);
  for (const [index, slice] of listAt(object, 'timeslices').entries()) {
    if (!isObject(slice)) continue;
    const labels: Labels = { ...given, phase: `timeslice ${labelTextOf(slice.timeslice_index) ?? index}` };
    const there = `${at}/timeslices/${index}`;
    if (slice.is_complete === false)
      extract.warnings.add('timeslices', `${there} is not complete (is_complete is false): its rates are of a shorter time`);
    extract.records += 1;
    for (const [tag, metric] of metricObjects(slice))
      addMetricObject(extract, tag, metric, there + segment(tag), { labels, requests: null, part: true });
  }
}

/** Reads the long table `Timeslice,Metric,Unit,Stat,Value`. */
export function readTimesliceTable(extract: Extract, text: string): void {
  const slices = new Map<string, Labels>();
  for (const row of perfRows(extract, text)) {
    if (row.kind !== 'timeslices') continue;
    const slice = excerpt(row.texts.Timeslice ?? '');
    const labels = slices.get(slice) ?? { tool: 'aiperf', phase: `timeslice ${slice}` };
    slices.set(slice, labels);
    addStatistic(extract, row, labels);
  }
  extract.records += slices.size;
}

function addStatistic(extract: Extract, row: PerfRow, labels: Labels): void {
  const name = row.texts.Metric ?? '';
  const tag = tagOfLabel(name);
  const meaning = perfMetricOf(tag);
  const statistic = perfStatistic(row.texts.Stat ?? '');
  const cell = row.numbers.get('Value');
  if (cell === undefined || statistic === null || PERF_CLOCKS.has(tag)) return;
  const whole = meaning?.scalar === true && statistic === 'mean';
  const over = overOf(whole, meaning);
  const own = ownName(meaning === undefined ? excerpt(name) : tag);
  extract.add({
    metric: meaning === undefined || meaning.metric === 'own' ? own : meaning.metric,
    statistic: whole ? 'value' : statistic,
    ...cell,
    unit: perfUnit(row.texts.Unit, meaning),
    n: null,
    ...(over === undefined ? {} : { over }),
    labels,
    pointer: `line ${row.line} column Value`,
    failed: false,
  });
}

function overOf(whole: boolean, meaning: PerfMetric | undefined): PerfMetric['over'] {
  if (whole) return 'samples';
  return meaning?.scalar === true ? undefined : meaning?.over;
}
