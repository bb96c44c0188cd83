import { type ErrorColumn, isMeasured, saysCode, tellsOfErrors } from './error-column.ts';
import { EXCERPT_CHARS, excerpt } from './excerpt.ts';
import { isObject, type JsonObject, jsonBegin, LiteralNumber } from './json-value.ts';
import { flagReason, isPart, markOf, saysError, saysFailed } from './marks.ts';

/** What a record's own words say: that it carries a mark at all, and why it failed, or null where it did not. */
export type Verdict = { marked: boolean; reason: string | null };

/**
 * Whether an object says of itself that it failed, by a key of its own or of a direct part (`compilation`, `metadata`, …).
 * A number under such a key is a count or a rate, and no mark, save 0 and 1 under `success` and the like, exit codes, and codes
 * under `error`, where the records beside it show that it holds such.
 * @param errors what the records of its list hold under `error` and the like, by key; `numbers` under `success` are counts
 * @returns the reason in the file's words where it gives some, else `success is false` and the like
 */
export function verdictOnObject(object: JsonObject, errors?: ReadonlyMap<string, ErrorColumn>): Verdict {
  const own = ownMarks(object, errors);
  const parts = Object.keys(object)
    .filter(isPart)
    .map((key) => object[key])
    .filter(isObject)
    .map((part) => ownMarks(part));
  const all = [own, ...parts];
  const words = all.find(({ message }) => message !== null)?.message;
  const flag = all.find(({ flag }) => flag !== null)?.flag;
  return { marked: all.some(({ marked }) => marked), reason: words ?? flag ?? null };
}

type OwnMarks = { marked: boolean; message: string | null; flag: string | null };

function ownMarks(object: JsonObject, errors?: ReadonlyMap<string, ErrorColumn>): OwnMarks {
  const marks: OwnMarks = { marked: false, message: null, flag: null };
  for (const key of Object.keys(object)) {
    const mark = markOf(key);
    if (mark === undefined) continue;
    const value = object[key];
    if (mark === 'message' || mark === 'messages') {
      const code = mark === 'message' ? codeOf(value, errors?.get(key)) : null;
      if (code !== null) {
        marks.marked = true;
        marks.flag ??= code === '' ? null : flagReason(excerpt(key, 40), code, mark);
        continue;
      }
      if (isCount(value, mark) || (typeof value === 'string' && isMeasured(value, errors?.get(key)))) continue;
      marks.marked = true;
      marks.message ??= messageOf(value, key);
      continue;
    }
    // Where the records beside it count, 0 is a count too.
    if (mark === 'success' && isNumber(value) && errors?.get(key) === 'numbers') continue;
    const failed = saysFailed(value, mark);
    if (failed === null) continue;
    marks.marked = true;
    if (failed) marks.flag ??= flagReason(excerpt(key, 40), String(value), mark);
  }
  return marks;
}

/** A number as the code of an error, empty where it says that there was none; null where it is none, or no code. */
function codeOf(value: unknown, errors: ErrorColumn | undefined): string | null {
  if (errors === undefined || !isNumber(value) || !tellsOfErrors(errors)) return null;
  const text = value instanceof LiteralNumber ? value.literal : String(value);
  return saysCode(text, errors) ? text : '';
}

/** Numbers beside the word error are rates and counts: one, a list of them, or, by the name of each kind, under `errors`. */
function isCount(value: unknown, mark: 'message' | 'messages'): boolean {
  if (isNumber(value)) return true;
  if (Array.isArray(value)) return value.length > 0 && value.every(isNumber);
  if (mark === 'message' || !isObject(value)) return false;
  const inner = Object.values(value);
  return inner.length > 0 && inner.every(isNumber);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value instanceof LiteralNumber;
}

/** Lists in lists in which a message is looked for: a hostile file nests them until the stack ends. */
const LEVELS = 20;

function messageOf(value: unknown, key: string, levels: number = LEVELS): string | null {
  if (typeof value === 'string') return saysError(value) ? excerpt(value) : null;
  if (value === true) return `${excerpt(key, 40)} is true`;
  if (Array.isArray(value)) {
    for (const item of levels === 0 ? [] : value.slice(0, 1000)) {
      const message = typeof item === 'boolean' ? null : messageOf(item, key, levels - 1);
      if (message !== null) return message;
    }
    return null;
  }
  if (!isObject(value) || Object.keys(value).length === 0) return null;
  const texts = ['message', 'error', 'detail', 'type']
    .map((name) => value[name])
    .filter((text): text is string => typeof text === 'string' && text.trim() !== '');
  const inner = texts.find(saysError);
  if (inner === undefined && texts.length > 0) return null;
  return excerpt(inner ?? jsonBegin(value, EXCERPT_CHARS * 2));
}
