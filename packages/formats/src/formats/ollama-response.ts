import { canonicalLabel } from '@chimera/shared/domain';
import { mayBeDimension } from '../dimensions.ts';
import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type LabelTable, labelsFrom, objectAt, plainNumber, textOf, unknownLabels } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { saysError } from '../marks.ts';

/** Numbers of a final response; each is left out where it is zero. */
export const RESPONSE_NUMBERS = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

export const RESPONSE_LABELS: LabelTable = { model: 'model', created_at: 'timestamp' };
/** In `details`, as `/api/show` has them. */
export const DETAIL_LABELS: LabelTable = { quantization_level: 'quantization', parameter_size: 'parameters' };

/** A final response, with the object that somebody wrapped around it. */
export type FinalResponse = { at: string; object: JsonObject; around: { at: string; object: JsonObject } | null };

/** What an object of a file of responses is. */
export type Kind = 'final' | 'wrapper' | 'chunk' | 'loading' | 'error' | 'other';

/** What an object is: a final response, a part of a stream, an error, … */
export function kindOfObject(object: JsonObject): Kind {
  if (object.done === true)
    return object.done_reason === 'load' || object.done_reason === 'unload' ? 'loading' : isFinal(object) ? 'final' : 'other';
  if (object.done === false)
    return hasKeys(object, 'model') && (hasKeys(object, 'response') || hasKeys(object, 'message')) ? 'chunk' : 'other';
  if (finalIn(object) !== null) return 'wrapper';
  const error = textOf(object.error);
  return error !== null && saysError(error) ? 'error' : 'other';
}

/** Two of the numbers: other servers say `done` too. */
function isFinal(object: JsonObject): boolean {
  return object.done === true && RESPONSE_NUMBERS.filter((key) => plainNumber(object[key]) !== null).length >= 2;
}

/** The key of the one final response in an object, or null. */
export function finalIn(object: JsonObject): string | null {
  const keys = Object.keys(object).filter((key) => {
    const value = object[key];
    return isObject(value) && isFinal(value);
  });
  return keys.length === 1 ? (keys[0] ?? null) : null;
}

/** The final response that an object is, or wraps. */
export function finalResponse(at: string, object: JsonObject): FinalResponse | null {
  if (isFinal(object)) return { at, object, around: null };
  const key = finalIn(object);
  const inner = key === null ? null : object[key];
  return key === null || !isObject(inner) ? null : { at: at + segment(key), object: inner, around: { at, object } };
}

const isNumberOfResponse = (key: string): boolean => RESPONSE_NUMBERS.some((name) => name === key);

/** Keys of a response that are dealt with, or hold what was said. */
export function isKnownKey(key: string): boolean {
  return (
    isNumberOfResponse(key) ||
    Object.hasOwn(RESPONSE_LABELS, key) ||
    [
      'done',
      'done_reason',
      'prompt_eval_cached_count',
      'response',
      'message',
      'thinking',
      'context',
      'options',
      'details',
      'logprobs',
    ].includes(key)
  );
}

/**
 * The labels of a response: its model, why it ended, the options that were asked for, and words that somebody added.
 * @param left names of labels that are left out, whatever their values are
 */
export function labelsOfResponse(
  { object, around }: FinalResponse,
  extract: Extract,
  left: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const labels: Record<string, string> = { engine: 'ollama', tool: 'ollama api' };
  const outer = around?.object ?? {};
  const request = objectAt(outer, 'request');
  const table = Object.fromEntries(Object.entries(RESPONSE_LABELS).filter(([, name]) => !left.has(name)));
  for (const part of [object, outer, request]) {
    Object.assign(labels, { ...labelsFrom(part, table, extract), ...labels });
    Object.assign(labels, { ...labelsFrom(objectAt(part, 'details'), DETAIL_LABELS, extract), ...labels });
  }
  addLabel(labels, 'done_reason', object.done_reason, extract);
  for (const options of [objectAt(object, 'options'), objectAt(outer, 'options'), objectAt(request, 'options')]) {
    for (const key of Object.keys(options)) {
      const name = canonicalLabel(key);
      if (key.length <= 64 && !left.has(name)) addLabel(labels, name, options[key], extract);
    }
  }
  const isLeftOut = (key: string): boolean => isKnownKey(key) || !mayBeDimension(key) || left.has(canonicalLabel(key));
  for (const part of [object, outer]) unknownLabels(part, isLeftOut, labels);
  return labels;
}
