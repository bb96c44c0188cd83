import type { JournalEntry } from './entry.ts';
import type { PlannedRun } from './plan.ts';

export type DueRun = { run: PlannedRun; attempt: number };

/**
 * What is left to do, in the order of the plan: runs of which no try was measured, that were tried fewer than `attempts` times, and
 * whose last try does not say that another would not help. `attempt` is the next one, from 1: behind all that are there, because an
 * earlier one may have been taken out of the journal.
 */
export function dueRuns(planned: readonly PlannedRun[], entries: readonly JournalEntry[], attempts: number): DueRun[] {
  const tries = new Map<number, JournalEntry[]>();
  for (const entry of entries) tries.set(entry.line.ordinal, [...(tries.get(entry.line.ordinal) ?? []), entry]);
  return planned.flatMap((run) => {
    const soFar = tries.get(run.ordinal) ?? [];
    const settled = soFar.some(({ line, again }) => line.outcome === 'measured' || !again);
    return settled || soFar.length >= attempts ? [] : [{ run, attempt: Math.max(0, ...soFar.map(({ line }) => line.attempt)) + 1 }];
  });
}
