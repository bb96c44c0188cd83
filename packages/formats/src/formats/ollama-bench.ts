import type { Content } from '../content.ts';
import { type CsvRow, csvRows } from '../csv-rows.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import type { LabelTable } from '../fields.ts';
import { goDuration } from '../go-duration.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import type { Format } from './format.ts';
import {
  GIVEN,
  isOfTokens,
  isTold,
  type ModelInfo,
  modelInfo,
  type Placed,
  readSteps,
  STEP_FIELDS,
  type Step,
} from './ollama-bench-steps.ts';
import { readBenchstat } from './ollama-benchstat.ts';

const LABELS: LabelTable = { Params: 'parameters', Quant: 'quantization', NumCtx: 'num_ctx' };

/** Ollama's own benchmark (`cmd/bench`), as CSV, for benchstat, and as the Markdown table of its first versions. */
export const ollamaBench: Format = {
  name: 'ollama-bench',
  tool: '`cmd/bench` of Ollama',
  signature:
    'CSV headed `NAME,STEP,COUNT,NS_PER_COUNT,TOKEN_PER_SEC`, text with lines `BenchmarkModel/name=…`, or a pipe table of `Model`, `Step`, `Count`, `Duration`, `nsPerToken`, `tokensPerSec`',
  detect: (content) => (content.shape === 'text' ? isBenchText(content.text, content.kind) : isMarkdown(content)),
  read(content, extract) {
    if (content.shape === 'markdown') for (const table of content.tables) readMarkdown(extract, table);
    if (content.shape !== 'text') return;
    if (HEADER.test(content.text)) readCsvText(extract, content.text);
    else readBenchstat(extract, content.text);
  },
  fields: { 'by step': STEP_FIELDS },
  labels: LABELS,
  notes: [
    'The steps of one epoch stand below each other, and the file has no column for it: an epoch begins where a step comes again.',
    'Of `ttft`, `load` and `total` the whole duration stands in `NS_PER_COUNT`; the 0 in `TOKEN_PER_SEC` is no rate.',
    'The newest versions count the tokens of a prompt that came from the cache apart (`CACHED_PROMPT_COUNT`, `cached-prompt-token`: here `prompt_eval_cached_count`); their count of a prompt is of the others and is `processed_prompt_count`.',
    'A step of no tokens is written as 0 and was not measured; one token makes no rate.',
    'Nanoseconds a token of `prefill` and `generate` keep the name `NS_PER_COUNT`, and the label `test`; `Size` and `VRAM` of the comment line are bytes.',
    'A line for benchstat has several numbers: the pointer names the unit behind the number, as in `line 2 column token/sec`, and Go’s count of iterations `N`. A line without a step is the total.',
    'In the table, durations are Go’s, such as `2.646843954s`; one of minutes (`1m2s`) is its sum in seconds.',
    'Where one epoch loaded its model (a second at least, and five times the median of the others; of a lone one: half of the whole), `start` says cold or warm of time to first token, latency and load duration.',
  ],
};

const HEADER = /^"?NAME"?[,;\t]"?STEP"?[,;\t]"?COUNT"?[,;\t]"?NS_PER_COUNT"?[,;\t]"?TOKEN_PER_SEC"?/m;
const CACHED = 'CACHED_PROMPT_COUNT';
const BENCHMARK = /^BenchmarkModel\/name=\S/m;
const MARKDOWN = ['Model', 'Step', 'Count', 'Duration', 'nsPerToken', 'tokensPerSec'];

