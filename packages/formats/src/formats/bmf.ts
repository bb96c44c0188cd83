import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, plainNumber } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { beginsWithReport, reportsIn } from './tool-reports.ts';

const own = (statistic: string): FieldMeaning => ({ metric: 'own', statistic, unit: null });

const FIELDS = { value: own('value'), lower_value: own('lower'), upper_value: own('upper') } as const satisfies FieldTable;
const NAMES: readonly string[] = Object.keys(FIELDS);

/** Measures that Bencher has from the start: without bounds, only these tell its format from anybody's nested objects. */
const BUILT_IN = new Set(
  (
    'latency throughput build-time file-size instructions l1-accesses l2-accesses ram-accesses total-accesses l1-cache-hits ' +
    'l2-cache-hits ram-hits estimated-cycles total-read-write global-bus-events'
  ).split(' '),
);

/** Bencher Metric Format: what Bencher's `json` adapter takes. */
export const bmf: Format = {
  name: 'bmf',
  tool: 'Bencher Metric Format',
  signature:
    'nothing but `{benchmark: {measure: {value}}}`, with `lower_value` or `upper_value` somewhere, or measures that Bencher has itself',
  detect: (content) => beginsWithReport(content, isReport),
  read(content, extract) {
    for (const { at, object } of reportsIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: { 'of a measure': FIELDS },
  labels: { benchmark: 'test' },
  notes: [
    'The file states no unit: it is kept at Bencher, with the measure. So no measure is one of the registry here, and none is judged: `latency` is nanoseconds only by convention.',
    'The measure names the metric. What the bounds are, the file does not say.',
  ],
};

function isReport(value: JsonObject): boolean {
  const benchmarks = Object.values(value);
  if (benchmarks.length === 0) return false;
  let told = false;
  for (const measures of benchmarks) {
    if (!isObject(measures) || Object.keys(measures).length === 0) return false;
    for (const [name, measure] of Object.entries(measures)) {
      if (!isObject(measure) || plainNumber(measure.value) === null || !Object.keys(measure).every((key) => NAMES.includes(key)))
        return false;
      told ||= BUILT_IN.has(name) || Object.keys(measure).length > 1;
    }
  }
  return told;
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  for (const [benchmark, measures] of Object.entries(report)) {
    if (!isObject(measures)) continue;
    const labels: Record<string, string> = { tool: 'bencher' };
    addLabel(labels, 'test', benchmark, extract);
    extract.records += 1;
    for (const [name, measure] of Object.entries(measures)) {
      if (!isObject(measure)) continue;
      for (const [field, meaning] of Object.entries(FIELDS)) {
        if (!Object.hasOwn(measure, field)) continue;
        const pointer = `${at}${segment(benchmark)}${segment(name)}/${field}`;
        addNumber(extract, measure[field], meaning, { labels, pointer }, excerpt(name) || 'measure');
      }
    }
  }
}
