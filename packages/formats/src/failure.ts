import { excerpt } from './excerpt.ts';
import { isObject, type JsonObject } from './json-document.ts';

/** What a record's own words say: that it carries a mark at all, and why it failed, or null where it did not. */
export type Verdict = { marked: boolean; reason: string | null };

/** What a key can say about its record. */
type Mark = 'message' | 'success' | 'status' | 'flag';

/** Keys that say whether a record succeeded, without case, underscores, hyphens and spaces. */
const MARKS: ReadonlyMap<string, Mark> = new Map([
  ['error', 'message'],
  ['errormessage', 'message'],
  ['exception', 'message'],
  ['failure', 'message'],
  ['success', 'success'],
  ['ok', 'success'],
  ['passed', 'success'],
  ['completedsuccessfully', 'success'],
  ['status', 'status'],
  ['failed', 'flag'],
  ['erroroccurred', 'flag'],
]);

/** Parts of a record whose failure is the record's. */
const PARTS = new Set(['metadata', 'compilation', 'result', 'run', 'execution', 'build']);

const NO_ERROR = new Set(['', 'none', 'null', 'nil', 'nan', 'n/a', 'na', 'no', 'false', '0', '-', '[]', '{}']);
const FAILED_STATUS = new Set(['failed', 'failure', 'error', 'errored', 'timeout', 'timed_out', 'oom', 'crashed']);
const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?$/;

/** How the keys of MARKS begin: most keys of a file are told apart by this alone. */
const MARK_BEGIN = /^[efsopc]/i;

function markOf(key: string): Mark | undefined {
  return key.length > 40 || !MARK_BEGIN.test(key) ? undefined : MARKS.get(key.toLowerCase().replace(/[_\s-]/g, ''));
}

/**
 * Whether an object says of itself that it failed, by a key of its own or of a direct part (`compilation`, `metadata`, …).
 * A number under such a key is a count or a rate, and no mark.
 * @returns the reason in the file's words where it gives some, else `success is false` and the like
 */
export function verdictOnObject(object: JsonObject): Verdict {
  const own = ownMarks(object);
  const parts = Object.keys(object)
    .filter((key) => PARTS.has(key.toLowerCase()))
    .map((key) => object[key])
    .filter(isObject)
    .map(ownMarks);
  const all = [own, ...parts];
  const words = all.find(({ message }) => message !== null)?.message;
  const flag = all.find(({ flag }) => flag !== null)?.flag;
  return { marked: all.some(({ marked }) => marked), reason: words ?? flag ?? null };
}

type OwnMarks = { marked: boolean; message: string | null; flag: string | null };

function ownMarks(object: JsonObject): OwnMarks {
  const marks: OwnMarks = { marked: false, message: null, flag: null };
  for (const key of Object.keys(object)) {
    const mark = markOf(key);
    const value = object[key];
    if (mark === undefined || typeof value === 'number') continue;
    if (mark === 'message') {
      marks.marked = true;
      marks.message ??= messageOf(value, key);
    } else if (mark === 'status') {
      if (typeof value !== 'string') continue;
      marks.marked = true;
      marks.flag ??= statusReason(value);
    } else if (typeof value === 'boolean') {
      marks.marked = true;
      if (value === (mark === 'flag')) marks.flag ??= `${excerpt(key, 40)} is ${value}`;
    }
  }
  return marks;
}

function messageOf(value: unknown, key: string): string | null {
  if (typeof value === 'string') return saysError(value) ? excerpt(value) : null;
  if (value === true) return `${excerpt(key, 40)} is true`;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 1000)) {
      const message = typeof item === 'boolean' ? null : messageOf(item, key);
      if (message !== null) return message;
    }
    return null;
  }
  if (!isObject(value) || Object.keys(value).length === 0) return null;
  const inner = ['message', 'error', 'detail', 'type'].map((name) => value[name]).find((text) => typeof text === 'string' && text !== '');
  return excerpt(typeof inner === 'string' ? inner : JSON.stringify(value));
}

function saysError(text: string): boolean {
  return !NO_ERROR.has(text.trim().toLowerCase());
}

function statusReason(value: string): string | null {
  const status = value.trim().toLowerCase().replace(/[\s-]/g, '_');
  return FAILED_STATUS.has(status) ? `status is "${excerpt(value, 40)}"` : null;
}

/** The columns of a table that say whether a row succeeded. */
export type MarkColumns = readonly { index: number; name: string; mark: Mark }[];

/**
 * Finds the columns that mark failed rows.
 * @param columns the header's names
 */
export function markColumns(columns: readonly string[]): MarkColumns {
  return columns.flatMap((name, index) => {
    const mark = markOf(name);
    return mark === undefined ? [] : [{ index, name, mark }];
  });
}

/**
 * Why a row of a table failed by its own words, or null. A number under `error` is an error rate, and no mark.
 * @param cells as many as the header has
 */
export function failureOfRow(cells: readonly string[], columns: MarkColumns): string | null {
  let flag: string | null = null;
  for (const { index, name, mark } of columns) {
    const cell = (cells[index] ?? '').trim();
    const word = cell.toLowerCase();
    if (mark === 'message' && saysError(cell) && !NUMERIC.test(cell) && !['—', '–'].includes(cell)) return excerpt(cell);
    if (mark === 'status') flag ??= statusReason(cell);
    if (mark === 'success' && (word === 'false' || word === 'no')) flag ??= `${excerpt(name.toLowerCase(), 40)} is ${word}`;
    if (mark === 'flag' && (word === 'true' || word === 'yes')) flag ??= `${excerpt(name.toLowerCase(), 40)} is ${word}`;
  }
  return flag;
}
