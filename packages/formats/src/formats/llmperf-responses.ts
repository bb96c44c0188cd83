import { hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type Labels, labelTextOf, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import type { JsonObject } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { ownName } from './perf-metrics.ts';

/** What is known of each request; the summary has statistics of the same fields. */
export const LLMPERF_REQUEST: FieldTable = {
  ttft_s: { metric: 'time_to_first_token', statistic: 'value', unit: 's', over: 'requests' },
  end_to_end_latency_s: { metric: 'request_latency', statistic: 'value', unit: 's', over: 'requests' },
  inter_token_latency_s: { metric: 'own', statistic: 'value', unit: 's', over: 'requests', note: 'includes the first token' },
  request_output_throughput_token_per_s: {
    metric: 'own',
    statistic: 'value',
    unit: 'tok/s',
    over: 'requests',
    note: 'includes the first token',
  },
  number_input_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
  number_output_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
  number_total_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
};

const LABELS: Labels = { tool: 'llmperf' };

/** Whether an object is the response to one request. */
export function isLlmperfResponse(object: JsonObject): boolean {
  return hasKeys(object, 'ttft_s', 'end_to_end_latency_s', 'error_code');
}

/** Reads the response to one request. One with an error code is a failed record, and its numbers are marked. */
export function readLlmperfResponse(extract: Extract, object: JsonObject, at: string): void {
  const reason = failureOf(object);
  extract.records += 1;
  if (reason !== null) extract.fail({ pointer: at.trim() || '/error_code', reason });
  const silent = reason === null && saidNothing(object);
  if (silent)
    extract.warnings.add(
      'empty responses',
      `${at.trim() || 'the response'}: the request generated no token: it has no time to the first one and no rate`,
    );
  for (const [field, meaning] of Object.entries(LLMPERF_REQUEST)) {
    if (!Object.hasOwn(object, field) || (silent && NEEDS_TOKENS.has(field))) continue;
    const place = { labels: LABELS, failed: reason !== null, pointer: at + segment(field) };
    addTextNumber(extract, object[field], meaning, place, ownName(field));
  }
}

const NEEDS_TOKENS = new Set(['ttft_s', 'inter_token_latency_s', 'request_output_throughput_token_per_s']);

/** The file writes zeros where no token came. */
function saidNothing(object: JsonObject): boolean {
  return plainNumber(object.number_output_tokens) === 0 || plainNumber(object.ttft_s) === 0;
}

function failureOf({ error_code: code, error_msg: message }: JsonObject): string | null {
  const number = labelTextOf(code)?.trim() ?? '';
  const words = textOf(message)?.trim() ?? '';
  if (number === '' && (words === '' || code === null)) return null;
  return excerpt(`error_code ${number === '' ? 'unknown' : number}${words === '' ? '' : `: ${words}`}`);
}

/** Adds a number that may stand there as a text: `"550"`. */
export function addTextNumber(
  extract: Extract,
  value: unknown,
  meaning: FieldMeaning,
  place: { labels: Labels; n?: number | null; failed: boolean; pointer: string },
  own: string,
): void {
  const cell = typeof value === 'string' ? readCell(value) : null;
  if (cell?.is === 'number' && cell.unit === null) addNumber(extract, cell.value, meaning, place, own);
  else addNumber(extract, value, meaning, place, own);
}
