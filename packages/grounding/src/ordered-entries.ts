import type { Entry } from './entry.ts';

/** Numbers in ascending order of some value of theirs. */
export type Ordered = { values: Float64Array; entries: readonly Entry[] };

/** The entries by a key of theirs. */
export function groupedBy(entries: readonly Entry[], keyOf: (entry: Entry) => string): Map<string, Entry[]> {
  const apart = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const there = apart.get(key);
    if (there) there.push(entry);
    else apart.set(key, [entry]);
  }
  return apart;
}

/** The entries of each dimension by their value in its own unit. */
export function orderedByDimension(entries: readonly Entry[]): Map<string, Ordered> {
  return new Map(
    [...groupedBy(entries, ({ unit }) => unit?.dimension ?? '')].map(([dimension, some]) => [
      dimension,
      inOrder(some, (entry) => entry.value * (entry.unit?.factor ?? 1)),
    ]),
  );
}

/** Entries by a value of theirs. */
export function inOrder(entries: readonly Entry[], by: (entry: Entry) => number): Ordered {
  const sorted = entries.map((entry) => ({ entry, value: by(entry) })).sort((a, b) => a.value - b.value);
  return { values: Float64Array.from(sorted, (s) => s.value), entries: sorted.map((s) => s.entry) };
}

/** The entries whose value lies from `low` to `high`. */
export function between({ values, entries }: Ordered, low: number, high: number): readonly Entry[] {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((values[middle] ?? 0) < low) from = middle + 1;
    else to = middle;
  }
  let end = from;
  while (end < values.length && (values[end] ?? 0) <= high) end++;
  return entries.slice(from, end);
}
