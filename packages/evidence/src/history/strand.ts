import { type Arrival, byCodeUnit, type Source } from '@chimera/shared/domain';
import { VERSIONS } from '../changes.ts';
import { groupKey } from './arrivals.ts';

/** One configuration of a strand with its versions. */
type Variant = { readonly key: string; readonly arrival: Arrival; readonly versions: Readonly<Record<string, string>> };

/** All that the inventories brought of one series, by columns: a million points are to fit into the memory. */
export type Strand = {
  readonly variants: Variant[];
  /** positions in the book's inventories */
  readonly at: number[];
  readonly variant: number[];
  readonly value: number[];
  readonly n: number[];
  /** the fingerprints of all points one after the other, and where those of each end */
  readonly contents: number[];
  readonly ends: number[];
  readonly sources: (readonly Source[])[];
};

export function newStrand(): Strand {
  return { variants: [], at: [], variant: [], value: [], n: [], contents: [], ends: [], sources: [] };
}

/** Which of a strand's variants an arrival is of; a new one is added. */
export function variantIn({ variants }: Strand, arrival: Arrival): number {
  const key = groupKey(arrival);
  const known = variants.findIndex((variant) => variant.key === key);
  if (known >= 0) return known;
  // In the order in which an entry keeps them, so that one that was read and one that was just made are told alike.
  const labels = Object.fromEntries(Object.entries(arrival.labels).sort(([a], [b]) => byCodeUnit(a, b)));
  const versions = Object.fromEntries(VERSIONS.flatMap((name) => (Object.hasOwn(labels, name) ? [[name, labels[name] ?? '']] : [])));
  // Of an arrival only what names the series is needed from here on.
  return variants.push({ key, arrival: { ...arrival, labels, contents: [], sources: [] }, versions }) - 1;
}

/**
 * How many of a strand's points are of inventories of the rank `last` and before, where its points stand in the order of these and no
 * inventory has two: they are one series then. Else null.
 * @param ranks of the inventories, by their positions
 */
export function countInOrder({ at }: Strand, ranks: readonly number[], last: number): number | null {
  let count = 0;
  let before = -1;
  for (const [i, position] of at.entries()) {
    const rank = ranks[position] ?? Number.POSITIVE_INFINITY;
    if (rank <= before) return null;
    if (rank <= last) count = i + 1;
    before = rank;
  }
  return count;
}
