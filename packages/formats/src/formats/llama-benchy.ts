import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels, type LabelTable, labelsFrom, listAt, plainNumber, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { Refusal } from '../refusal.ts';
import type { Format } from './format.ts';
import { BENCHY_CSV, isBenchyCsv, readBenchyCsv } from './llama-benchy-csv.ts';
import { BENCHY_COLUMNS, isBenchyTable } from './llama-benchy-markdown.ts';
import { BENCHY_FIELDS, BENCHY_METRICS, type BenchyName, benchyMeaning } from './llama-benchy-metrics.ts';
import { readOtherTables } from './markdown-page.ts';
import { warnNotMeasured } from './not-measured.ts';

const SUITE_LABELS: LabelTable = { version: 'tool_version', timestamp: 'timestamp', model: 'model', prompt_source: 'dataset' };
const TEST_LABELS: LabelTable = {
  concurrency: 'concurrency',
  context_size: 'depth',
  prompt_size: 'prompt_length',
  response_size: 'output_length',
};

/** llama-benchy, which measures a server as llama-bench measures a model: JSON, Markdown and CSV. */
export const llamaBenchy: Format = {
  name: 'llama-benchy',
  tool: 'llama-benchy',
  signature:
    'JSON: `latency_mode` and `benchmarks[].pp_throughput` of `mean`; Markdown: a table with `model`, `test`, `t/s` and `ttfr (ms)`, `est_ppt (ms)` or `e2e_ttft (ms)`; CSV: `test_name`, `t_s_mean`, `ttfr_mean` and `est_ppt_mean`',
  detect(content) {
    if (content.shape === 'markdown') return content.tables.some(({ columns }) => isBenchyTable(columns));
    if (content.shape === 'table') return content.tables.some(({ columns }) => isBenchyCsv(columns));
    const first = firstObject(content);
    return isSuite(first) || isProgress(first);
  },
  read(content, extract) {
    if (isProgress(firstObject(content)))
      throw new Refusal(
        'the progress of a run of llama-benchy, event by event, and not its result: that is what it prints or saves at its end',
      );
    if (content.shape === 'markdown') readOtherTables(extract, content.tables);
    if (content.shape === 'table') for (const table of content.tables) if (isBenchyCsv(table.columns)) readBenchyCsv(extract, table);
    for (const { at, object } of objectsOf(content)) if (isSuite(object)) readSuite(extract, object, at);
  },
  fields: {
    'of each of `benchmarks`': BENCHY_FIELDS,
    'columns of Markdown': Object.fromEntries(
      Object.entries(BENCHY_COLUMNS).flatMap(([column, names]) => {
        const meaning = names.flatMap((name) => (name === null ? [] : [BENCHY_FIELDS[name]]))[0];
        const note = names.includes(null) || names[0] === 'ttfr' ? {} : { note: 'of a row `tg…` that of generation' };
        return meaning === undefined ? [] : [[column, { ...meaning, ...note, statistic: 'mean, stddev' }]];
      }),
    ),
    // Named after what they mean in a row of a prompt, as those of Markdown.
    'columns of CSV, `_mean` and `_std`': Object.fromEntries(
      Object.entries(BENCHY_CSV).flatMap(([prefix, column]) => {
        const names = BENCHY_COLUMNS[column] ?? [];
        const meaning = names.flatMap((name) => (name === null ? [] : [BENCHY_FIELDS[name]]))[0];
        return meaning === undefined ? [] : [[prefix, { ...meaning, statistic: 'mean, stddev' }]];
      }),
    ),
  },
  labels: { ...SUITE_LABELS, ...TEST_LABELS, test: 'test' },
  notes: [
    'Rates of the whole server have one value a run; those of a request, and times, one a request. Where one request runs at a time the two are the same, and repetitions.',
    '`e2e_ttft` is the time to first token; `ttfr` is to the first response, which may hold none, and `est_ppt` is estimated from it: both keep their names.',
    'The deviation is that of the population (numpy). Throughput over time is not read.',
    'A phase that only fills the context has the label `phase`. A test without any metric failed: every request of it did.',
    'In Markdown and CSV a test without `(c…)` ran at concurrency 1; how many values stand behind a mean is not in them. Where the first column of Markdown is `t/s (total)` and no test has `(c…)`, as early versions wrote it, several requests ran at once, and how many is unknown.',
    'JSON lines of `schema` `llama-benchy-progress` are declined: they say when each token of a run came.',
    'A row of Markdown with a number where its test has none is not read: a page that lost an empty cell has all others out of place.',
    'CSV names no units: they are those of Markdown, tokens a second and milliseconds.',
  ],
};

