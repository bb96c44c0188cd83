import type { Observations } from '@chimera/shared/domain';
import { datesIn } from './date.ts';
import type { Entry } from './entry.ts';
import type { Truth } from './truth.ts';

const SAME_MOMENT_MS = 10 * 60_000;

/**
 * Modification times, null where they say nothing: a copy gives all files the moment of the copy, so times that all lie within ten
 * minutes are not those of the measurements.
 */
export function trusted(modified: Observations['modified']): ReadonlyMap<string, number> | null {
  if (modified.length < 2) return null;
  const times = new Map(modified.map(({ path, modified: at }) => [path, Date.parse(at)]));
  const all = [...times.values()];
  const least = all.reduce((a, b) => Math.min(a, b));
  const most = all.reduce((a, b) => Math.max(a, b));
  return most - least < SAME_MOMENT_MS ? null : times;
}

const IN_NAME = /(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])(?!\d)/g;

/** The earliest and latest time that artifacts state, in themselves or in their names; null where none does. */
export function statedTimes(paths: readonly string[], entries: readonly Entry[]): Truth['stated'] {
  const times: number[] = [];
  for (const path of paths)
    for (const [, year, month, day] of path.matchAll(IN_NAME)) times.push(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const seen = new Set<string>();
  for (const { labels } of entries) {
    const { timestamp } = labels;
    if (timestamp === undefined || seen.has(timestamp)) continue;
    seen.add(timestamp);
    for (const { date } of datesIn(timestamp)) if (date.grain === 'second') times.push(date.from);
  }
  return times.length === 0 ? null : { first: times.reduce((a, b) => Math.min(a, b)), last: times.reduce((a, b) => Math.max(a, b)) };
}
