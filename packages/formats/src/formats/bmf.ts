import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, listAt, objectAt, plainNumber } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { statisticFromName } from '../statistic-from-name.ts';
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
    'nothing but `{benchmark: {measure: {value}}}`, with `lower_value` or `upper_value` somewhere, or measures that Bencher has itself; or nothing but `{benchmark: [{parameters, measures: {measure: {value, p99, …}}}]}`',
  detect: (content) => beginsWithReport(content, isAny),
  read(content, extract) {
    for (const { at, object } of reportsIn(content, isAny, extract)) (isReport(object) ? readReport : readVariants)(extract, object, at);
  },
  fields: { 'of a measure': FIELDS },
  labels: { benchmark: 'test' },
  notes: [
    'The file states no unit: it is kept at Bencher, with the measure. So no measure is one of the registry here, and none is judged: `latency` is nanoseconds only by convention.',
    'In version 1 a benchmark is a list of what it ran with (`parameters`, which are labels) and what was measured. Numbers there have names of their own: one that is a statistic (`p99`) is that, another one stands behind the name of its measure.',
    'The measure names the metric. What the bounds are, the file does not say.',
  ],
};

const isAny = (value: JsonObject): boolean => isReport(value) || areVariants(value);

/** Version 1: each benchmark has a list of what it ran with and what was measured. */
function areVariants(value: JsonObject): boolean {
  const lists = Object.values(value);
  return lists.length > 0 && lists.every((list) => Array.isArray(list) && list.length > 0 && list.every(isVariant));
}

function isVariant(one: unknown): boolean {
  if (!isObject(one) || !Object.keys(one).every((key) => key === 'measures' || key === 'parameters')) return false;
  const measures = Object.values(objectAt(one, 'measures'));
  const areNumbers = (measure: unknown): boolean =>
    isObject(measure) && Object.keys(measure).length > 0 && Object.values(measure).every((number) => plainNumber(number) !== null);
  return measures.length > 0 && measures.every(areNumbers);
}

function readVariants(extract: Extract, report: JsonObject, at: string): void {
  for (const benchmark of Object.keys(report))
    for (const [index, one] of listAt(report, benchmark).entries()) {
      if (!isObject(one)) continue;
      const labels: Record<string, string> = {};
      for (const [key, value] of Object.entries(objectAt(one, 'parameters')))
        if (key !== '' && key.length <= 64) addLabel(labels, canonicalLabel(key), value, extract);
      labels.tool = 'bencher';
      addLabel(labels, 'test', benchmark, extract);
      extract.records += 1;
      for (const [measure, numbers] of Object.entries(objectAt(one, 'measures')))
        for (const [name, value] of Object.entries(isObject(numbers) ? numbers : {})) {
          const known = meaningOf(name);
          const pointer = `${at}${segment(benchmark)}/${index}/measures${segment(measure)}${segment(name)}`;
          const metric = excerpt(known === null ? `${measure} ${name}` : measure) || 'measure';
          addNumber(extract, value, known ?? own('value'), { labels, pointer }, metric);
        }
    }
}

/** Names that are a statistic and nothing else: `max_rss` is another number than `max_vms`, and `std_error` no deviation. */
const STATISTIC = /^(?:mean|avg|average|median|min|max|std|std_dev|stdev|stddev|p\d{1,2}(?:[._]\d{1,3})?)$/i;

/** What a number of a measure is by its name; null where the name is no statistic. */
function meaningOf(name: string): FieldMeaning | null {
  for (const [field, meaning] of Object.entries(FIELDS)) if (field === name) return meaning;
  const statistic = STATISTIC.test(name) ? statisticFromName(name) : 'value';
  return statistic === 'value' ? null : own(statistic);
}

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