/** A page that only quotes such lines, as a manual does, holds no results. */
function isBenchText(text: string, kind: string): boolean {
  if (!HEADER.test(text) && !BENCHMARK.test(text)) return false;
  return kind !== 'markdown' || /^\s*(?:NAME,|Benchmark|#\s*Model:)/.test(text);
}

function isMarkdown(content: Content): boolean {
  return content.shape === 'markdown' && content.tables.length > 0 && content.tables.every(isBenchTable);
}

function isBenchTable({ columns }: Table): boolean {
  return MARKDOWN.every((name) => columns.includes(name));
}

/** Reads CSV, with comment lines behind its header; files that were put behind each other have several headers. */
function readCsvText(extract: Extract, text: string): void {
  const delimiter = (HEADER.exec(text)?.[0] ?? ',').replace(/["A-Z_]/g, '').charAt(0) || ',';
  const { rows, end } = csvRows(text, delimiter, extract.limits);
  const infos = new Map<string, ModelInfo>();
  const steps: Step[] = [];
  let columns: readonly string[] | null = null;
  for (const row of rows) {
    const [first = ''] = row.cells;
    const cut = row === rows.at(-1) && (end === 'cell' || end === 'open quote');
    const info = first.trimStart().startsWith('#') && !cut ? modelInfo(row.cells.join(delimiter), row.line) : null;
    if (info !== null) infos.set(info.model, info);
    else if (isTold(extract, row.cells.join(delimiter), row.line)) continue;
    else if (first.trim() === 'NAME') columns = row.cells.map((cell) => cell.trim());
    else if (columns !== null && first.trim() !== '' && !first.trimStart().startsWith('#')) {
      if (cut) warnAboutCut(extract, row.line);
      const step = csvStep(extract, row, columns, cut);
      if (step !== null) steps.push(step);
    }
  }
  readSteps(extract, steps, infos, GIVEN);
}

function warnAboutCut(extract: Extract, line: number): void {
  extract.warnings.endsInside();
  extract.warnings.add(
    'last line',
    `line ${line}, the last one, has no line end and cannot be told from a cut one: its last cell was not read`,
  );
}

function csvStep(extract: Extract, { line, cells, broken }: CsvRow, columns: readonly string[], cut: boolean): Step | null {
  if (broken || cells.length !== columns.length) {
    extract.warnings.add('ragged rows', `line ${line} has ${cells.length} cells where the header has ${columns.length}: it was not read`);
    return null;
  }
  const cellOf = (name: string): string => {
    const index = columns.indexOf(name);
    return index < 0 || (cut && index === columns.length - 1) ? '' : (cells[index] ?? '').trim();
  };
  const placed = (name: string, unit: string): Placed | null => {
    const cell = readCell(cellOf(name));
    if (cell.is === 'number' && cell.unit === null)
      return { value: cell.value, text: cell.text, unit, pointer: `line ${line} column ${name}` };
    if (cell.is !== 'absent')
      extract.warnings.add('mixed columns', `line ${line}, column ${name}: "${excerpt(cellOf(name), 40)}" is no number; it was not read`);
    return null;
  };
  const step = cellOf('STEP').toLowerCase();
  const tokens = isOfTokens(step);
  return {
    model: cellOf('NAME'),
    step,
    where: `line ${line}`,
    count: tokens ? placed('COUNT', 'tokens') : null,
    ...(columns.includes(CACHED) ? { cached: step === 'prefill' ? placed(CACHED, 'tokens') : null } : {}),
    time: placed('NS_PER_COUNT', tokens ? 'ns/token' : 'ns'),
    rate: tokens ? placed('TOKEN_PER_SEC', 'tok/s') : null,
  };
}

/** Reads the table that first versions printed by default. */
function readMarkdown(extract: Extract, { columns, rows }: Table): void {
  const steps = rows.map(({ line, cells }): Step => {
    const cellOf = (name: string): string => (cells[columns.indexOf(name)] ?? '').trim();
    const placed = (name: string, unit: string): Placed | null => {
      const cell = readCell(cellOf(name));
      return cell.is === 'number' && cell.unit === null
        ? { value: cell.value, text: cell.text, unit, pointer: `line ${line} column ${name}` }
        : null;
    };
    const step = cellOf('Step').toLowerCase();
    const tokens = isOfTokens(step);
    const duration = goDuration(cellOf('Duration'));
    const whole = duration === null ? null : { ...duration, pointer: `line ${line} column Duration` };
    const count = tokens ? placed('Count', 'tokens') : null;
    const perToken = tokens ? placed('nsPerToken', 'ns/token') : whole;
    return {
      model: cellOf('Model'),
      step,
      where: `line ${line}`,
      count,
      time: perToken,
      rate: tokens ? placed('tokensPerSec', 'tok/s') : null,
    };
  });
  readSteps(extract, steps, new Map(), GIVEN);
}
