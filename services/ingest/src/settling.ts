import type { Entry } from './folder.ts';

/** What is remembered of a dataset between two looks: how it looked, since when (monotonic ms), what was last taken. */
export type Settling = { signature: string; sinceMs: number; taken: string | null };

/** Equal exactly when no entry came, went, grew, shrank, was touched or replaced. */
export function signatureOf(entries: readonly Entry[]): string {
  return entries.map((e) => `${e.path}\0${e.type}\0${e.bytes}\0${e.modifiedMs}\0${e.inode}`).join('\n');
}

/**
 * One look at a dataset: `due` when it has looked the same for the quiet time (or is marked done), and is not what
 * was last taken. Pure: the time is handed in.
 */
export function settle(
  before: Settling | null,
  entries: readonly Entry[],
  nowMs: number,
  quietMs: number,
  done: boolean,
): { state: Settling; due: boolean } {
  const signature = signatureOf(entries);
  const same = before?.signature === signature;
  const state: Settling = { signature, sinceMs: same && before ? before.sinceMs : nowMs, taken: before?.taken ?? null };
  const quiet = nowMs - state.sinceMs >= quietMs && (same || quietMs === 0);
  return { state, due: entries.length > 0 && signature !== state.taken && (quiet || done) };
}
