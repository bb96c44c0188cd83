import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import { isPrinted, type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';
import { servingStatistic } from './serving-fields.ts';

const run = { statistic: 'value', over: 'runs' } as const;
const seconds = (statistic: string): FieldMeaning => ({ metric: 'execution_time', statistic, unit: 's', over: 'repetitions' });

const THROUGHPUT: FieldTable = {
  'requests/s': { metric: 'request_throughput', unit: 'req/s', ...run },
  'total tokens/s': { metric: 'total_token_throughput', unit: 'tok/s', ...run, note: 'input and output' },
  'output tokens/s': { metric: 'output_token_throughput', unit: 'tok/s', ...run },
  'Total num prompt tokens': { metric: 'own', unit: 'tokens', ...run },
  'Total num output tokens': { metric: 'own', unit: 'tokens', ...run },
};

/** What vLLM's benchmarks without a server print when they are done. */
export const vllmOfflineConsole: Format = {
  name: 'vllm-offline-console',
  tool: '`vllm bench throughput` and `vllm bench latency`, on the terminal',
  signature:
    'text with a line `Throughput: … requests/s, … total tokens/s, … output tokens/s`, or `Avg latency: … seconds` and `10% percentile latency: … seconds` below it',
  detect: (content) =>
    content.shape === 'text' && isPrinted(content.kind) && (RATES_LINE.test(content.text) || LATENCY_LINES.test(content.text)),
  read(content, extract) {
    if (content.shape === 'text') readLines(extract, content.text);
  },
  fields: {
    'vllm bench throughput': THROUGHPUT,
    'vllm bench latency': { 'Avg latency': seconds('mean'), '10% percentile latency, …': seconds('p10, p25, median, …') },
  },
  labels: {},
  notes: [
    'What it means stands under [vllm-throughput](#vllm-throughput) and [vllm-latency](#vllm-latency): the files that the same tools write. Output tokens a second stand on the terminal alone.',
    'Model, lengths and number of requests are not printed there. Versions that print one rate of tokens, without saying of which, are not read.',
  ],
};

const N = String.raw`(\d{1,15}(?:\.\d{1,18})?(?:e[+-]\d{1,3})?)`;
const RATES = `Throughput: ${N} requests/s, ${N} total tokens/s, ${N} output tokens/s`;
const RATES_LINE = new RegExp(`^${RATES} *\\r?$`, 'm');
const LATENCY_LINES = new RegExp(`^Avg latency: (?:${N}|nan) seconds *\\r?\\n\\d{1,2}(?:\\.\\d{1,3})?% percentile latency: `, 'm');
const RATES_ONLY = new RegExp(`^${RATES}$`);
const TOKENS = /^(Total num (?:prompt|output) tokens): {1,4}(\d{1,15})$/;
const LATENCY = new RegExp(String.raw`^(?:Avg|(\d{1,2}(?:\.\d{1,3})?)% percentile) latency: (?:${N}|nan) seconds$`);

function readLines(extract: Extract, text: string): void {
  for (const at of textLines(text)) {
    const line = at.text.trimEnd();
    const rates = RATES_ONLY.exec(line);
    const tokens = TOKENS.exec(line);
    const latency = LATENCY.exec(line);
    if (rates === null && tokens === null && latency === null) continue;
    if (!at.ended) warnAboutCutLine(extract, at);
    else if (rates !== null) readRates(extract, at, rates.slice(1));
    else if (tokens !== null) add(extract, at, tokens[2] ?? '', tokens[1] ?? '', THROUGHPUT_LABELS);
    else if (latency !== null) readLatency(extract, at, latency[1], latency[2]);
  }
}

const THROUGHPUT_LABELS: Labels = { tool: 'vllm bench throughput' };

function add(extract: Extract, { line }: TextLine, literal: string, column: string, labels: Labels, failed = false): void {
  const meaning = Object.hasOwn(THROUGHPUT, column) ? THROUGHPUT[column] : undefined;
  if (meaning !== undefined)
    addNumber(extract, new LiteralNumber(literal), meaning, { labels, failed, pointer: `line ${line} column ${column}` }, column);
}

function readRates(extract: Extract, at: TextLine, numbers: readonly string[]): void {
  extract.records += 1;
  const failed = Number(numbers[0]) === 0;
  if (failed) extract.fail({ pointer: `line ${at.line}`, reason: 'the rate of requests is 0: nothing was measured' });
  for (const [index, column] of ['requests/s', 'total tokens/s', 'output tokens/s'].entries())
    add(extract, at, numbers[index] ?? '', column, THROUGHPUT_LABELS, failed);
}

function readLatency(extract: Extract, { line }: TextLine, percentile: string | undefined, literal: string | undefined): void {
  const labels = { tool: 'vllm bench latency' };
  if (percentile === undefined) extract.records += 1;
  if (literal === undefined) {
    if (percentile === undefined) extract.fail({ pointer: `line ${line}`, reason: 'the average is nan: no iteration was measured' });
    return;
  }
  const statistic = percentile === undefined ? 'mean' : servingStatistic(`p${percentile}`);
  const column = percentile === undefined ? 'Avg latency' : `${percentile}% percentile latency`;
  if (statistic !== null)
    addNumber(extract, new LiteralNumber(literal), seconds(statistic), { labels, pointer: `line ${line} column ${column}` });
}
