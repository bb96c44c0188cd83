import { createHash } from 'node:crypto';
import type { Entry } from './entry.ts';

/** One file: how it looks, when it was first and last seen so, and since when it has not been at rest (monotonic ms). */
type Sight = { signature: string; sinceMs: number; seenMs: number; restlessMs: number };

/** What is remembered of a dataset between two looks. Times are monotonic milliseconds. */
export type Settling = {
  files: ReadonlyMap<string, Sight>;
  /** when a file last came or went */
  changedMs: number;
  /** the `.done` that was last seen, and what the dataset looked like then: later files are not covered by it */
  done: { mark: string; signature: string } | null;
  /** what was last taken */
  taken: string | null;
  /** files that looked cut off when they were read, and until when they are waited for */
  held: ReadonlyMap<string, { signature: string; untilMs: number }>;
};

export type SettlingLimits = {
  /** how long a file must have looked the same */
  quietMs: number;
  /** how long a file that keeps changing holds up the others */
  restlessMs: number;
};

/**
 * What should happen to a dataset now. `left`: files that are still being written, and are not waited for. `due`: something will be taken
 * in once it is quiet; not so where all that changes are files that are written to without end.
 */
export type SettlingDecision =
  | { act: 'rest' }
  | { act: 'wait'; forMs: number; due: boolean }
  | { act: 'take'; entries: readonly Entry[]; left: readonly Entry[]; done: boolean };

/** Equal exactly when a file was not grown, shrunk, touched, replaced or written to with its time put back. */
export function signatureOf(entry: Entry): string {
  return `${entry.type} ${entry.bytes} ${entry.modifiedMs} ${entry.changedMs} ${entry.inode} ${entry.entityTag ?? ''}`;
}

/** Of thousands of entries it is not worked out twice within one look. */
const WHOLE = new WeakMap<readonly Entry[], string>();

/** Equal exactly when no entry came, went or changed. The entries must not be changed afterwards. */
export function wholeSignature(entries: readonly Entry[]): string {
  const known = WHOLE.get(entries);
  if (known !== undefined) return known;
  const whole = createHash('sha256');
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    whole.update(some.map((entry) => `${entry.path}\0${signatureOf(entry)}\n`).join(''));
  }
  const signature = whole.digest('hex');
  WHOLE.set(entries, signature);
  return signature;
}

const AT_ONCE = 1_000;

/**
 * One look at a dataset.
 * @param done what tells this `.done` from an older one of the same name; null where there is none
 */
export function look(
  before: Settling | null,
  entries: readonly Entry[],
  done: string | null,
  nowMs: number,
  { quietMs }: SettlingLimits,
): Settling {
  const files = new Map<string, Sight>();
  let changedMs = before?.changedMs ?? nowMs;
  for (const entry of entries) {
    const signature = signatureOf(entry);
    const known = before?.files.get(entry.path);
    if (known === undefined && before !== null) changedMs = nowMs;
    if (known?.signature === signature) files.set(entry.path, { ...known, seenMs: nowMs });
    else {
      const restedBefore = known === undefined || known.seenMs - known.sinceMs >= Math.max(quietMs, 1);
      files.set(entry.path, { signature, sinceMs: nowMs, seenMs: nowMs, restlessMs: restedBefore ? nowMs : known.restlessMs });
    }
  }
  for (const path of before?.files.keys() ?? []) if (!files.has(path)) changedMs = nowMs;
  const held = new Map([...(before?.held ?? [])].filter(([path, { signature }]) => files.get(path)?.signature === signature));
  const newDone = done !== null && done !== before?.done?.mark ? { mark: done, signature: wholeSignature(entries) } : null;
  return { files, changedMs, done: done === null ? null : (newDone ?? before?.done ?? null), taken: before?.taken ?? null, held };
}

/** Decides after a look at `nowMs`: a file must have been seen before as it is, and been quiet for its time. */
export function decide(state: Settling, entries: readonly Entry[], nowMs: number, limits: SettlingLimits): SettlingDecision {
  if (entries.length === 0) return { act: 'rest' };
  const signature = wholeSignature(entries);
  if (signature === state.taken) return { act: 'rest' };
  if (state.done?.signature === signature) return { act: 'take', entries, left: [], done: true };
  let forMs = remaining(state.changedMs, nowMs, limits.quietMs);
  const left: Entry[] = [];
  const quiet: Entry[] = [];
  for (const entry of entries) {
    const sight = state.files.get(entry.path);
    if (sight === undefined) continue;
    const rest = Math.max(remaining(sight.sinceMs, nowMs, limits.quietMs), (state.held.get(entry.path)?.untilMs ?? nowMs) - nowMs);
    if (rest <= 0) quiet.push(entry);
    else if (state.held.has(entry.path) || nowMs - sight.restlessMs < limits.restlessMs) forMs = Math.max(forMs, rest);
    else left.push(entry);
  }
  if (forMs > 0) return { act: 'wait', forMs, due: true };
  const settled = quiet.length === entries.length ? entries : quiet;
  if (quiet.length === 0 || wholeSignature(settled) === state.taken) return { act: 'wait', forMs: limits.quietMs, due: false };
  return { act: 'take', entries: settled, left, done: false };
}

/** Milliseconds until something seen first at `sinceMs` has been quiet for `quietMs`; never none at the first look itself. */
function remaining(sinceMs: number, nowMs: number, quietMs: number): number {
  return Math.max(sinceMs + quietMs - nowMs, sinceMs === nowMs ? 1 : 0);
}

/** After these entries were taken. */
export function afterTaking(state: Settling, entries: readonly Entry[]): Settling {
  return { ...state, taken: wholeSignature(entries) };
}

/** After files were read that look cut off: they are waited for until `untilMs`, and then taken as they are. Files held before are not held again. */
export function hold(state: Settling, paths: readonly string[], untilMs: number): { state: Settling; held: string[] } {
  const held = new Map(state.held);
  const fresh: string[] = [];
  for (const path of paths) {
    const signature = state.files.get(path)?.signature;
    if (signature === undefined || held.get(path)?.signature === signature) continue;
    held.set(path, { signature, untilMs });
    fresh.push(path);
  }
  return { state: { ...state, held }, held: fresh };
}

/** After a file changed while it was read: its rest begins anew. */
export function disturbed(state: Settling, path: string, nowMs: number): Settling {
  const sight = state.files.get(path);
  if (sight === undefined) return state;
  return { ...state, files: new Map(state.files).set(path, { ...sight, sinceMs: nowMs }) };
}
