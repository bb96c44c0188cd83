import type { Content } from '../content.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { blocksIn, holdsBlock, type PrintedBlock, type PrintedLine } from './console-block.ts';
import { LINES, meaningOfLine, PRINTED_LATENCIES } from './console-fields.ts';
import { ARGUMENTS, consoleLabels, labelDifferingFlags, settingOfLine } from './console-labels.ts';
import { placesOf } from './console-places.ts';
import { wrappedTexts, wrapsBlock } from './console-wrapper.ts';
import type { Format } from './format.ts';
import { readMarkdownPage } from './markdown-page.ts';
import { labelSaturation } from './serving-load.ts';
import { addRunNumbers, countRun, type RunNumber } from './serving-run.ts';
import { withoutWholeRequests } from './serving-streaming.ts';

/** Values of a JSON document that are looked at for a printed result. */
const LOOKED_AT = 100_000;

/** What vLLM's and SGLang's benchmarks of a server print at their end, as people keep and paste it. */
export const vllmServeConsole: Format = {
  name: 'vllm-serve-console',
  tool: '`vllm bench serve` and `sglang.bench_serving`, on the terminal',
  signature:
    'text, or a text within JSON, with the line `====== Serving Benchmark Result ======` and soon behind it `Successful requests:`',
  detect(content) {
    if (content.shape === 'text') return content.kind !== 'csv' && holdsBlock(content.text);
    return wrapsBlock(content, LOOKED_AT);
  },
  read(content, extract) {
    if (content.shape !== 'text') readWrapped(extract, content);
    else {
      const isPage = content.kind === 'markdown';
      readText(extract, content.text, { at: '', labels: {}, failed: false, isPage });
      // A page may hold tables as well.
      if (isPage) readMarkdownPage(extract, content.text);
    }
  },
  fields: { 'lines of a result': LINES, 'over its requests': PRINTED_LATENCIES },
  labels: ARGUMENTS,
  notes: [
    'The numbers are rounded to two decimals; the JSON file of the same run has all of them.',
    'Each block is a run. The unit is the one in the brackets of its line.',
    'Labels are from the `Namespace(…)` line before the block, or from the only command above it that nothing in the block contradicts and no heading gives to others, and from the lines that say what was set.',
    'Where the labels of several blocks are the same and the commands above them differ, the flags that differ are labels, but for those that change nothing (`--seed`, `--result-filename`).',
    'Where the labels of several blocks of a page are still the same, what of the headings above tells them apart is the label `place`.',
    'A block with the line `User throughput (tok/s):` is of TensorRT-LLM’s benchmark or of one made after it: it has no label `tool`.',
    'The block of SGLang is told apart by its lines: `Backend:`, `Mean E2E Latency (ms):`, `Total generated tokens (retokenized):`.',
    'A block without its last line of `=` may be cut off: a last number that the text ends with is not read.',
  ],
};

/** Where a text stands, and what holds for the results in it. */
type TextPlace = { at: string; labels: Labels; failed: boolean; isPage: boolean };

function readWrapped(extract: Extract, content: Content): void {
  const { texts, failures, numbers } = wrappedTexts(content);
  for (const { text, at, labels, failure } of texts)
    readText(extract, text, { at: `${at} `, labels, failed: failure !== null, isPage: false });
  for (const { at, reason, told } of failures) {
    extract.fail({ pointer: at, reason });
    if (!told) extract.records += 1;
  }
  if (numbers > 0)
    extract.warnings.add('numbers beside', `only the printed results were read, and not the numbers beside them (${numbers})`);
}

function readText(extract: Extract, text: string, place: TextPlace): void {
  const results: Result[] = [];
  for (const block of blocksIn(text)) {
    if (block.lines.length > 0) results.push(resultOf(extract, block, place));
    else extract.warnings.add('headlines', `${place.at}line ${block.line}: the headline of a result, and no number behind it`);
  }
  labelDifferingFlags(results, extract);
  const places = place.isPage && results.length > 1 ? placesOf(text, results) : new Map<Result, string>();
  for (const result of results) {
    addLabel(result.labels, 'place', places.get(result) ?? null, extract);
    readBlock(extract, result, place);
  }
}

type Result = { block: PrintedBlock; isSglang: boolean; labels: Record<string, string> };

function resultOf(extract: Extract, block: PrintedBlock, place: TextPlace): Result {
  const isSglang = block.lines.some(({ label }) => SGLANG_LINE.test(label));
  const labels = consoleLabels(block, { given: { ...place.labels, ...toolOf(block, isSglang) }, isSglang }, extract);
  if (isSglang && labels.backend === undefined) labels.engine ??= 'sglang';
  return { block, isSglang, labels };
}

