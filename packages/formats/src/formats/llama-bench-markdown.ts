import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';
import { closesRow, isRuler, plainCell, splitRow } from '../markdown-row.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import { unitFromName } from '../unit-from-name.ts';
import { cellValue } from './llama-bench-csv.ts';
import { labelsOfTest } from './llama-bench-labels.ts';
import { parseTestName, type TestShape } from './llama-bench-name.ts';
import type { BenchTable } from './llama-bench-places.ts';
import { ratesOf } from './llama-bench-test.ts';
import { holdsTable } from './printed-table.ts';

/** Columns as the table heads them → llama-bench's own fields, where they differ. */
const COLUMNS: Readonly<Record<string, string>> = {
  model: 'model_type',
  backend: 'backends',
  ngl: 'n_gpu_layers',
  threads: 'n_threads',
  fa: 'flash_attn',
  sm: 'split_mode',
  mg: 'main_gpu',
  nkvo: 'no_kv_offload',
  mmap: 'use_mmap',
  dio: 'use_direct_io',
  lm: 'load_mode',
  embd: 'embeddings',
  nopo: 'no_op_offload',
  noh: 'no_host',
  dev: 'devices',
  ts: 'tensor_split',
  ot: 'tensor_buft_overrides',
  ncmoe: 'n_cpu_moe',
  mmq: 'mul_mat_q',
};

/** Columns that are no settings. */
const OTHER_COLUMNS = new Set(['test', 't/s', 'size', 'params']);

/** What the table states besides settings; `t/s` is a metric by its test. */
export const MARKDOWN_FIELDS: FieldTable = {
  't/s': {
    metric: 'own',
    statistic: 'mean',
    unit: 'tok/s',
    over: 'repetitions',
    note: '`mean ± deviation`; the metric is that of the test',
  },
  size: { metric: 'own', statistic: 'value', unit: null, note: 'of the model, with its unit in the cell' },
};

const NUMBER = String.raw`\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?`;
/** The sign is written wrongly by consoles that know no UTF-8. */
const RATE = new RegExp(`^(${NUMBER})(?: ?(?:±|Â±|┬▒|\\+/-) ?(${NUMBER}))?$`);

/** Longest line that is looked at as a header. */
const HEADER_CHARS = 2_000;

/** Whether a table of a Markdown page is one that llama-bench printed. Other tools' namesakes have other columns beside `t/s`. */
export function isBenchTable(columns: readonly string[]): boolean {
  return (
    ['model', 'test', 't/s'].every((name) => columns.includes(name)) &&
    ['size', 'params', 'backend'].some((name) => columns.includes(name)) &&
    !columns.some((name) => /\b(?:ttfr|ttft|est_ppt|peak t\/s)\b/i.test(name))
  );
}

/** Whether a text holds such a table: its header, and a row of dashes below. */
export function hasBenchTable(text: string): boolean {
  return holdsTable(text, 't/s', isBenchTable, { chars: HEADER_CHARS, columns: 200 });
}

/**
 * Reads the rows of a table. A row whose test or rate cannot be read is named and left out: its cells may be in the wrong columns.
 * @param place what tells its runs from those of another table with the same settings; null where nothing has to
 */
export function readBenchTable(extract: Extract, { table: { columns }, rows, around }: BenchTable, place: string | null): void {
  for (const row of rows) {
    const cell = (name: string): string => row.cells[columns.indexOf(name)] ?? '';
    const rate = cell('t/s').length > 64 ? null : RATE.exec(cell('t/s'));
    if (rate === null) {
      const shown = excerpt(cell('t/s'), 40);
      extract.warnings.add('rows without a rate', `line ${row.line} column t/s: "${shown}" is no rate: the row was not read`);
      continue;
    }
    extract.records += 1;
    if (Number(rate[1]) === 0) extract.fail({ pointer: `line ${row.line}`, reason: `t/s is ${rate[1]}: nothing was measured` });
    else readBenchRow(extract, columns, row, { rate: rate[1] ?? '', deviation: rate[2] ?? null }, { around, place });
  }
}

