import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type Labels, listAt, type MetricName, plainNumber } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { runName } from './serving-run.ts';

/** Lists with a value for each request, as vLLM (`--save-detailed`) and SGLang (`--output-details`) write them: times in seconds. */
export const REQUEST_LISTS: FieldTable = {
  ttfts: { metric: 'time_to_first_token', statistic: 'value', unit: 's', over: 'requests' },
  latencies: { metric: 'request_latency', statistic: 'value', unit: 's', over: 'requests' },
  queue_times: { metric: 'own', statistic: 'value', unit: 's', over: 'requests', note: 'how long the client held it back' },
  input_lens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
  output_lens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
};

/** Gaps between chunks, in seconds: a list for each request. */
const GAPS: FieldMeaning = { metric: 'inter_token_latency', statistic: 'value', unit: 's', over: 'gaps', note: 'a list for each request' };

/** All of these lists, as a table that people read. */
export const REQUEST_TABLE: FieldTable = { ...REQUEST_LISTS, itls: GAPS };

/** What is known of a run whose lists are read. */
export type RequestsOfRun = { at: string; labels: Labels; completed: number | null; unmeasured: ReadonlySet<MetricName> };

/**
 * Reads the lists of requests of a run: raw values, those of failed requests marked. Where it cannot be told which of them
 * failed they are left out, which a warning says: a failed request has the time 0.
 */
export function readRequests(extract: Extract, object: JsonObject, run: RequestsOfRun): void {
  const fields = Object.keys(REQUEST_TABLE).filter((field) => listAt(object, field).length > 0);
  const count = listAt(object, fields[0] ?? '').length;
  if (count === 0) return;
  const failed = failuresOf(object, count);
  const whole = fields.filter((field) => listAt(object, field).length === count);
  const good = count - failed.filter(Boolean).length;
  if (whole.length < fields.length || (run.completed !== null && good !== run.completed)) {
    extract.warnings.add(
      'lists of requests',
      `${runName(run.at)}: it cannot be told which of the ${count} requests in ${fields.join(', ')} are the ${run.completed ?? ''} that completed; the lists were not read`,
    );
    return;
  }
  for (const field of fields) {
    const meaning = field === 'itls' ? GAPS : REQUEST_LISTS[field];
    if (meaning === undefined || run.unmeasured.has(meaning.metric)) continue;
    for (const [index, value] of listAt(object, field).entries()) {
      if (meaning === GAPS && !Array.isArray(value)) continue;
      addValues(extract, value, meaning, { pointer: `${run.at}/${field}/${index}`, labels: run.labels, failed: failed[index] === true });
    }
  }
}

/** Which of the requests failed: by their errors, else by a time of zero. */
function failuresOf(object: JsonObject, count: number): readonly boolean[] {
  const errors = listAt(object, 'errors');
  if (errors.length === count) return errors.map((error) => error !== null && error !== '');
  const times = listAt(object, 'latencies').length === count ? listAt(object, 'latencies') : listAt(object, 'ttfts');
  return Array.from({ length: count }, (_, index) => times[index] === 0);
}

type ValuePlace = { pointer: string; labels: Labels; failed: boolean };

function addValues(extract: Extract, value: unknown, meaning: FieldMeaning, place: ValuePlace): void {
  if (Array.isArray(value)) {
    if (meaning !== GAPS) return;
    for (const [index, gap] of value.entries())
      if (!Array.isArray(gap)) addValues(extract, gap, meaning, { ...place, pointer: `${place.pointer}/${index}` });
    return;
  }
  const number = plainNumber(value);
  const isTime = meaning.metric === 'time_to_first_token' || meaning.metric === 'request_latency';
  if (number !== null && (number < 0 || (number === 0 && isTime && !place.failed))) {
    const what = number < 0 ? `${number} is below zero` : '0 stands for a request that completed';
    extract.warnings.add('times of requests', `${place.pointer}: ${what}; it was not read`, 1);
    return;
  }
  addNumber(extract, value, meaning, place);
}
