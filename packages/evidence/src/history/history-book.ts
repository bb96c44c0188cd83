import { type Arrival, byCodeUnit, type HistoryEntry, isCanonical, type Source } from '@chimera/shared/domain';
import { VERSIONS, withoutVersions } from '../changes.ts';
import type { Steps } from '../steps.ts';
import { groupKey, seriesKey } from './arrivals.ts';
import { fingerprintOf } from './contents.ts';
import type { HistoryPoint, HistorySeries, Moment } from './snapshot.ts';
import { seriesOfStrand } from './strand-series.ts';

/** An inventory in the book, and the blob of its evidence. */
export type Recorded = Moment & { readonly evidence: string };

/** One configuration of a strand with its versions. */
type Variant = { readonly key: string; readonly arrival: Arrival; readonly versions: Readonly<Record<string, string>> };

/** All that the inventories brought of one series, by columns: a million points are to fit into the memory. */
type Strand = {
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

const NO_SOURCES: readonly Source[] = [];

/** Who is told of series with fewer than `least` points, of each how many it has. */
export type Short = { readonly least: number; readonly told: (points: number) => void };
const NONE_SHORT: Short = { least: 0, told: () => undefined };

// Others have their turn after so many series.
const AT_ONCE = 64;

/**
 * The history of a dataset in memory. Entries may be added in any order and again: what is told of them is the same.
 * @param keepsSources whether points carry the places where their runs stood
 */
export class HistoryBook {
  readonly #keepsSources: boolean;
  readonly #inventories: Recorded[] = [];
  readonly #positions = new Map<string, number>();
  readonly #strands = new Map<string, Strand>();

  constructor({ keepsSources = false }: { keepsSources?: boolean } = {}) {
    this.#keepsSources = keepsSources;
  }

  has(inventory: string): boolean {
    return this.#positions.has(inventory);
  }

  of(inventory: string): Recorded | null {
    return this.#inventories[this.#positions.get(inventory) ?? -1] ?? null;
  }

  /** All inventories, oldest first. */
  inventories(): Recorded[] {
    return [...this.#inventories].sort(inOrder);
  }

  /** The last inventory; null for an empty book. */
  newest(): Recorded | null {
    return this.#inventories.reduce<Recorded | null>((last, one) => (last === null || inOrder(last, one) < 0 ? one : last), null);
  }

  /** Whether a series has what a source holds already. */
  knows(key: string, source: Source): boolean {
    // Of a first inventory nothing is known, and a fingerprint costs a hash.
    return this.#strands.get(key)?.contents.includes(fingerprintOf(source)) ?? false;
  }

  /** Adds an inventory, unless it is there; returns it as it stands in the book. */
  add({ inventory, sequence, takenAt, evidence, arrivals }: HistoryEntry): Recorded {
    const known = this.of(inventory);
    if (known !== null) return known;
    const added = { inventory, sequence, takenAt, evidence };
    const at = this.#inventories.push(added) - 1;
    this.#positions.set(inventory, at);
    // What a later version calls a metric, this one cannot judge.
    for (const arrival of arrivals) if (isCanonical(arrival.metric)) this.#addArrival(at, arrival);
    return added;
  }

  #addArrival(at: number, arrival: Arrival): void {
    const key = seriesKey(arrival);
    const strand = this.#strands.get(key) ?? newStrand();
    this.#strands.set(key, strand);
    strand.at.push(at);
    strand.variant.push(variantIn(strand, arrival));
    strand.value.push(arrival.value);
    strand.n.push(arrival.n);
    for (const one of arrival.contents) strand.contents.push(one);
    strand.ends.push(strand.contents.length);
    if (this.#keepsSources) strand.sources.push(arrival.sources);
  }

  /**
   * Goes through the series in the order of their keys. A series goes on where only a version changes, which is what a history is asked
   * about; versions that are measured side by side are a series each.
   * @param upTo the last inventory that counts
   * @param short told instead how many points a series has that has fewer than so many: nobody needs to look at it
   */
  *series(visit: (series: HistorySeries) => void, upTo: Moment | null = this.newest(), short: Short = NONE_SHORT): Steps<void> {
    if (upTo === null) return;
    const ranks = new Map(this.inventories().map(({ inventory }, rank) => [inventory, rank]));
    const rank = this.#inventories.map(({ inventory }) => ranks.get(inventory) ?? 0);
    const last = ranks.get(upTo.inventory) ?? -1;
    const found: [key: string, strand: Strand, points: number[]][] = [];
    let steps = 0;
    for (const [key, strand] of this.#strands) {
      const { variants, at: places } = strand;
      if (++steps % AT_ONCE === 0) yield;
      if (variants.length === 1 && places.length < short.least) {
        const n = places.reduce((sum, at) => sum + ((rank[at] ?? Number.POSITIVE_INFINITY) <= last ? 1 : 0), 0);
        if (n > 0) short.told(n);
        continue;
      }
      const points = strand.at.map((at, i) => ({ i, rank: rank[at] ?? Number.POSITIVE_INFINITY, variant: strand.variant[i] ?? -1 }));
      const nameOf = ({ variant }: { variant: number }) => variants[variant]?.key ?? '';
      const told = points.filter((point) => point.rank <= last).sort((a, b) => a.rank - b.rank || byCodeUnit(nameOf(a), nameOf(b)));
      for (const { variant, points: own } of seriesOfStrand(
        told,
        variants.findIndex((one) => one.key === key),
      ))
        if (own.length >= Math.max(1, short.least))
          found.push([variant === null ? key : (variants[variant]?.key ?? ''), strand, own.map(({ i }) => i)]);
        else if (own.length > 0) short.told(own.length);
    }
    for (const [key, strand, points] of found.sort(([a], [b]) => byCodeUnit(a, b))) {
      visit(this.#seriesOf(strand, points, key));
      yield;
    }
  }

  #seriesOf(strand: Strand, points: readonly number[], key: string): HistorySeries {
    const last = strand.variants[strand.variant[points.at(-1) ?? -1] ?? -1];
    if (last === undefined || !isCanonical(last.arrival.metric)) throw new RangeError('There is no series without a point.');
    const { metric, statistic, unit, derived, pattern } = last.arrival;
    // With its versions where these tell it apart.
    const labels = key === last.key ? last.arrival.labels : withoutVersions(last.arrival.labels);
    const kept = derived.filter((name) => Object.hasOwn(labels, name));
    return { metric, statistic, unit, labels, derived: kept, scope: pattern, points: points.map((i) => this.#pointOf(strand, i)) };
  }

  #pointOf(strand: Strand, i: number): HistoryPoint {
    const inventory = this.#inventories[strand.at[i] ?? -1];
    if (inventory === undefined) throw new RangeError('A point is of an inventory that is not in the book.');
    return {
      inventory: inventory.inventory,
      sequence: inventory.sequence,
      takenAt: inventory.takenAt,
      value: strand.value[i] ?? Number.NaN,
      n: strand.n[i] ?? 0,
      versions: strand.variants[strand.variant[i] ?? -1]?.versions ?? {},
      sources: strand.sources[i] ?? NO_SOURCES,
      contents: strand.contents.slice(strand.ends[i - 1] ?? 0, strand.ends[i]),
    };
  }
}

/** By their places; two of one place, which two processes may have written that did not know of each other, by time, then by id. */
function inOrder(a: Moment, b: Moment): number {
  return a.sequence - b.sequence || byCodeUnit(a.takenAt, b.takenAt) || byCodeUnit(a.inventory, b.inventory);
}

function newStrand(): Strand {
  return { variants: [], at: [], variant: [], value: [], n: [], contents: [], ends: [], sources: [] };
}

function variantIn({ variants }: Strand, arrival: Arrival): number {
  const key = groupKey(arrival);
  const known = variants.findIndex((variant) => variant.key === key);
  if (known >= 0) return known;
  // In the order in which an entry keeps them, so that one that was read and one that was just made are told alike.
  const labels = Object.fromEntries(Object.entries(arrival.labels).sort(([a], [b]) => byCodeUnit(a, b)));
  const versions = Object.fromEntries(VERSIONS.flatMap((name) => (Object.hasOwn(labels, name) ? [[name, labels[name] ?? '']] : [])));
  // Of an arrival only what names the series is needed from here on.
  return variants.push({ key, arrival: { ...arrival, labels, contents: [], sources: [] }, versions }) - 1;
}
