import type { Content } from '../content.ts';
import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import {
  addLabel,
  addNumber,
  type FieldTable,
  type Labels,
  type LabelTable,
  labelsFrom,
  listAt,
  objectAt,
  plainNumber,
  textOf,
} from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import type { Format } from './format.ts';
import { CONSOLE_FIELDS, isScoreConsole, readScoreConsole } from './localscore-console.ts';
import { isPrinted } from './printed-text.ts';

const mean = { statistic: 'mean', over: 'repetitions' } as const;
const spread = { statistic: 'stddev', over: 'repetitions' } as const;

const FIELDS: FieldTable = {
  prompt_tps: { metric: 'prompt_token_throughput', unit: 'tok/s', ...mean },
  prompt_tps_stddev: { metric: 'prompt_token_throughput', unit: 'tok/s', ...spread },
  gen_tps: { metric: 'output_token_throughput', unit: 'tok/s', ...mean },
  gen_tps_stddev: { metric: 'output_token_throughput', unit: 'tok/s', ...spread },
  ttft_ms: { metric: 'time_to_first_token', unit: 'ms', ...mean },
  avg_time_ms: { metric: 'own', unit: 'ms', ...mean, note: 'of a whole test' },
  stddev_time_ms: { metric: 'own', unit: 'ms', ...spread },
  power_watts: { metric: 'power', unit: 'W', ...mean },
  prompt_tps_watt: { metric: 'own', unit: 'tok/s/W', ...mean },
  gen_tps_watt: { metric: 'own', unit: 'tok/s/W', ...mean },
  vram_used_mb: { metric: 'own', unit: 'MiB', statistic: 'value', note: 'MiB, as the tool’s own table prints it' },
};

/** What a summary says over all tests: of prompts and outputs of all lengths together. */
const SUMMARY_FIELDS: FieldTable = {
  performance_score: { metric: 'own', statistic: 'value', unit: null, note: 'the score; not computed again' },
  avg_prompt_tps: { metric: 'own', statistic: 'mean', unit: 'tok/s', note: 'over tests of different lengths' },
  avg_gen_tps: { metric: 'own', statistic: 'mean', unit: 'tok/s' },
  avg_ttft_ms: { metric: 'own', statistic: 'mean', unit: 'ms' },
};

const TEST_LABELS: LabelTable = {
  name: 'test',
  test: 'test',
  model_name: 'model',
  model_quant_str: 'quantization',
  model_params_str: 'parameters',
  n_prompt: 'prompt_length',
  n_gen: 'output_length',
  build_commit: 'engine_commit',
  test_time: 'timestamp',
};

/** LocalScore: how fast a model runs on one machine, as JSON and as CSV. */
export const localscore: Format = {
  name: 'localscore',
  tool: 'LocalScore (`localscore`, `llamafile --localscore`)',
  signature:
    'JSON: `accelerator_info` and `results_summary.performance_score`, or `results[]` of `prompt_tps`, `gen_tps` and `ttft_ms`; CSV: a header with `n_prompt`, `n_gen`, `prompt_tps`, `gen_tps` and `ttft_ms`; text: a table with `test`, `run number`, `pp t/s`, `tg t/s` and `ttft`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isScoreConsole(content.text);
    return content.shape === 'table' ? content.tables.some(isScoreTable) : isReport(firstObject(content));
  },
  read: readScore,
  fields: { 'of a test': FIELDS, 'over all tests': SUMMARY_FIELDS, 'columns on the terminal': CONSOLE_FIELDS },
  labels: {
    ...TEST_LABELS,
    'runtime_info.name': 'engine',
    'runtime_info.version': 'engine_version',
    'system_info.cpu_name': 'cpu',
    'accelerator_info.name': 'gpu',
  },
  notes: [
    'A 0 under power, memory, deviation or time to first token is what is written where nothing was measured: it is absent, and so is `inf`, a rate by a power of 0.',
    '`samples_ns` is not read: with some versions its two numbers are the prompt’s time and the output’s, and no repetitions.',
    'The score and the averages of the summary are over tests of different lengths: they keep their names and are not judged. In CSV they stand in comment lines, which are not read.',
    'On the terminal a row is printed anew while its test runs: its last state counts, and n is the number of runs. One that did not come to its last run or token is a failed record. The box above names the accelerator, which may be the processor.',
    'A test whose rates are all 0 failed.',
  ],
};

