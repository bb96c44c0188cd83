import { BITS, divided, LOWER, type Part, partOf, release, valueIn } from './rank-part.ts';
import { selectInPlace } from './select-in-place.ts';
import { lowerOrder, UPPER, upperOrder, upperOrderOf } from './total-order.ts';

/** What is selected: the values of these ranks (0-based, ascending) out of n finite values between `least` and `greatest`. */
export type SelectionOf = {
  ranks: readonly number[];
  n: number;
  least: number;
  greatest: number;
  /** how many values may be held at a time */
  most: number;
};

/** Divisions that one pass makes at most, so that their counts stay small. */
const MOST_DIVIDED = 8;

/**
 * Finds values by rank among more than can be held or sorted, in passes over them, by their bits: the first pass counts how many
 * values begin with the same bits, and further ones hold the few among which a rank lies, or divide by more bits where these are still
 * too many (selection in passes with limited storage: Munro & Paterson, "Selection and sorting with limited storage", Theoretical
 * Computer Science 12(3), 1980; here by radix). Exact whatever the values and their order: -0 comes before 0. Two passes are enough
 * unless very many values lie next to each other, and four for a few ranks if all that is to be held then fits at once.
 * Each pass: `take` all values in pieces of any size, then `next`. Throws RangeError where the passes do not show n values in the range.
 */
export class RankSelection {
  readonly #of: SelectionOf;
  readonly #found: Float64Array;
  readonly #base: number;
  readonly #shift: number;
  #counts: Uint32Array<ArrayBuffer> | null = null;
  /** by bucket: 0, or which of `#cells` looks at its values */
  #slots: Uint16Array<ArrayBuffer> = new Uint16Array();
  #cells: Part[][] = [];
  /** by cell: its part, where it is one that holds all values of its bucket; else null */
  #only: (Part | null)[] = [];
  #pending: Part[] = [];

  constructor(of: SelectionOf) {
    const { ranks, n, least, greatest } = of;
    for (const rank of ranks)
      if (!(Number.isInteger(rank) && rank >= 0 && rank < n)) throw new RangeError(`There is no rank ${rank} among ${n} values.`);
    this.#of = of;
    this.#found = new Float64Array(ranks.length);
    // Zero has two signs, which say nothing as a bound.
    this.#base = upperOrderOf(least === 0 ? -0 : least);
    const places = upperOrderOf(greatest === 0 ? 0 : greatest) - this.#base + 1;
    this.#shift = Math.max(0, Math.ceil(Math.log2(places)) - BITS);
    if (least === greatest && least !== 0) this.#found.fill(least);
    else if (ranks.length > 0) this.#counts = new Uint32Array(2 ** BITS);
  }

  /** Whether a pass over all values is needed. */
  get isOpen(): boolean {
    return this.#counts !== null || this.#pending.length > 0;
  }

