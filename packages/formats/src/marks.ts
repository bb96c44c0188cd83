import { excerpt } from './excerpt.ts';

/** What a key can say about its record. */
export type Mark = 'message' | 'messages' | 'success' | 'status' | 'state' | 'flag' | 'exit' | 'http' | 'count';

/** Keys that say whether a record succeeded, without case, underscores, hyphens and spaces. */
const MARKS: ReadonlyMap<string, Mark> = new Map([
  ['error', 'message'],
  ['errormessage', 'message'],
  ['errormsg', 'message'],
  ['errortext', 'message'],
  ['errordetail', 'message'],
  ['errordetails', 'message'],
  ['err', 'message'],
  ['errmsg', 'message'],
  ['exception', 'message'],
  ['exceptionmessage', 'message'],
  ['failure', 'message'],
  ['failuremessage', 'message'],
  ['failurereason', 'message'],
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
  ['timedout', 'flag'],
  ['crashed', 'flag'],
  ['aborted', 'flag'],
  ['oom', 'flag'],
  ['exitcode', 'exit'],
  ['returncode', 'exit'],
  ['statuscode', 'http'],
  ['httpstatus', 'http'],
  ['httpcode', 'http'],
  ['httpstatuscode', 'http'],
  ['responsecode', 'http'],
  ['completed', 'count'],
  ['completedrequests', 'count'],
  ['requestscompleted', 'count'],
  ['numcompleted', 'count'],
  ['numcompletedrequests', 'count'],
  ['successfulrequests', 'count'],
  ['requestssuccessful', 'count'],
  ['numsuccessful', 'count'],
  ['numsuccessfulrequests', 'count'],
  ['successcount', 'count'],
]);

/** Parts of a record whose failure is the record's. */
const PARTS = new Set(['metadata', 'compilation', 'result', 'run', 'execution', 'build']);
const LONGEST_PART = 11;

/** Words that stand for no word at all. */
export const ABSENT = ['', 'none', 'null', 'nil', 'nan', 'n/a', 'na', '-', '--', '—', '–', '[]', '{}'];
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
/** A server's answer: from 400 on it is none that was asked for, however fast it came. */
const HTTP_ANSWER = /^[1-5]\d\d(?:\.0+)?$/;
const INTEGER = /^[+-]?\d+(?:\.0+)?$/;
/** Longer texts are no counts: a cell may be a megabyte. */
const COUNT_CHARS = 64;

/** Whether a text under `error` is a count or a rate, and so no message. */
export function isCountText(text: string): boolean {
  return text.length <= COUNT_CHARS && COUNT.test(text);
}

/** Whether a text is a decimal number and nothing else. */
export function isPlainNumber(text: string): boolean {
  return text.length <= COUNT_CHARS && PLAIN_NUMBER.test(text);
}

/** `± 0.4 ms`: where measurements stand, an error is the bound of one. */
const BOUND = /^(?:±|\+\/-)\s?\d[\d.,]{0,30}(?:\s?[\p{L}%/]{1,12})?$/u;

/** Whether a text under `error` is the bound of a measurement. */
export function isBound(text: string): boolean {
  return BOUND.test(text);
}

/** How the keys of MARKS begin: most keys of a file are told apart by this alone. */
const MARK_BEGIN = /^(?:e[rx]|fa|s[tu]|o[kuo]|pa|co|re|is|ti|cr|ab|ht|nu)/i;

/** What a key says about its record; undefined where it says nothing. */
export function markOf(key: string): Mark | undefined {
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

/** Whether a value says that its record failed; null where it says nothing of that. */
export function saysFailed(value: unknown, mark: Exclude<Mark, 'message' | 'messages'>): boolean | null {
  if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number') return null;
  // Only the beginning is looked at: no word is that long, and a text may be a megabyte.
  const word = String(value).trim().slice(0, 400);
  if (mark === 'http' || mark === 'status') {
    const refused = HTTP_ANSWER.test(word) ? Number(word) >= 400 : null;
    if (refused === true || mark === 'http') return refused;
  }
  if (mark === 'status' || mark === 'state') {
    if (typeof value !== 'string') return null;
    if (isFailedStatus(word)) return true;
    return mark === 'status' || GOOD_STATE.has(word.toLowerCase()) ? false : null;
  }
  if (mark === 'count') return typeof value !== 'boolean' && INTEGER.test(word) && Number(word) === 0 ? true : null;
  if (mark === 'exit') return typeof value !== 'boolean' && INTEGER.test(word) ? Number(word) !== 0 : null;
  if (mark === 'success') {
    const good = succeeded(word, true);
    return good === null ? null : !good;
  }
  const lower = word.toLowerCase();
  return YES.has(lower) ? true : NO.has(lower) ? false : null;
}

/**
 * Whether a word under `success` and the like says yes; null where it says neither yes nor no.
 * @param digits whether 0 and 1 and single letters are such words too, or may be counts and codes
 */
export function succeeded(word: string, digits: boolean): boolean | null {
  const lower = word.toLowerCase();
  if (!digits) return lower === 'true' || lower === 'yes' ? true : lower === 'false' || lower === 'no' ? false : null;
  const number = lower.length <= COUNT_CHARS && PLAIN_NUMBER.test(lower) ? Number(lower) : null;
  if (YES.has(lower) || number === 1) return true;
  return NO.has(lower) || number === 0 ? false : null;
}

/** What follows a word that says failed: `error: out of memory`, `failed (exit 1)`, `timeout after 30 s`; not `error free`. */
const BEHIND_FAILED = /\s*[:;,([]|\s+[-–—]\s|\s+(?:after|by|with|due|because|code|exit)\b/i;

function isFailedStatus(value: string): boolean {
  const status = value.trim();
  const begin = status.slice(0, 40);
  const behind = begin.search(BEHIND_FAILED);
  return status.startsWith(CROSS) || isFailedWord(begin) || (behind > 0 && isFailedWord(begin.slice(0, behind)));
}

function isFailedWord(text: string): boolean {
  return FAILED_STATUS.has(text.toLowerCase().replace(/[\s_-]+/g, '_'));
}

/** A reason that quotes what a mark says: `success is false`. */
export function flagReason(name: string, value: string, mark: Mark): string {
  const shown = excerpt(value, 40);
  return mark === 'status' || mark === 'state' ? `${name} is "${shown}"` : `${name} is ${shown}`;
}

/** Whether a text under `error` says that there was one. */
export function saysError(text: string): boolean {
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