/** Whether an object is an event of `--progress`: a request began, some tokens came. */
function isProgress(object: JsonObject | null): boolean {
  return object !== null && /^llama-benchy-progress\b/.test(textOf(object.schema) ?? '') && textOf(object.type) !== null;
}

function isSuite(object: JsonObject | null): object is JsonObject {
  if (!hasKeys(object, 'latency_mode', 'benchmarks')) return false;
  return listAt(object, 'benchmarks').some((one) => isObject(one) && hasKeys(one, 'concurrency', 'prompt_size', 'response_size'));
}

function readSuite(extract: Extract, suite: JsonObject, at: string): void {
  const given: Record<string, string> = { tool: 'llama-benchy', ...labelsFrom(suite, SUITE_LABELS, extract) };
  for (const key of ['latency_mode', 'prefix_caching_enabled']) if (Object.hasOwn(suite, key)) addLabel(given, key, suite[key], extract);
  addNumber(extract, suite.latency_ms, { metric: 'own', statistic: 'value', unit: 'ms' }, { labels: given, pointer: `${at}/latency_ms` });
  for (const [index, test] of listAt(suite, 'benchmarks').entries()) {
    const there = `${at}/benchmarks/${index}`;
    if (isObject(test)) readTest(extract, test, there, given);
    else extract.warnings.add('no tests', `${there}: no test: it was not read`);
  }
}

function readTest(extract: Extract, test: JsonObject, at: string, given: Labels): void {
  const labels: Record<string, string> = { ...given, ...labelsFrom(test, TEST_LABELS, extract) };
  if (test.is_context_prefill_phase === true) labels.phase = 'context prefill';
  if (textOf(test.prompt_id) !== null) addLabel(labels, 'prompt_id', test.prompt_id, extract);
  extract.records += 1;
  const names = Object.keys(BENCHY_METRICS).filter((name): name is BenchyName => isObject(test[name]));
  if (names.length === 0) extract.fail({ pointer: at, reason: 'nothing was measured: no request succeeded' });
  for (const name of names) readMetric(extract, name, test, at, labels);
}

function readMetric(extract: Extract, name: BenchyName, test: JsonObject, at: string, labels: Labels): void {
  const metric = test[name];
  if (!isObject(metric)) return;
  const there = `${at}/${name}`;
  const own = `/benchmarks/*/${name}`;
  const values = listAt(metric, 'values');
  const n = values.filter((one) => plainNumber(one) !== null).length || null;
  if (plainNumber(metric.mean) === 0 && values.every((one) => plainNumber(one) === 0)) {
    warnNotMeasured(extract, name, at);
    return;
  }
  const concurrency = plainNumber(test.concurrency);
  addNumber(extract, metric.mean, benchyMeaning(name, 'mean', concurrency), { labels, n, pointer: `${there}/mean` }, own);
  addNumber(extract, metric.std, benchyMeaning(name, 'stddev', concurrency), { labels, n, pointer: `${there}/std` }, own);
  for (const [index, value] of values.entries())
    addNumber(extract, value, benchyMeaning(name, 'value', concurrency), { labels, pointer: `${there}/values/${index}` }, own);
}
