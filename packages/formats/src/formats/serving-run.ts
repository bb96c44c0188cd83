import type { Content } from '../content.ts';
import { type DocumentObject, documentsOf } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type Labels, type MetricName, plainNumber } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { answersOf, labelSaturation } from './serving-load.ts';

/** One number of a run as a tool wrote it, with what it means and where it stands. */
export type RunNumber = {
  value: unknown;
  meaning: FieldMeaning;
  pointer: string;
  /** its name where no canonical metric fits; default: by the pointer */
  own?: string;
};

/** A run against a server, as far as its numbers depend on it. */
export type Run = {
  /** how a warning names it: `line 3`, `/0`, `the run` */
  name: string;
  labels: Labels;
  /** requests that completed; null where it does not say */
  completed: number | null;
  /** no request completed */
  failed: boolean;
};

/** Times that are zero only where none was taken. */
const LATENCIES: ReadonlySet<MetricName> = new Set<MetricName>([
  'time_to_first_token',
  'time_per_output_token',
  'inter_token_latency',
  'request_latency',
]);

/** Rates that are zero only where nothing was counted. */
const RATES: ReadonlySet<MetricName> = new Set<MetricName>([
  'request_throughput',
  'output_token_throughput',
  'prompt_token_throughput',
  'total_token_throughput',
]);

/** How a warning names a run at a pointer. */
export function runName(at: string): string {
  return at.trim() === '' ? 'the run' : at.trim();
}

/** The numbers that an object's fields give, by a table. */
export function numbersOf(object: JsonObject, table: FieldTable, at: string): RunNumber[] {
  return Object.entries(table).flatMap(([field, meaning]) =>
    Object.hasOwn(object, field) ? [{ value: object[field], meaning, pointer: at + segment(field) }] : [],
  );
}

/**
 * Adds what was measured in a run. Left out, and named in a warning: a latency whose statistics are all zero, a throughput of
 * zero beside requests that completed, what is below zero, and what is no number.
 * @returns the latencies that were not measured
 */
export function addRunNumbers(extract: Extract, numbers: readonly RunNumber[], run: Run): ReadonlySet<MetricName> {
  const unmeasured = unmeasuredLatencies(numbers);
  for (const metric of unmeasured)
    extract.warnings.add(
      'not measured',
      `${run.name}: every statistic of ${metric.replaceAll('_', ' ')} is 0, which is written where nothing was measured: it is absent`,
    );
  for (const number of numbers) {
    if (unmeasured.has(number.meaning.metric) || isLeftOut(extract, number, run)) continue;
    const { value, meaning, pointer, own } = number;
    const place = { labels: run.labels, n: meaning.over === 'requests' ? run.completed : null, failed: run.failed, pointer };
    addNumber(extract, value, meaning, place, own);
  }
  return unmeasured;
}

/** Latencies of which all that the file says is zero. */
function unmeasuredLatencies(numbers: readonly RunNumber[]): ReadonlySet<MetricName> {
  const zero = new Map<MetricName, boolean>();
  for (const { meaning, value } of numbers) {
    const number = plainNumber(value);
    if (!LATENCIES.has(meaning.metric) || number === null || meaning.statistic === 'stddev') continue;
    zero.set(meaning.metric, number === 0 && zero.get(meaning.metric) !== false);
  }
  return new Set([...zero].filter(([, all]) => all).map(([metric]) => metric));
}

function isLeftOut(extract: Extract, { value, meaning, pointer }: RunNumber, run: Run): boolean {
  const number = plainNumber(value);
  if (number === null) {
    // Absent, or a number that no double holds, of which the next step speaks.
    if (value === null || value === '' || value instanceof LiteralNumber) return false;
    const what =
      typeof value === 'string' ? `the text "${excerpt(value, 40)}"` : `${Array.isArray(value) ? 'a list' : `a ${typeof value}`}`;
    extract.warnings.add('no numbers', `${pointer}: ${what} stands where a number should; it was not read`);
    return true;
  }
  if (number < 0) {
    extract.warnings.add('below zero', `${pointer}: ${number} is below zero, which no count, time or rate can be; it was not read`);
    return true;
  }
  if (number === 0 && !run.failed && RATES.has(meaning.metric)) {
    extract.warnings.add(
      'not measured',
      `${pointer}: 0, though requests completed: it was not counted, or is too small to show; it is absent`,
    );
    return true;
  }
  return false;
}

/** What a run says of its requests; null where it does not. */
export type Requests = { asked: number | null; completed: number | null; failed: number | null };

/**
 * Counts a run, and says how many of its requests failed.
 * @param pointer of what says so
 * @returns whether none completed: it has no latency and no throughput
 */
export function countRun(extract: Extract, { asked, completed, failed }: Requests, name: string, pointer: string): boolean {
  extract.records += 1;
  if ((completed !== null && completed <= 0) || (completed === null && failed !== null && failed > 0 && failed === asked)) {
    const of = asked !== null && asked > 0 ? ` of ${asked}` : '';
    extract.fail({ pointer, reason: `no request completed${of}` });
    return true;
  }
  const lost = failed ?? (asked !== null && completed !== null ? asked - completed : 0);
  if (lost > 0)
    extract.warnings.add(
      'failed requests',
      `${name}: ${lost} of ${asked ?? 'its'} requests failed; the statistics are over the ${completed ?? 'other'} that completed`,
    );
  return false;
}

/**
 * Begins a run by the fields that vLLM's benchmark and those made after it share: counts its requests, and labels it where the
 * server fell behind what was asked for.
 * @param totals what is kept, as failed, of a run in which no request completed
 * @param served requests a second that were served; default: `request_throughput`
 * @returns null where no request completed: nothing more of it is a result
 */
export function beginRun(
  extract: Extract,
  object: JsonObject,
  { at, labels, totals }: { at: string; labels: Record<string, string>; totals: FieldTable },
  served: unknown = object.request_throughput,
): Run | null {
  const name = runName(at);
  const completed = plainNumber(object.completed);
  const requests = { completed, asked: plainNumber(object.num_prompts), failed: plainNumber(object.failed) };
  if (countRun(extract, requests, name, `${at}/completed`)) {
    addRunNumbers(extract, numbersOf(object, totals, at), { name, labels, completed, failed: true });
    return null;
  }
  const load = { asked: plainNumber(object.request_rate), served: plainNumber(served), limit: plainNumber(object.max_concurrency) };
  labelSaturation(extract, labels, { ...load, answers: answersOf(object, completed) }, name);
  return { name, labels, completed, failed: false };
}

/**
 * The objects of a content that are results of a run, with their pointers. What else it holds is named in a warning.
 * @param what whose results, in a sentence: `vllm bench serve`
 */
export function runsOf(content: Content, isRun: (object: JsonObject) => boolean, what: string, extract: Extract): DocumentObject[] {
  const runs: DocumentObject[] = [];
  const take = (value: unknown, at: string): void => {
    if (isObject(value) && isRun(value)) runs.push({ at, object: value });
    else extract.warnings.add('no runs', `${runName(at)}: no result of a run of ${what}; it was not read`);
  };
  for (const { at, value } of documentsOf(content)) {
    if (!Array.isArray(value)) take(value, at);
    else for (const [index, item] of value.entries()) take(item, `${at}/${index}`);
  }
  return runs;
}
