import { canonicalLabel } from '@chimera/shared/domain';
import { mayBeDimension } from '../dimensions.ts';
import { K6_TAGS } from '../formats/k6-points.ts';
import { isKnownKey } from '../formats/ollama-response.ts';
import { RESULT_FIELDS } from '../formats/vegeta-results.ts';
import { isNamedPart, NAMES } from '../json-labels.ts';
import { isLabelName, isSettingName } from '../labels.ts';
import { markOf, saysWhetherFailed } from '../marks.ts';
import { mayBeQuotedNumber, type QuotedNumbers } from '../quoted-numbers.ts';
import type { JsonSlot, SlotRole } from './json-slot.ts';

/** Keys that an object states its unit, or its metric, under. */
const STATED = new Set(['unit', 'metric', 'name']);

/** How the numbers and the texts in a slot count. */
type Role = { number: SlotRole; text: SlotRole };

const FREE: Role = { number: 'free', text: 'free' };
const KEY: Role = { number: 'key', text: 'key' };

/** Members of a result of vegeta that are not read. */
const VEGETA_FREE: ReadonlySet<string> = new Set(['seq', 'timestamp', 'body', 'url', 'headers']);

/**
 * What counts in a line of unknown JSON, by the code that reads it (`generic-json.ts`, `json-labels.ts`, `failure.ts`): marks of
 * failure with all that stands under them, settings, texts that are labels, what an object states of its value, and texts of
 * objects in lists, which are labels where they repeat in their list.
 * @param repeated keys whose texts repeat over the lines
 * @param drawn pointers of settings that label nothing, with `*` for indices
 * @param quoted the places where numbers in quotes are known
 * @returns null where nothing can be said of it in advance: a list under a mark, or of texts that may be numbers in quotes
 */
export function genericRole(
  slot: JsonSlot,
  repeated: ReadonlySet<string>,
  drawn: ReadonlySet<string>,
  quoted: QuotedNumbers | null,
): Role | null {
  const { keys, list, listed } = slot;
  const key = keys.at(-1) ?? '';
  if (isMessage(keys) && list === null && !listed) return { number: 'key', text: 'message' };
  if (keys.some(saysWhetherFailed)) return list === null ? { number: 'key', text: 'key' } : null;
  const pattern = patternOf(slot);
  const mayBeNumber = quoted?.knows(list === null ? pattern : `${pattern}/*`) === false && mayBeQuotedNumber(keys);
  if (mayBeNumber && list === 'texts') return null;
  const setting = isSettingName(key);
  const number = setting && list === null && !drawn.has(pattern) ? 'key' : 'free';
  if (setting || listed || isLabelName(key) || NAMES.has(key.toLowerCase()) || repeated.has(key)) return { number, text: 'key' };
  if (STATED.has(key) || keys.slice(0, -1).some(isNamedPart)) return { number, text: 'key' };
  return { number, text: mayBeNumber ? 'number' : mayBeDimension(key) ? 'phase' : 'free' };
}

/** The pointer of a slot with `*` for indices; as it is where a key may be taken for an index. */
function patternOf({ pointer, keys, listed }: JsonSlot): string {
  if (!listed || keys.some((key) => /^\d+$/.test(key))) return pointer;
  return pointer.replace(/\/\d+(?=\/|$)/g, '/*');
}

/** Whether a text under these keys is the line's own error message. */
function isMessage(keys: readonly string[]): boolean {
  return keys.length === 1 && isMessageKey(keys[0] ?? '');
}

/** Whether a key stands before error messages. */
export function isMessageKey(key: string): boolean {
  const mark = markOf(key);
  return mark === 'message' || mark === 'messages';
}

/**
 * What counts in a line of AIPerf, by the code that reads it (`aiperf-requests.ts`, `aiperf-gpu-samples.ts`): all but the
 * numbers of metrics and samples, the clock, and what `metadata` says beside the phase.
 */
export function aiperfRole({ keys, list }: JsonSlot): Role | null {
  const [top = '', key = ''] = keys;
  if (top === 'metadata') return { number: 'free', text: key === 'benchmark_phase' ? 'key' : 'free' };
  if (list === 'texts') return null;
  if (top === 'metrics' || top === 'telemetry_data') return { number: 'free', text: 'key' };
  return { number: top.endsWith('_ns') ? 'free' : 'key', text: 'key' };
}

/** What counts in a line of k6, by the code that reads it (`k6-points.ts`): the names of metric and point, and the tags that are read. */
export function k6Role({ keys, list }: JsonSlot): Role | null {
  const [top = '', key = '', tag = ''] = keys;
  if (list !== null) return null;
  if (top !== 'data') return KEY;
  if (key === 'value' && keys.length === 2) return { number: 'free', text: 'key' };
  return key === 'time' || (key === 'tags' && keys.length === 3 && !K6_TAGS.has(tag)) ? FREE : KEY;
}

/** What counts in a result of vegeta, by the code that reads it (`vegeta-results.ts`): its numbers, the status, the labels, the error. */
export function vegetaRole({ keys, list }: JsonSlot): Role | null {
  const [top = ''] = keys;
  if (keys.length > 1 || VEGETA_FREE.has(top)) return FREE;
  if (list !== null) return null;
  return Object.hasOwn(RESULT_FIELDS, top) ? { number: 'free', text: 'key' } : KEY;
}

/**
 * What counts in a response of Ollama, by the code that reads it (`ollama-response.ts`): its labels and options, and all its numbers.
 * @param left names of labels that are left out
 */
export function ollamaRole({ keys, list, listed }: JsonSlot, left: ReadonlySet<string>): Role {
  const [top = '', key = ''] = keys;
  if (list !== null || listed) return FREE;
  if (keys.length > 1)
    return keys.length === 2 && (top === 'details' || (top === 'options' && !left.has(canonicalLabel(key)))) ? KEY : FREE;
  const said = top === 'response' || top === 'thinking' || top === 'created_at';
  const word = isKnownKey(top) || (mayBeDimension(top) && !left.has(canonicalLabel(top)));
  return { number: top === 'model' || top === 'done_reason' ? 'key' : 'free', text: word && !said ? 'key' : 'free' };
}
