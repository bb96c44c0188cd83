import { type Arrival, byCodeUnit, type HistoryEntry, isCanonical, type Source } from '@chimera/shared/domain';
import { withoutVersions } from '../changes.ts';
import type { Steps } from '../steps.ts';
import { seriesKey } from './arrivals.ts';
import { ChangeMemory } from './change-memory.ts';
import { fingerprintOf } from './contents.ts';
import { Lookup } from './lookup.ts';
import type { BookSeries, HistoryPoint, HistorySeries, Moment } from './snapshot.ts';
import { countInOrder, newStrand, type Strand, variantIn } from './strand.ts';
import { seriesOfStrand } from './strand-series.ts';

/** An inventory in the book, and the blob of its evidence. */
export type Recorded = Moment & { readonly evidence: string };

const NO_SOURCES: readonly Source[] = [];

/** Who is told of series with fewer than `least` points, of each how many it has. */
export type Short = { readonly least: number; readonly told: (points: number) => void };
const NONE_SHORT: Short = { least: 0, told: () => undefined };

/** A series in a strand: how many points it has and which; null: the first ones. */
type Found = { readonly key: string; readonly strand: Strand; readonly count: number; readonly at: readonly number[] | null };

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
  // Those of the strands; in order, until another comes.
  readonly #keys: string[] = [];
  #isSorted = true;
  readonly #lookup = new Lookup();
  /** what was found in its series */
  readonly changes = new ChangeMemory();

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
    const contents = this.#strands.get(key)?.contents;
    // Of a first inventory nothing is known, and a fingerprint costs a hash.
    return contents !== undefined && this.#lookup.has(contents, fingerprintOf(source));
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
    const strand = this.#strands.get(key) ?? this.#addStrand(key);
    strand.at.push(at);
    strand.variant.push(variantIn(strand, arrival));
    strand.value.push(arrival.value);
    strand.n.push(arrival.n);
    for (const one of arrival.contents) strand.contents.push(one);
    strand.ends.push(strand.contents.length);
    if (this.#keepsSources) strand.sources.push(arrival.sources);
  }

  #addStrand(key: string): Strand {
    const strand = newStrand();
    this.#strands.set(key, strand);
    this.#keys.push(key);
    this.#isSorted = false;
    return strand;
  }

  /**
   * Goes through the series in the order of their keys. A series goes on where only a version changes, which is what a history is asked
   * about; versions that are measured side by side are a series each.
   * @param upTo the last inventory that counts
   */
  *series(visit: (series: HistorySeries) => void, upTo: Moment | null = this.newest()): Steps<void> {
    yield* this.each((one) => visit(one.whole()), upTo);
  }

  /**
   * The same, where nobody needs all points of all of them.
   * @param short told instead how many points a series has that has fewer than so many: nobody needs to look at it
   */
  *each(visit: (series: BookSeries) => void, upTo: Moment | null, short: Short = NONE_SHORT): Steps<void> {
    if (upTo === null) return;
    const order = new Map(this.inventories().map(({ inventory }, rank) => [inventory, rank]));
    const ranks = this.#inventories.map(({ inventory }) => order.get(inventory) ?? 0);
    const last = order.get(upTo.inventory) ?? -1;
    const least = Math.max(1, short.least);
    const found: Found[] = [];
    let steps = 0;
    // To sort what is in order but for a few costs little.
    if (!this.#isSorted) this.#keys.sort(byCodeUnit);
    this.#isSorted = true;
    for (const key of this.#keys) {
      if (++steps % AT_ONCE === 0) yield;
      for (const one of this.#foundIn(key, ranks, last)) {
        if (one.count >= least) found.push(one);
        else if (one.count > 0) short.told(one.count);
      }
    }
    for (const one of found.sort((a, b) => byCodeUnit(a.key, b.key))) {
      visit(this.#seriesOf(one));
      yield;
    }
  }

  /** The series of a strand. */
  #foundIn(key: string, ranks: readonly number[], last: number): Found[] {
    const strand = this.#strands.get(key) ?? newStrand();
    const count = countInOrder(strand, ranks, last);
    if (count !== null) return [{ key, strand, count, at: null }];
    const { variants } = strand;
    const points = strand.at.map((at, i) => ({ i, rank: ranks[at] ?? Number.POSITIVE_INFINITY, variant: strand.variant[i] ?? -1 }));
    const nameOf = ({ variant }: { variant: number }) => variants[variant]?.key ?? '';
    const told = points.filter(({ rank }) => rank <= last).sort((a, b) => a.rank - b.rank || byCodeUnit(nameOf(a), nameOf(b)));
    const plain = variants.findIndex((variant) => variant.key === key);
    return seriesOfStrand(told, plain).map(({ variant, points: own }) => ({
      key: variant === null ? key : (variants[variant]?.key ?? ''),
      strand,
      count: own.length,
      at: own.map(({ i }) => i),
    }));
  }

  #seriesOf({ key, strand, count, at }: Found): BookSeries {
    const placeOf = (i: number) => (at === null ? i : (at[i] ?? -1));
    const last = strand.variants[strand.variant[placeOf(count - 1)] ?? -1];
    if (last === undefined || !isCanonical(last.arrival.metric)) throw new RangeError('There is no series without a point.');
    const { metric, statistic, unit, derived, pattern } = last.arrival;
    // With its versions where these tell it apart.
    const labels = key === last.key ? last.arrival.labels : withoutVersions(last.arrival.labels);
    const name = { metric, statistic, unit, labels, derived: derived.filter((one) => Object.hasOwn(labels, one)), scope: pattern };
    const pointAt = (i: number) => this.#pointOf(strand, placeOf(i));
    return {
      ...name,
      key,
      count,
      values: () => (at === null ? strand.value.slice(0, count) : at.map((i) => strand.value[i] ?? Number.NaN)),
      pointAt,
      whole: () => ({ ...name, points: Array.from({ length: count }, (_, i) => pointAt(i)) }),
    };
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
