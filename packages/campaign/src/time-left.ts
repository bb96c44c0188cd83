import { type Cell, cellKey } from './cell.ts';
import type { DueRun } from './due.ts';
import type { JournalEntry } from './entry.ts';

/**
 * The seconds that the runs which are due will take, by the tries so far: for each run the median of its cell, and the mean of those
 * medians where its cell was not tried yet. Null before the first try is done. It takes the wall clock of a run for all of its time.
 */
export function secondsLeft(due: readonly DueRun[], entries: readonly JournalEntry[]): number | null {
  const taken = new Map<string, number[]>();
  for (const { line } of entries) {
    const seconds = line.measured.wall_clock?.value;
    const key = cellKey({ ...line, name: line.profile });
    if (seconds !== undefined) taken.set(key, [...(taken.get(key) ?? []), seconds]);
  }
  if (taken.size === 0) return null;
  const medians = new Map([...taken].map(([key, seconds]) => [key, median(seconds)]));
  const mean = [...medians.values()].reduce((sum, one) => sum + one, 0) / medians.size;
  const expected = (cell: Cell) => medians.get(cellKey(cell)) ?? mean;
  return due.reduce((sum, { run }) => sum + expected(run.cell), 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
