import type { Entry } from './entry.ts';
import type { Statistic } from './statistic-words.ts';

/** A statistic over several single values: `value` in the dimension's own unit. */
export type Aggregate = { statistic: Statistic; value: number; n: number; scope: string | null; entries: readonly Entry[] };

/**
 * The mean, median, least, greatest and sum of single values: of all, and of each artifact's. Prose often states one that is no fact
 * of its own, such as the mean over all configurations of a file.
 */
export function aggregatesOf(entries: readonly Entry[]): Aggregate[] {
  const ofOne = entries.filter(({ scope, fact }) => (fact === null || fact.n === null || fact.n === 1) && !scope.includes('*'));
  const values = ofOne.filter(({ statistics }) => statistics.has('value'));
  // Where files give means alone, these are what can be summed up.
  const single = values.length > 0 ? values : ofOne.filter(({ statistics }) => statistics.has('mean'));
  const seen = new Set<string>();
  const apart = new Map<string, Entry[]>();
  for (const entry of single) {
    // A fact of one value repeats its measurement.
    const key = JSON.stringify([
      entry.scope,
      entry.metric,
      entry.value,
      Object.entries(entry.labels)
        .filter(([, v]) => v.length < 40)
        .sort(),
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    const there = apart.get(entry.scope);
    if (there) there.push(entry);
    else apart.set(entry.scope, [entry]);
  }
  const all = [...apart.values()].flat();
  const found = all.length > 0 ? overSome(all, null) : [];
  if (apart.size > 1) for (const [scope, some] of apart) if (some.length > 1) found.push(...overSome(some, scope));
  return found;
}

function overSome(entries: readonly Entry[], scope: string | null): Aggregate[] {
  const values = entries.map(({ value, unit }) => value * (unit?.factor ?? 1)).sort((a, b) => a - b);
  const n = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  const middle = ((values[(n - 1) >> 1] ?? 0) + (values[n >> 1] ?? 0)) / 2;
  const one = (statistic: Statistic, value: number): Aggregate => ({ statistic, value, n, scope, entries });
  const ends = [one('mean', sum / n), one('min', values[0] ?? 0), one('max', values[n - 1] ?? 0)];
  // The middle of several means is no median of what they are means of.
  return entries.every(({ statistics }) => statistics.has('value')) ? [...ends, one('median', middle), one('sum', sum)] : ends;
}
