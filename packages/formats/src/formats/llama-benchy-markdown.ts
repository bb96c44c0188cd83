import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
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
  // Before tests had the suffix `(c2)`, this column told that several requests ran at once, and nothing how many.
  const alone = columns.includes('t/s');
  for (const { line, cells } of rows) {
    const test = benchyTest(extract, cells[columns.indexOf('test')] ?? '', `line ${line} column test`);
    if (test === null) continue;
    const strange = columns.find((column, index) => isOtherSort(column, test) && readCell(cells[index] ?? '').is !== 'absent');
    if (strange !== undefined) {
      const sentence = `line ${line} column ${strange}: ${test.name} has no such number, so the cells may be out of place: the row was not read`;
      extract.warnings.add('rows out of place', sentence);
      continue;
    }
    const labels = labelsOfTest(extract, test, cells[columns.indexOf('model')], alone ? 1 : null);
    extract.records += 1;
    for (const [index, column] of columns.entries()) {
      const name = benchyName(column, test);
      const place = { labels, pointer: `line ${line} column ${column}` };
      if (name !== null) readCellOf(extract, name, (cells[index] ?? '').trim(), test.concurrency ?? (alone ? 1 : null), place);
    }
  }
}

/** A test, by its name: how many tokens of prompt or output, behind how many, by how many requests at once where the name says so. */
export type BenchyTest = {
  name: string;
  kind: 'pp' | 'tg';
  fillsContext: boolean;
  size: string | undefined;
  depth: string;
  concurrency: number | null;
};

/** The test that a cell names; null, with a warning, where it names none that is known. */
export function benchyTest(extract: Extract, cell: string, pointer: string): BenchyTest | null {
  const [name, context, kind, size, depth = '0', concurrent] = (cell.length > 64 ? null : TEST.exec(cell)) ?? [];
  if (name !== undefined)
    return {
      name,
      kind: kind === 'pp' ? 'pp' : 'tg',
      fillsContext: context !== undefined,
      size,
      depth,
      concurrency: concurrent === undefined ? null : Number(concurrent),
    };
  const sentence = `${pointer}: "${excerpt(cell, 40)}" is no test that is known: the row was not read`;
  extract.warnings.add('tests of unknown sort', sentence);
  return null;
}

/** @param concurrency of a test whose name states none; null where that may be any */
export function labelsOfTest(extract: Extract, test: BenchyTest, model: unknown, concurrency: number | null): Record<string, string> {
  const labels: Record<string, string> = { tool: 'llama-benchy', test: test.name };
  addLabel(labels, 'model', model, extract);
  addLabel(labels, test.kind === 'pp' ? 'prompt_length' : 'output_length', test.size, extract);
  addLabel(labels, 'depth', test.depth, extract);
  addLabel(labels, 'concurrency', test.concurrency ?? concurrency, extract);
  if (test.fillsContext) labels.phase = 'context prefill';
  return labels;
}

/** Whether a column holds what a test of this sort cannot have: a page that lost an empty cell has another number there. */
function isOtherSort(column: string, test: BenchyTest): boolean {
  return Object.hasOwn(BENCHY_COLUMNS, column) && benchyName(column, test) === null;
}

/** The metric in a column of Markdown in the row of a test; null where the column holds none of it. */
export function benchyName(column: string, { kind }: BenchyTest): BenchyName | null {
  const names = Object.hasOwn(BENCHY_COLUMNS, column) ? BENCHY_COLUMNS[column] : undefined;
  return names?.[kind === 'pp' ? 0 : 1] ?? null;
}

function readCellOf(
  extract: Extract,
  name: BenchyName,
  cell: string,
  concurrency: number | null,
  place: { labels: Labels; pointer: string },
): void {
  if (readCell(cell).is === 'absent') return;
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
