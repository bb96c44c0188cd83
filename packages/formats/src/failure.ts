import { EXCERPT_CHARS, excerpt } from './excerpt.ts';
import { isObject, type JsonObject, jsonBegin, LiteralNumber } from './json-value.ts';

/** What a record's own words say: that it carries a mark at all, and why it failed, or null where it did not. */
export type Verdict = { marked: boolean; reason: string | null };

/** What a key can say about its record. */
type Mark = 'message' | 'messages' | 'success' | 'status' | 'state' | 'flag' | 'exit';

/** Keys that say whether a record succeeded, without case, underscores, hyphens and spaces. */
const MARKS: ReadonlyMap<string, Mark> = new Map([
  ['error', 'message'],
  ['errormessage', 'message'],
  ['exception', 'message'],
  ['failure', 'message'],
  ['errors', 'messages'],
  ['success', 'success'],
  ['ok', 'success'],
  ['passed', 'success'],
  ['completedsuccessfully', 'success'],
  ['status', 'status'],
  ['outcome', 'status'],
  ['state', 'state'],
  ['failed', 'flag'],
  ['erroroccurred', 'flag'],
  ['iserror', 'flag'],
  ['exitcode', 'exit'],
  ['returncode', 'exit'],
]);

/** Parts of a record whose failure is the record's. */
const PARTS = new Set(['metadata', 'compilation', 'result', 'run', 'execution', 'build']);
const LONGEST_PART = 11;

/** Words that stand for no word at all. */
const ABSENT = ['', 'none', 'null', 'nil', 'nan', 'n/a', 'na', '-', '--', '—', '–', '[]', '{}'];
/** What a text of an error says where there was none. */
const NO_ERROR = new Set([
  ...ABSENT,
  ...['no', 'false', '0', 'ok', 'success', 'succeeded', 'successful', 'pass', 'passed'],
  ...['no error', 'no errors', '0 errors', 'no failure', 'no failures', 'no exception', 'no exceptions'],
]);
/** Longer texts are none of NO_ERROR: a cell may be a megabyte. */
const NO_ERROR_CHARS = 20;

const FAILED_STATUS = new Set([
  ...['fail', 'failed', 'failure', 'error', 'errored', 'timeout', 'timed_out', 'oom', 'oom_killed', 'crashed'],
  ...['aborted', 'cancelled', 'canceled', 'killed', 'ko'],
]);
/** What `state` says of a record that ended well: any other word may be the state of a machine, a power or a country. */
const GOOD_STATE = new Set(['ok', 'success', 'succeeded', 'successful', 'pass', 'passed', 'complete', 'completed', 'done', 'finished']);
const CROSS = '❌';

const YES = new Set(['true', 'yes', 't', 'y']);
const NO = new Set(['false', 'no', 'f', 'n']);
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A count or a rate: `3`, `0.2%`, `3/10`, `3 of 10 (30%)`. */
const COUNT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? ?%?(?: ?(?:\/|of) ?\d+)?(?: ?\(\d+(?:\.\d*)? ?%\))?$/;
const INTEGER = /^[+-]?\d+(?:\.0+)?$/;
/** Longer texts are no counts: a cell may be a megabyte. */
const COUNT_CHARS = 64;

function isCountText(text: string): boolean {
  return text.length <= COUNT_CHARS && COUNT.test(text);
}

/** How the keys of MARKS begin: most keys of a file are told apart by this alone. */
const MARK_BEGIN = /^(?:e[rx]|fa|s[tu]|o[ku]|pa|co|re|is)/i;

function markOf(key: string): Mark | undefined {
  return key.length > 40 || !MARK_BEGIN.test(key) ? undefined : MARKS.get(key.toLowerCase().replace(/[_\s-]/g, ''));
}

/** Whether a key may say that the object around it failed. */
export function saysWhetherFailed(key: string): boolean {
  return markOf(key) !== undefined;
}

/** Whether a key names a part whose failure is its record's. */
export function isPart(key: string): boolean {
  return key.length <= LONGEST_PART && PARTS.has(key.toLowerCase());
}

/**
 * Whether an object says of itself that it failed, by a key of its own or of a direct part (`compilation`, `metadata`, …).
 * A number under such a key is a count or a rate, and no mark, save 0 and 1 under `success` and the like and exit codes.
 * @returns the reason in the file's words where it gives some, else `success is false` and the like
 */
export function verdictOnObject(object: JsonObject): Verdict {
  const own = ownMarks(object);
  const parts = Object.keys(object)
    .filter(isPart)
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
    if (mark === undefined) continue;
    const value = object[key];
    if (mark === 'message' || mark === 'messages') {
      if (isCount(value, mark)) continue;
      marks.marked = true;
      marks.message ??= messageOf(value, key);
      continue;
    }
    const failed = saysFailed(value, mark);
    if (failed === null) continue;
    marks.marked = true;
    if (failed) marks.flag ??= flagReason(excerpt(key, 40), String(value), mark);
  }
  return marks;
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