function readBenchRow(
  extract: Extract,
  columns: readonly string[],
  { line, cells }: Row,
  { rate, deviation }: { rate: string; deviation: string | null },
  { around, place }: { around: JsonObject; place: string | null },
): void {
  const test = cells[columns.indexOf('test')] ?? '';
  const shape = parseTestName(test);
  if (shape === null)
    extract.warnings.add(
      'tests of unknown sort',
      `line ${line}: "${excerpt(test, 40)}" is no test that is known: its rate was kept as t/s`,
    );
  const labels = labelsOfRow(extract, columns, cells, shape, around);
  addLabel(labels, 'place', place, extract);
  const pointer = (column: string): string => `line ${line} column ${column}`;
  const add = (literal: string, meaning: FieldMeaning | undefined): void => {
    if (meaning !== undefined) addNumber(extract, new LiteralNumber(literal), meaning, { labels, pointer: pointer('t/s') }, 't/s');
  };
  const rates = ratesOf(shape);
  add(rate, rates.avg_ts);
  if (deviation !== null) add(deviation, rates.stddev_ts);
  for (const [index, column] of columns.entries()) {
    const read = readCell(cells[index] ?? '');
    if (read.is !== 'number' || !isMeasured(column)) continue;
    const meaning: FieldMeaning = { metric: 'own', statistic: 'value', unit: read.unit ?? unitFromName(column) };
    addNumber(
      extract,
      read.text === null ? read.value : new LiteralNumber(read.text),
      meaning,
      { labels, pointer: pointer(column) },
      column,
    );
  }
}

/** Whether a column that is no setting holds a number: the model's size, or what somebody added with a unit. */
function isMeasured(column: string): boolean {
  return column === 'size' || (!OTHER_COLUMNS.has(column) && !Object.hasOwn(COLUMNS, column) && unitFromName(column) !== null);
}

function labelsOfRow(
  extract: Extract,
  columns: readonly string[],
  cells: readonly string[],
  shape: TestShape | null,
  around: JsonObject,
): Record<string, string> {
  const settings = columns.flatMap((column, index): [string, unknown][] => {
    if (OTHER_COLUMNS.has(column) || isMeasured(column)) return [];
    return [[Object.hasOwn(COLUMNS, column) ? (COLUMNS[column] ?? column) : column, cellValue(cells[index] ?? '')]];
  });
  const ran = shape === null ? {} : { n_prompt: shape.prompt, n_gen: shape.generated, n_depth: shape.depth };
  const labels = labelsOfTest({ ...Object.fromEntries(settings), ...ran, ...around }, shape, extract);
  const parameters = cells[columns.indexOf('params')]?.trim() ?? '';
  if (parameters !== '') labels.parameters = parameters;
  if (shape === null) addLabel(labels, 'test', cells[columns.indexOf('test')] ?? '', extract);
  return labels;
}

const BUILD = /^[>\s`]{0,8}build: ([0-9a-f]{6,40}) \((\d{1,9})\)/;

/** The fields that the line below a table gives: `build: 8cf427ff (5163)`; null where a line is none. */
export function buildOf(line: string): JsonObject | null {
  const match = BUILD.exec(line);
  return match === null ? null : { build_commit: match[1], build_number: match[2] };
}

/** A row that other lines have parted from its table: it closes with a pipe, has a cell for each column, and a test and a rate in theirs. */
export function strayRow(line: string, number: number, { columns }: Table, extract: Extract): Row | null {
  if (!line.trimStart().startsWith('|') || !closesRow(line) || isRuler(line)) return null;
  const cells = splitRow(line, number, extract.limits).map(plainCell);
  if (cells.length !== columns.length) return null;
  const [test, rate] = [cells[columns.indexOf('test')] ?? '', cells[columns.indexOf('t/s')] ?? ''];
  return parseTestName(test) !== null && rate.length <= 64 && RATE.test(rate) ? { line: number, cells } : null;
}