function isScoreTable({ columns }: Table): boolean {
  return ['n_prompt', 'n_gen', 'prompt_tps', 'gen_tps', 'ttft_ms'].every((name) => columns.includes(name));
}

function isReport(object: JsonObject | null): object is JsonObject {
  if (!hasKeys(object, 'accelerator_info', 'results')) return false;
  const [first] = listAt(object, 'results');
  // The first versions wrote no summary.
  const tests = isObject(first) && hasKeys(first, 'prompt_tps', 'gen_tps', 'ttft_ms') && Object.hasOwn(object, 'runtime_info');
  return tests || hasKeys(objectAt(object, 'results_summary'), 'performance_score');
}

function readScore(content: Content, extract: Extract): void {
  if (content.shape === 'text') readScoreConsole(extract, content.text);
  if (content.shape === 'table')
    for (const table of content.tables.filter(isScoreTable)) for (const row of table.rows) readRow(extract, table, row);
  for (const { at, object } of objectsOf(content)) if (isReport(object)) readReport(extract, object, at);
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const given: Record<string, string> = { tool: 'localscore' };
  const [runtime, system, accelerator] = ['runtime_info', 'system_info', 'accelerator_info'].map((key) => objectAt(report, key));
  addLabel(given, 'engine', runtime?.name, extract);
  addLabel(given, 'engine_version', runtime?.version, extract);
  addLabel(given, 'cpu', system?.cpu_name, extract);
  if (textOf(accelerator?.type)?.toUpperCase() !== 'CPU') addLabel(given, 'gpu', accelerator?.name, extract);
  for (const [index, test] of listAt(report, 'results').entries()) {
    const there = `${at}/results/${index}`;
    if (isObject(test)) addTest(extract, test, (field) => there + segment(field), { at: there, given });
    else extract.warnings.add('no tests', `${there}: no test: it was not read`);
  }
  const summary = objectAt(report, 'results_summary');
  for (const [field, meaning] of Object.entries(SUMMARY_FIELDS))
    if (plainNumber(summary[field]) !== 0)
      addNumber(extract, summary[field], meaning, { labels: given, pointer: `${at}/results_summary/${field}` });
}

function readRow(extract: Extract, { columns }: Table, { line, cells }: Row): void {
  const pointer = (column: string): string => `line ${line} column ${column}`;
  const pairs = columns.flatMap((column, index): [string, unknown][] => {
    const cell = (cells[index] ?? '').trim();
    if (!Object.hasOwn(FIELDS, column)) return [[column, cell]];
    const read = readCell(cell);
    if (read.is === 'number' && read.unit === null) return [[column, new LiteralNumber(cell)]];
    if (read.is !== 'absent')
      extract.warnings.add('cells that are no numbers', `${pointer(column)}: "${excerpt(cell, 40)}" is no number: it was not read`);
    return [];
  });
  addTest(extract, Object.fromEntries(pairs), pointer, { at: `line ${line}`, given: { tool: 'localscore' } });
}

function addTest(
  extract: Extract,
  test: JsonObject,
  pointer: (field: string) => string,
  { at, given }: { at: string; given: Labels },
): void {
  const labels = { ...given, ...labelsFrom(test, TEST_LABELS, extract) };
  extract.records += 1;
  const rates = ['prompt_tps', 'gen_tps'].map((field) => plainNumber(test[field]));
  if (rates.every((rate) => rate === 0 || rate === null)) {
    extract.fail({ pointer: at, reason: 'prompt_tps and gen_tps are 0: nothing was measured' });
    return;
  }
  for (const [field, meaning] of Object.entries(FIELDS))
    if (Object.hasOwn(test, field) && plainNumber(test[field]) !== 0)
      addNumber(extract, test[field], meaning, { labels, pointer: pointer(field) }, at.startsWith('line ') ? field : undefined);
}