function readBlock(extract: Extract, { block, isSglang, labels }: Result, place: TextPlace): void {
  const name = `${place.at}line ${block.line}`;
  warnAboutEnd(extract, block, name);
  // JSON around a text is whole, or would not have been read.
  if (block.end === 'text' && place.at === '') extract.warnings.endsInside();
  const of = (label: RegExp) => block.lines.find((line) => label.test(line.label));
  const successful = of(/^successful requests$/i);
  const completed = numberIn(successful?.value);
  const requests = { completed, asked: numberIn(labels.num_prompts), failed: numberIn(of(/^failed requests$/i)?.value) };
  const none = countRun(extract, requests, name, successful === undefined ? name : `${place.at}line ${successful.line}`);
  const load = { asked: numberIn(labels.request_rate), served: numberIn(of(/^request throughput/i)?.value) };
  const tokens = numberIn(of(/^total generated tokens$/i)?.value);
  const seconds = (label: RegExp): number | null => {
    const milliseconds = numberIn(of(label)?.value);
    return milliseconds === null ? null : milliseconds / 1000;
  };
  const slow = { slowest: seconds(/^p99 e2e(?:l| latency) \(ms\)$/i), slowestFirst: seconds(/^p99 ttft \(ms\)$/i) };
  const answers = { completed, tokens, perToken: seconds(/^mean tpot \(ms\)$/i), ...slow };
  if (!none) labelSaturation(extract, labels, { ...load, limit: numberIn(labels.concurrency), answers }, name);
  const numbers = withoutSecondMedians(block.lines.flatMap((line) => numbersOfLine(extract, line, place.at)));
  const perRequest = tokens === null || completed === null || none ? null : tokens / completed;
  const streamed = isSglang ? withoutWholeRequests(extract, numbers, name, perRequest) : numbers;
  addRunNumbers(extract, none ? numbers.filter(isTotal) : streamed, { name, labels, completed, failed: none || place.failed });
}

/** A P50 that stands beside a median is not a second median. */
function withoutSecondMedians(numbers: readonly RunNumber[]): RunNumber[] {
  const names = new Set(numbers.map(({ own }) => own?.toLowerCase()));
  return numbers.map((number) => {
    const name = number.own?.toLowerCase() ?? '';
    if (!name.startsWith('p50 ') || !names.has(`median ${name.slice(4)}`)) return number;
    return { ...number, meaning: { ...number.meaning, statistic: 'p50' } };
  });
}

/** Lines that only SGLang prints. */
const SGLANG_LINE = /^(?:backend|traffic request rate|total generated tokens \(retokenized\)|mean e2e latency \(ms\))$/i;

/** Lines of those who print vLLM's block with times in seconds, and of TensorRT-LLM's and those made after it: several, so none is named. */
const OTHERS_LINE = /^(?:median \w+ \(s\)|user throughput \(tok\/s\))$/i;

function toolOf(block: PrintedBlock, isSglang: boolean): Labels {
  if (isSglang) return { tool: 'sglang.bench_serving' };
  return block.lines.some(({ label }) => OTHERS_LINE.test(label)) ? {} : { tool: 'vllm bench serve' };
}

/** Counts and durations: what a run without a request that completed has. */
function isTotal({ meaning }: RunNumber): boolean {
  const { metric, statistic, unit } = meaning;
  return metric === 'duration' || (metric === 'own' && statistic === 'value' && (unit === null || unit === 'tokens'));
}

function numbersOfLine(extract: Extract, { label, value, line }: PrintedLine, at: string): RunNumber[] {
  if (settingOfLine(label) !== null) return [];
  const cell = readCell(value);
  const { meaning, own } = meaningOfLine(label);
  const pointer = `${at}line ${line}`;
  if (cell.is === 'comma' || cell.is === 'beyond') {
    const why = cell.is === 'comma' ? 'its comma may be a decimal one' : 'a double cannot hold it';
    extract.warnings.add('no numbers', `${pointer}: ${label}: ${excerpt(value, 40)}: ${why}; it was not read`);
  }
  if (cell.is !== 'number') return [];
  if (cell.unit !== null && meaning.unit !== null && cell.unit !== meaning.unit) {
    extract.warnings.add('units', `${pointer}: ${label} is stated in ${meaning.unit} and in ${cell.unit}; it was not read`);
    return [];
  }
  const number = cell.text === null ? cell.value : new LiteralNumber(cell.text);
  return [{ value: number, meaning: { ...meaning, unit: meaning.unit ?? cell.unit }, pointer, own }];
}

function numberIn(text: string | undefined): number | null {
  const cell = readCell(text ?? '');
  return cell.is === 'number' && cell.unit === null ? cell.value : null;
}

function warnAboutEnd(extract: Extract, { end, cutLine }: PrintedBlock, name: string): void {
  if (end === 'ruler') return;
  const number = cutLine === null ? '' : `; the text ends within line ${cutLine}, which was not read`;
  extract.warnings.add('blocks without an end', `${name}: the printed result has no last line of =: it may be cut off${number}`);
}
