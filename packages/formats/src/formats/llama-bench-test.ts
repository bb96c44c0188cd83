import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type MetricName, numberOf, plainNumber } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { statisticFromName } from '../statistic-from-name.ts';
import { unitFromName } from '../unit-from-name.ts';
import { isMeasured, labelsOfTest } from './llama-bench-labels.ts';
import type { TestShape } from './llama-bench-name.ts';

/** One test: its fields as llama-bench names them, and where each stands. */
export type BenchTest = {
  fields: JsonObject;
  /** the place of the whole, for warnings and failures: `/0`, `line 3` */
  at: string;
  /** leads to a field's very number */
  pointer(field: string): string;
  /** the metric's name of a field that no canonical metric fits; default: the pointer's pattern */
  own?(field: string): string;
};

/** The rates of a test, under the metric that its sort makes of them. */
export function rateFields(metric: MetricName): FieldTable {
  const meaning = (statistic: string): FieldMeaning => ({ metric, statistic, unit: 'tok/s', over: 'repetitions' });
  return { avg_ts: meaning('mean'), stddev_ts: meaning('stddev'), samples_ts: meaning('value') };
}

export const PROMPT_RATES = rateFields('prompt_token_throughput');
export const OUTPUT_RATES = rateFields('output_token_throughput');
export const OTHER_RATES = rateFields('own');

/** How long one repetition took as a whole, and what the model weighs. */
export const TEST_FIELDS: FieldTable = {
  avg_ns: { metric: 'own', statistic: 'mean', unit: 'ns', over: 'repetitions', note: 'of a whole repetition, not of a token' },
  stddev_ns: { metric: 'own', statistic: 'stddev', unit: 'ns', over: 'repetitions' },
  samples_ns: { metric: 'own', statistic: 'value', unit: 'ns', over: 'repetitions' },
  model_size: { metric: 'own', statistic: 'value', unit: 'bytes' },
  model_n_params: { metric: 'own', statistic: 'value', unit: null, note: 'also the label `parameters`, as the tables write it' },
};

/** The rates of a test of that shape: what mixes prompt and generation is neither. */
export function ratesOf(shape: TestShape | null): FieldTable {
  if (shape === null || shape.prompt > 0 === shape.generated > 0) return OTHER_RATES;
  return shape.prompt > 0 ? PROMPT_RATES : OUTPUT_RATES;
}

/** Reads one test, whatever the file wrote it in. */
export function readBenchTest(extract: Extract, test: BenchTest): void {
  const { fields, at } = test;
  const shape = shapeOf(fields);
  extract.records += 1;
  if (shape === null || (shape.prompt === 0 && shape.generated === 0))
    extract.warnings.add(
      'tests of unknown sort',
      `${at}: n_prompt and n_gen do not say what was tested; its rate was kept under its own name`,
    );
  const reason = failureOf(fields);
  if (reason !== null) {
    extract.fail({ pointer: at, reason });
    return;
  }
  const n = repetitions(fields);
  warnAboutDeviations(extract, test, n);
  const labels = labelsOfTest(fields, shape, extract);
  const table: FieldTable = { ...ratesOf(shape), ...TEST_FIELDS, ...unknownResults(fields) };
  for (const [field, meaning] of Object.entries(table)) {
    if (!Object.hasOwn(fields, field)) continue;
    const value = fields[field];
    // Of a test without a rate one sentence below speaks.
    if (field === 'avg_ts' && numberOf(value) === null) continue;
    const pointer = test.pointer(field);
    const own = test.own?.(field);
    if (Array.isArray(value))
      for (const [index, one] of value.entries()) addNumber(extract, one, meaning, { labels, pointer: `${pointer}/${index}` }, own);
    else addNumber(extract, value, meaning, { labels, pointer, n: meaning.over === undefined ? null : n }, own);
  }
  if (numberOf(fields.avg_ts) === null) extract.warnings.add('tests without a rate', `${at}: avg_ts is no number: the test has no rate`);
}

/** What a test ran; null where the file does not say so in whole numbers. */
function shapeOf(fields: JsonObject): TestShape | null {
  const [prompt, generated, depth] = ['n_prompt', 'n_gen', 'n_depth'].map((key) => count(Object.hasOwn(fields, key) ? fields[key] : null));
  return prompt === null || prompt === undefined || generated === null || generated === undefined
    ? null
    : { prompt, generated, depth: depth ?? null };
}

function count(value: unknown): number | null {
  const number = plainNumber(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function failureOf(fields: JsonObject): string | null {
  const rate = plainNumber(fields.avg_ts);
  if (rate !== null && rate <= 0) return `avg_ts is ${rate}: nothing was measured`;
  return Array.isArray(fields.samples_ts) && fields.samples_ts.length === 0 ? 'samples_ts is empty: no repetition was measured' : null;
}

/** How often the test was repeated: as many samples as the file gives; null where it gives none. */
function repetitions(fields: JsonObject): number | null {
  for (const key of ['samples_ts', 'samples_ns']) {
    const list = fields[key];
    if (Array.isArray(list)) return list.filter((one) => numberOf(one) !== null).length || null;
  }
  return null;
}

/** Results that this reader does not know, such as a fork adds: under their own name, with the unit that it states. */
function unknownResults(fields: JsonObject): FieldTable {
  const table: Record<string, FieldMeaning> = {};
  for (const key of Object.keys(fields)) {
    if (Object.hasOwn(TEST_FIELDS, key) || Object.hasOwn(OTHER_RATES, key) || !isMeasured(fields, key)) continue;
    table[key] = { metric: 'own', statistic: Array.isArray(fields[key]) ? 'value' : statisticFromName(key), unit: unitFromName(key) };
  }
  return table;
}

function warnAboutDeviations(extract: Extract, { fields, at }: BenchTest, n: number | null): void {
  const [rate, rates, time, times] = ['avg_ts', 'stddev_ts', 'avg_ns', 'stddev_ns'].map((key) => plainNumber(fields[key]));
  if (rates === 0 && (n === null || n === 1))
    extract.warnings.add('single repetitions', `${at}: one repetition only: its deviation of 0 says nothing of how rates spread`, 1);
  if (!rate || !time || typeof rates !== 'number' || typeof times !== 'number') return;
  const [ofRate, ofTime] = [rates / rate, times / time];
  const larger = Math.max(ofRate, ofTime);
  // A rate is one over a time: for a small spread the two relative deviations agree, up to about the spread itself.
  if (Math.abs(ofRate - ofTime) <= larger * Math.max(0.1, larger) + 1e-5) return;
  const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;
  extract.warnings.add(
    'deviations that disagree',
    `${at}: stddev_ns is ${percent(ofTime)} of avg_ns and stddev_ts ${percent(ofRate)} of avg_ts: the two deviations of one test disagree; that of the rate is the one to use`,
  );
}