/** Whether a value says that its record failed; null where it says nothing of that. */
function saysFailed(value: unknown, mark: Exclude<Mark, 'message' | 'messages'>): boolean | null {
  if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number') return null;
  // Only the beginning is looked at: no word is that long, and a text may be a megabyte.
  const word = String(value).trim().slice(0, 400);
  if (mark === 'status' || mark === 'state') {
    if (typeof value !== 'string') return null;
    if (isFailedStatus(word)) return true;
    return mark === 'status' || GOOD_STATE.has(word.toLowerCase()) ? false : null;
  }
  if (mark === 'exit') return typeof value !== 'boolean' && INTEGER.test(word) ? Number(word) !== 0 : null;
  if (mark === 'success') {
    const good = succeeded(word, true);
    return good === null ? null : !good;
  }
  const lower = word.toLowerCase();
  return YES.has(lower) ? true : NO.has(lower) ? false : null;
}

/** @param digits whether 0 and 1 and single letters are such words too, or may be counts and codes */
function succeeded(word: string, digits: boolean): boolean | null {
  const lower = word.toLowerCase();
  if (!digits) return lower === 'true' || lower === 'yes' ? true : lower === 'false' || lower === 'no' ? false : null;
  const number = lower.length <= COUNT_CHARS && PLAIN_NUMBER.test(lower) ? Number(lower) : null;
  if (YES.has(lower) || number === 1) return true;
  return NO.has(lower) || number === 0 ? false : null;
}

function isFailedStatus(value: string): boolean {
  const status = value.trim();
  return (
    status.startsWith(CROSS) ||
    FAILED_STATUS.has(
      status
        .slice(0, 40)
        .toLowerCase()
        .replace(/[\s_-]+/g, '_'),
    )
  );
}

function flagReason(name: string, value: string, mark: Mark): string {
  const shown = excerpt(value, 40);
  return mark === 'status' || mark === 'state' ? `${name} is "${shown}"` : `${name} is ${shown}`;
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
  const texts = ['message', 'error', 'detail', 'type']
    .map((name) => value[name])
    .filter((text): text is string => typeof text === 'string' && text.trim() !== '');
  const inner = texts.find(saysError);
  if (inner === undefined && texts.length > 0) return null;
  return excerpt(inner ?? jsonBegin(value, EXCERPT_CHARS * 2));
}

function saysError(text: string): boolean {
  const words = text.trim();
  return (
    words.length > NO_ERROR_CHARS ||
    !NO_ERROR.has(
      words
        .toLowerCase()
        .replace(/\.$/, '')
        .replace(/[\s_]+/g, ' '),
    )
  );
}

/** The columns of a table that say whether a row succeeded. */
export type MarkColumns = readonly {
  index: number;
  name: string;
  mark: Mark;
  /** of a column of successes: whether 0, 1 and single letters in it are answers */
  digits: boolean;
}[];

/**
 * Finds the columns that mark failed rows. A column of successes that holds numbers other than 0 and 1 counts them, and is
 * no mark; where it holds nothing but yes and no, 0 and 1 and single letters are answers too.
 * @param columns the header's names
 * @param rows those below it; without them 0, 1 and single letters are no answers
 */
export function markColumns(columns: readonly string[], rows: readonly { cells: readonly string[] }[] = []): MarkColumns {
  return columns.flatMap((name, index): MarkColumns => {
    const mark = markOf(name);
    if (mark === undefined) return [];
    if (mark !== 'success') return [{ index, name, mark, digits: false }];
    let digits = rows.length > 0;
    for (const { cells } of rows) {
      const cell = (cells[index] ?? '').trim();
      if (cell.length <= 4 && ABSENT.includes(cell.toLowerCase())) continue;
      if (succeeded(cell, true) !== null) continue;
      if (isCountText(cell)) return [];
      digits = false;
    }
    return [{ index, name, mark, digits }];
  });
}

/**
 * Why a row of a table failed by its own words, or null. A number under `error` is an error rate, and no mark.
 * @param cells as many as the header has
 */
export function failureOfRow(cells: readonly string[], columns: MarkColumns): string | null {
  let flag: string | null = null;
  for (const { index, name, mark, digits } of columns) {
    const cell = (cells[index] ?? '').trim();
    if (mark === 'message' || mark === 'messages') {
      if (saysError(cell) && !isCountText(cell)) return excerpt(cell);
      continue;
    }
    const failed = mark === 'success' ? succeeded(cell, digits) === false : saysFailed(cell, mark) === true;
    if (!failed) continue;
    const shown = mark === 'status' || mark === 'state' ? cell : cell.toLowerCase();
    flag ??= flagReason(excerpt(name.toLowerCase(), 40), shown, mark);
  }
  return flag;
}
