import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, plainNumber } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { servingStatistic } from './serving-fields.ts';
import { labelSaturation } from './serving-load.ts';

/** A line `Mean latency (ns)      : 43579602295`. */
type Line = {
  /** in small letters */
  key: string;
  /** the key as it is written */
  own: string;
  value: string;
  line: number;
};

/** Longest line that is looked at. */
const LINE_CHARS = 400;

const INFERRED = 'samples times a number of tokens that was set, not counted';

/** Rates of a whole run, by their keys in small letters. */
export const MLPERF_RATES: FieldTable = {
  'completed samples per second': {
    metric: 'request_throughput',
    statistic: 'value',
    unit: 'req/s',
    over: 'runs',
    note: 'a sample is one request',
  },
  'samples per second': { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs', note: 'of Offline' },
  'completed tokens per second': { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  'tokens per second': { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'of Offline' },
  'completed tokens per second (inferred)': { metric: 'own', statistic: 'value', unit: 'tok/s', over: 'runs', note: INFERRED },
  'tokens per second (inferred)': { metric: 'own', statistic: 'value', unit: 'tok/s', over: 'runs', note: INFERRED },
  'scheduled samples per second': {
    metric: 'own',
    statistic: 'value',
    unit: 'req/s',
    over: 'runs',
    note: 'what came, not what was served',
  },
  'qps w/ loadgen overhead': { metric: 'own', statistic: 'value', unit: 'req/s', over: 'runs' },
  'qps w/o loadgen overhead': { metric: 'own', statistic: 'value', unit: 'req/s', over: 'runs' },
};

/** What is timed of each request, as the keys of a summary name it. */
const TIMES: Readonly<Record<string, FieldMeaning['metric']>> = {
  latency: 'request_latency',
  'first token latency': 'time_to_first_token',
  'time to output token': 'time_per_output_token',
};

export const MLPERF_TIMES: FieldTable = Object.fromEntries(
  Object.entries(TIMES).map(([name, metric]): [string, FieldMeaning] => [
    `Mean ${name} (ns), 99.00 percentile ${name} (ns), …`,
    { metric, statistic: 'mean, p99, …', unit: 'ns', over: 'requests' },
  ]),
);

/** A key that is longer is none that is known. */
const KEY_CHARS = 100;
const TIME = /^(?:(min|max|mean)|(\d{1,2}(?:\.\d{1,4})?)(?:th)? percentile) ([a-z][a-z ]{3,40}) \(([a-z]{1,4})\)$/;

/** What a key says that is timed; null where it is none. */
function timeMeaning(key: string): FieldMeaning | null {
  const [, word, percentile, name = '', symbol = ''] = (key.length <= KEY_CHARS && TIME.exec(key)) || [];
  const statistic = word === undefined ? servingStatistic(`p${Number(percentile)}`) : servingStatistic(word);
  const metric = Object.hasOwn(TIMES, name) ? TIMES[name] : undefined;
  return statistic === null || metric === undefined ? null : { metric, statistic, unit: unitOfSymbol(symbol), over: 'requests' };
}

/** Settings whose names are labels. */
const SETTINGS: Readonly<Record<string, string>> = {
  scenario: 'scenario',
  mode: 'mode',
  'sut name': 'sut',
  samples_per_query: 'samples_per_query',
};

/** With what a summary ends. What was set for the run stands close before it, and makes labels: half a summary is none. */
const END = /^(?:No|\d{1,9}) errors? encountered/i;

/** With what a summary begins. */
const HEADLINE = /^MLPerf Results Summary\s*$/;

/** Reads the summaries of a text: a file of its own holds one, a log may hold several. */
export function readMlperfSummaries(extract: Extract, text: string): void {
  const lines = text.split('\n');
  const begins = lines.flatMap((line, index) => (line.length <= LINE_CHARS && HEADLINE.test(line) ? [index] : []));
  for (const [at, begin] of begins.entries()) readSummary(extract, lines, begin, begins[at + 1] ?? lines.length);
}

/** Reads one summary. Without its verdict nobody knows whether it counts, so nothing is read then. */
function readSummary(extract: Extract, lines: readonly string[], begin: number, next: number): void {
  const block = lines.slice(begin, next);
  const end = block.findIndex((line) => line.length <= LINE_CHARS && END.test(line));
  const byKey = linesByKey(extract, lines, begin, end < 0 ? next : begin + end);
  const verdict = byKey.get('result is');
  if (verdict === undefined || end < 0) {
    if (next === lines.length) extract.warnings.endsInside();
    const missing = verdict === undefined ? 'does not say whether the result is valid' : 'ends before it says what errors there were';
    extract.warnings.add('no verdict', `line ${begin + 1}: the summary ${missing}: nothing was read from it`);
    return;
  }
  for (const [index, line] of block.slice(0, end + 1).entries())
    if (ERRORS.test(line)) extract.warnings.add('errors', `line ${begin + index + 1}: ${excerpt(line, 80)}`);
  extract.records += 1;
  const failed = verdict.value.toUpperCase() !== 'VALID';
  if (failed) extract.fail({ pointer: `line ${verdict.line}`, reason: `the result is ${excerpt(verdict.value, 40)}` });
  addNumbers(extract, byKey, failed);
}

const ERRORS = /^\d{1,9} (?:warnings?|errors?) encountered/i;

/** The lines `key : value` of a summary, each key once; where one stands again with another value a warning says so. */
function linesByKey(extract: Extract, lines: readonly string[], begin: number, end: number): ReadonlyMap<string, Line> {
  const byKey = new Map<string, Line>();
  for (let index = begin; index < end; index += 1) {
    const one = lineOf(lines[index] ?? '', index + 1);
    const first = one === null ? undefined : byKey.get(one.key);
    if (one !== null && first === undefined) byKey.set(one.key, one);
    else if (one !== null && first?.value !== one.value)
      extract.warnings.add(
        'contradictions',
        `line ${one.line}: ${one.own} is ${one.value} here and ${first?.value} on line ${first?.line}`,
      );
  }
  return byKey;
}

function lineOf(raw: string, line: number): Line | null {
  const colon = raw.length > LINE_CHARS ? -1 : raw.indexOf(':');
  const [own, value] = [raw.slice(0, Math.max(colon, 0)).trim(), raw.slice(colon + 1).trim()];
  // A key and its value are parted by a blank: a time of day is none.
  return colon < 0 || own === '' || value === '' || raw[colon + 1] !== ' ' ? null : { key: own.toLowerCase(), own, value, line };
}

function addNumbers(extract: Extract, lines: ReadonlyMap<string, Line>, failed: boolean): void {
  const labels = labelsOf(extract, lines);
  const times = new Map<string, Line>();
  for (const one of lines.values()) {
    const { key, own, value, line } = one;
    const time = timeMeaning(key);
    const meaning = (Object.hasOwn(MLPERF_RATES, key) ? MLPERF_RATES[key] : undefined) ?? time;
    if (meaning === null || meaning === undefined) continue;
    if (time !== null && isSecond(extract, times, `${time.metric} ${time.statistic} ${time.unit}`, one)) continue;
    if (!/^\d{1,20}(?:\.\d{1,12})?$/.test(value))
      extract.warnings.add('no numbers', `line ${line}: "${excerpt(value, 40)}" stands where a number should; it was not read`);
    else if (Number(value) > 0) addNumber(extract, new LiteralNumber(value), meaning, { labels, failed, pointer: `line ${line}` }, own);
  }
}

/** Whether a statistic stands above already: the result of a Single Stream run is a percentile, which stands again among all of them. */
function isSecond(extract: Extract, times: Map<string, Line>, name: string, one: Line): boolean {
  const first = times.get(name);
  times.set(name, first ?? one);
  if (first !== undefined && first.value !== one.value)
    extract.warnings.add(
      'contradictions',
      `line ${one.line}: ${one.own} is ${one.value} here and ${first.value} on line ${first.line}, as ${first.own}`,
    );
  return first !== undefined;
}

function labelsOf(extract: Extract, lines: ReadonlyMap<string, Line>): Record<string, string> {
  const labels: Record<string, string> = { tool: 'mlperf' };
  for (const [key, name] of Object.entries(SETTINGS)) addLabel(labels, name, lines.get(key)?.value, extract);
  const asked = lines.get('target_qps')?.value;
  // Offline hands all samples over at once: its target is what was expected, and no rate at which they came.
  if (labels.scenario !== 'Server') return labels;
  addLabel(labels, 'request_rate', asked, extract);
  const number = (value: string | undefined): number | null => (value === undefined ? null : plainNumber(new LiteralNumber(value)));
  const served = number(lines.get('completed samples per second')?.value);
  labelSaturation(extract, labels, { asked: number(asked), served, limit: null }, 'the run');
  return labels;
}
