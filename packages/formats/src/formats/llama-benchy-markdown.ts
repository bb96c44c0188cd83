import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Row, Table } from '../table.ts';
import { type BenchyName, benchyMeaning } from './llama-benchy-metrics.ts';

/** Columns → the metric that they are, in a row of a prompt test and in one of generation. */
export const BENCHY_COLUMNS: Readonly<Record<string, readonly [prompt: BenchyName | null, generation: BenchyName | null]>> = {
  't/s': ['pp_throughput', 'tg_throughput'],
  't/s (total)': ['pp_throughput', 'tg_throughput'],
  't/s (req)': ['pp_req_throughput', 'tg_req_throughput'],
  'peak t/s': [null, 'peak_throughput'],
  'peak t/s (total)': [null, 'peak_throughput'],
  'peak t/s (req)': [null, 'peak_req_throughput'],
  'ttfr (ms)': ['ttfr', null],
  'est_ppt (ms)': ['est_ppt', null],
  'e2e_ttft (ms)': ['e2e_ttft', null],
};

/** `pp2048 @ d1000 (c2)`, `ctx_tg @ d4096`. */
const TEST = /^(ctx_)?(pp|tg) ?(\d{1,9})?(?: ?@ ?d ?(\d{1,9}))?(?: ?\(c(\d{1,6})\))?$/;
const NUMBER = String.raw`\d{1,15}(?:\.\d{1,15})?`;
const MEAN = new RegExp(`^(${NUMBER})(?: ?(?:±|Â±|┬▒|\\+/-) ?(${NUMBER}))?$`);

/** Whether columns are those of llama-benchy: they name what llama-bench of llama.cpp cannot measure. */
export function isBenchyTable(columns: readonly string[]): boolean {
  const has = (...names: string[]): boolean => names.some((name) => columns.includes(name));
  return has('model') && has('test') && has('t/s', 't/s (total)') && has('ttfr (ms)', 'est_ppt (ms)', 'e2e_ttft (ms)');
}

/** Reads the rows of a table. One whose test cannot be read is named and left out. */
export function readBenchyTable(extract: Extract, { columns, rows }: Table): void {
  for (const row of rows) {
    const cell = row.cells[columns.indexOf('test')] ?? '';
    const test = cell.length > 64 ? null : TEST.exec(cell);
    if (test === null) {
      const sentence = `line ${row.line} column test: "${excerpt(cell, 40)}" is no test that is known: the row was not read`;
      extract.warnings.add('tests of unknown sort', sentence);
    } else readRow(extract, columns, row, test);
  }
}

function readRow(extract: Extract, columns: readonly string[], { line, cells }: Row, test: RegExpExecArray): void {
  const [whole, context, kind, size, depth, concurrent] = test;
  const labels: Record<string, string> = { tool: 'llama-benchy', test: whole };
  addLabel(labels, 'model', cells[columns.indexOf('model')], extract);
  addLabel(labels, kind === 'pp' ? 'prompt_length' : 'output_length', size, extract);
  addLabel(labels, 'depth', depth ?? '0', extract);
  // The suite's greatest concurrency is not in the table: without a suffix it was 1.
  addLabel(labels, 'concurrency', concurrent ?? '1', extract);
  if (context !== undefined) labels.phase = 'context prefill';
  extract.records += 1;
  for (const [index, column] of columns.entries()) {
    const names = Object.hasOwn(BENCHY_COLUMNS, column) ? BENCHY_COLUMNS[column] : undefined;
    const name = names?.[kind === 'pp' ? 0 : 1] ?? null;
    const place = { labels, pointer: `line ${line} column ${column}` };
    if (name !== null) readCellOf(extract, name, (cells[index] ?? '').trim(), Number(concurrent ?? 1), place);
  }
}

function readCellOf(
  extract: Extract,
  name: BenchyName,
  cell: string,
  concurrency: number,
  place: { labels: Labels; pointer: string },
): void {
  if (cell === '') return;
  const match = cell.length > 64 ? null : MEAN.exec(cell);
  if (match === null) {
    const sentence = `${place.pointer}: "${excerpt(cell, 40)}" is no mean and deviation: it was not read`;
    extract.warnings.add('cells that are no results', sentence);
    return;
  }
  const [, mean = '', deviation] = match;
  if (Number(mean) === 0) {
    extract.warnings.add('not measured', `${place.pointer}: 0, which is written where nothing was measured: it is absent`);
    return;
  }
  addNumber(extract, new LiteralNumber(mean), benchyMeaning(name, 'mean', concurrency), place, name);
  if (deviation !== undefined) addNumber(extract, new LiteralNumber(deviation), benchyMeaning(name, 'stddev', concurrency), place, name);
}