  /** Takes the next values of a pass. */
  take(values: Float64Array): void {
    const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    if (this.#counts) this.#count(this.#counts, halves);
    else if (this.#pending.length > 0) this.#look(values, halves);
  }

  /** Ends a pass. */
  next(): void {
    const counts = this.#counts;
    this.#counts = null;
    if (counts) {
      this.#pending = this.#begun(counts);
      release(counts);
    } else this.#pending = this.#pending.flatMap((part) => this.#gone(part));
    if (this.#pending.length > 0) this.#plan();
    else release(this.#slots);
  }

  /** The values of the ranks, in the order in which these were given. */
  values(): Float64Array {
    if (this.isOpen) throw new Error('A selection has its values after its last pass.');
    return this.#found;
  }

  #count(counts: Uint32Array, halves: Int32Array): void {
    const [base, shift, length] = [this.#base | 0, this.#shift | 0, halves.length];
    for (let i = UPPER | 0; i < length; i += 2) {
      const upper = halves[i] ?? 0;
      const bucket = ((upper ^ ((upper >> 31) | 0x80000000)) - base) >>> shift;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  }

  #look(values: Float64Array, halves: Int32Array): void {
    const [base, shift, slots, only] = [this.#base | 0, this.#shift | 0, this.#slots, this.#only];
    const [own, length] = [UPPER | 0, halves.length];
    for (let i = own; i < length; i += 2) {
      const upper = halves[i] ?? 0;
      const slot = slots[((upper ^ ((upper >> 31) | 0x80000000)) - base) >>> shift] ?? 0;
      if (slot === 0) continue;
      const part = only[slot - 1];
      if (part?.values) part.values[part.filled++] = values[i >> 1] ?? 0;
      else this.#put(slot, values[i >> 1] ?? 0, upper, halves[i ^ 1] ?? 0);
    }
  }

  #put(slot: number, value: number, upper: number, lower: number): void {
    const cell = this.#cells[slot - 1] ?? [];
    for (let i = 0; i < cell.length; i += 1) {
      const part = cell[i];
      if (part === undefined) continue;
      if (part.values !== null && part.isWhole) {
        part.values[part.filled++] = value;
        continue;
      }
      const place = (upperOrder(upper) - part.upper) * LOWER + lowerOrder(upper, lower) - part.from;
      if (place < 0 || place >= part.width) continue;
      if (part.values !== null) part.values[part.filled++] = value;
      else if (part.counts !== null) {
        const piece = (place * part.perPlace) | 0;
        part.counts[piece] = (part.counts[piece] ?? 0) + 1;
        if (place < part.least) part.least = place;
        if (place > part.greatest) part.greatest = place;
      }
    }
  }

  /** The parts that the first pass found ranks in. */
  #begun(counts: Uint32Array): Part[] {
    const { ranks, n } = this.#of;
    let seen = 0;
    for (let bucket = 0; bucket < counts.length; bucket += 1) seen += counts[bucket] ?? 0;
    if (seen !== n) throw new RangeError(`A selection of ${n} values saw ${seen} within their least and greatest.`);
    const asked = ranks.map((rank, at) => ({ rank, at })).sort((a, b) => a.rank - b.rank);
    return divided(counts, asked).map((one): Part => {
      const upper = this.#base + one.piece * 2 ** this.#shift;
      return { ...partOf(one, { bucket: one.piece, upper, from: 0, bits: this.#shift + 32 }), isWhole: true };
    });
  }

  /** What is left of a part after a pass: nothing where its ranks are found, itself where it was not its turn, or smaller parts. */
  #gone(part: Part): Part[] {
    const { values, counts, bucket, upper, from, bits, within, count } = part;
    if (values) {
      if (part.filled !== count) throw new RangeError('The passes of a selection did not show the same values.');
      this.#find(values, within);
      release(values);
      return [];
    }
    if (!counts) return [part];
    if (part.least === part.greatest) {
      release(counts);
      for (const { at } of within) this.#found[at] = valueIn(upper, from + part.least);
      return [];
    }
    const left = Math.max(0, bits - BITS);
    const smaller = divided(counts, within).map((one) => partOf(one, { bucket, upper, from: from + one.piece * 2 ** left, bits: left }));
    release(counts);
    if (left > 0) return smaller;
    for (const one of smaller) for (const { at } of one.within) this.#found[at] = valueIn(upper, one.from);
    return [];
  }

  /** Of -0 and 0, which compare as equal, sorting knows the order, and takes longer. */
  #find(values: Float64Array, within: Part['within']): void {
    const { least, greatest } = this.#of;
    const isSorted = within.length > 6 || (least <= 0 && greatest >= 0 && values.some((value) => value === 0));
    if (isSorted) values.sort();
    for (const { rank, at } of within) this.#found[at] = isSorted ? (values[rank] ?? Number.NaN) : selectInPlace(values, rank);
  }

  /** Says what the next pass does: holds as many values as may be, and divides parts that are too large for it. */
  #plan(): void {
    const { most } = this.#of;
    let [free, divisions] = [most, MOST_DIVIDED];
    if (this.#slots.length === 0) this.#slots = new Uint16Array(2 ** BITS);
    else this.#slots.fill(0);
    this.#cells = [];
    for (const part of this.#pending) {
      if (part.count <= free) {
        part.values = new Float64Array(part.count);
        free -= part.count;
      } else if (part.count > most && divisions > 0) {
        part.counts = new Uint32Array(2 ** Math.min(BITS, part.bits));
        divisions -= 1;
      } else continue;
      const slot = this.#slots[part.bucket] ?? 0;
      if (slot === 0) this.#slots[part.bucket] = this.#cells.push([part]);
      else this.#cells[slot - 1]?.push(part);
    }
    this.#only = this.#cells.map(([part, ...others]) => (part?.isWhole && part.values && others.length === 0 ? part : null));
  }
}

/**
 * The values of some ranks among values that can be gone through several times, in the order of the ranks; see `RankSelection`.
 * @param pass yields all values, in pieces of any size and any order; a piece may be used again once the next is asked for
 */
export function selectRanks(pass: () => Iterable<Float64Array>, of: SelectionOf): Float64Array {
  const selection = new RankSelection(of);
  while (selection.isOpen) {
    for (const values of pass()) selection.take(values);
    selection.next();
  }
  return selection.values();
}
