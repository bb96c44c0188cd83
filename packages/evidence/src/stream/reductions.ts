import { joinedParts, type PartMoments, quantilePlace, RankSelection, scaleFor, TwoPassMoments, weighed } from '@chimera/statistics';
import { type Digest, ofOneValue } from '../digest.ts';
import type { Steps } from '../steps.ts';
import type { NumberStore } from './number-store.ts';
import { countOf, type StoredColumn } from './stored-column.ts';

/** What a number is in another unit; the identity where it stays in its own. Zero stays zero, and order is kept. */
export type Convert = (value: number) => number;

/** The numbers of some columns, as many as they are, reduced to a few; asked for first, and computed in few passes over them. */
export type Reduction = {
  columns: readonly StoredColumn[];
  /** by column, where numbers must be converted before they can be put in one order; null where they stay as they are */
  converts: readonly Convert[] | null;
  n: number;
  least: number;
  greatest: number;
  /** what is to be known, and what is */
  ranks: Map<number, number>;
  isDone: boolean;
};

/** Computes reductions of columns, each once, however often it is asked for. */
export class Reductions {
  readonly #store: NumberStore;
  readonly #most: number;
  readonly #known = new Map<string, Reduction>();
  readonly #moments = new Map<number, PartMoments>();

  /** @param most how many numbers may be held at a time */
  constructor(store: NumberStore, most: number) {
    this.#store = store;
    this.#most = most;
  }

  /** Asks for quantiles and for single ranks, before anything is computed. Equal columns are one reduction. */
  of(
    columns: readonly StoredColumn[],
    converts: readonly Convert[] | null,
    quantiles: readonly number[],
    ranks: readonly number[],
  ): Reduction {
    const key = `${converts === null ? '' : 'converted '}${columns.map(({ id }) => id).join()}`;
    const reduction = this.#known.get(key) ?? reductionOf(columns, converts);
    this.#known.set(key, reduction);
    const { n } = reduction;
    for (const p of quantiles) {
      const { low, high } = quantilePlace(n, p);
      for (const rank of [low, high]) reduction.ranks.set(rank, Number.NaN);
    }
    for (const rank of ranks) reduction.ranks.set(rank, Number.NaN);
    return reduction;
  }

  /** Goes through the numbers as often as it takes. Pauses after each piece. */
  *compute(reduction: Reduction): Steps<void> {
    if (reduction.isDone) return;
    const { columns, ranks, n, least, greatest } = reduction;
    const asked = [...ranks.keys()];
    const selection = new RankSelection({ ranks: asked, n, least, greatest, most: this.#most });
    const moments = this.#unknown(reduction);
    const converts = reduction.converts && new Map(columns.map(({ id }, i) => [id, reduction.converts?.[i]]));
    for (let pass = 0; selection.isOpen || (pass < 2 && moments.size > 0); pass += 1) {
      for (const { column, values } of this.#store.pieces(columns.map(({ id }) => id))) {
        const own = moments.get(column);
        if (pass === 0) own?.sum(values);
        else if (pass === 1) own?.square(values);
        const convert = converts?.get(column);
        selection.take(convert ? values.map(convert) : values);
        yield;
      }
      if (selection.isOpen) selection.next();
    }
    for (const [id, own] of moments) this.#moments.set(id, own.part());
    const found = selection.values();
    for (const [i, rank] of asked.entries()) ranks.set(rank, found[i] ?? Number.NaN);
    reduction.isDone = true;
  }

  /** Mean and deviation of a computed reduction; in another unit, where `converts` has one for each column. */
  moments(reduction: Reduction, converts: readonly Convert[] | null): Pick<Digest, 'mean' | 'stddev'> {
    const { columns, n, least, greatest } = reduction;
    if (least === greatest) return ofOneValue(n, reduction.converts === null && converts?.[0] ? converts[0](least) : least);
    const scale = scaleOf(columns);
    const parts = columns.map((column, i): PartMoments => {
      const own = this.#moments.get(column.id);
      if (own === undefined) throw new Error('Moments are known once a reduction was computed.');
      const convert = converts?.[i];
      const part = rescaled(own, scale / scaleOf([column]));
      return convert ? converted(part, convert) : part;
    });
    return joinedParts(parts, scale);
  }

  /** Columns whose moments nobody has computed, where they are needed. */
  #unknown({ columns, least, greatest }: Reduction): Map<number, TwoPassMoments> {
    const needed = least === greatest ? [] : columns;
    const unknown = needed.filter(({ id }) => !this.#moments.has(id));
    return new Map(unknown.map((column) => [column.id, new TwoPassMoments(scaleOf([column]))]));
  }
}

/** The value of a rank of a computed reduction. */
export function valueAtRank({ ranks }: Reduction, rank: number): number {
  const value = ranks.get(rank);
  if (value === undefined) throw new RangeError(`Rank ${rank} was not asked for.`);
  return value;
}

/** A quantile of a computed reduction, each of its two values converted. */
export function quantileOf(reduction: Reduction, p: number, convert: Convert): number {
  const { low, high, between } = quantilePlace(reduction.n, p);
  return weighed(convert(valueAtRank(reduction, low)), convert(valueAtRank(reduction, high)), between);
}

/** The least and the greatest value of a computed reduction. */
export function extentOf(reduction: Reduction): { min: number; max: number } {
  const { ranks, n, least, greatest } = reduction;
  return { min: ranks.get(0) ?? least, max: ranks.get(n - 1) ?? greatest };
}

function reductionOf(columns: readonly StoredColumn[], converts: readonly Convert[] | null): Reduction {
  const n = countOf(columns);
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [i, column] of columns.entries()) {
    const convert = converts?.[i];
    least = Math.min(least, convert ? convert(column.least) : column.least);
    greatest = Math.max(greatest, convert ? convert(column.greatest) : column.greatest);
  }
  const ranks = new Map<number, number>();
  // Which zero it is, only the values themselves say.
  if (least === 0) ranks.set(0, Number.NaN);
  if (greatest === 0) ranks.set(n - 1, Number.NaN);
  return { columns, converts, n, least, greatest, ranks, isDone: false };
}

/** The scale of columns is their own: one absurd number in another column must not cost them their digits. */
function scaleOf(columns: readonly StoredColumn[]): number {
  let greatest = 0;
  for (const column of columns) greatest = Math.max(greatest, Math.abs(column.least), Math.abs(column.greatest));
  return scaleFor(greatest);
}

/** Moments in another scale, `factor` times as great. */
function rescaled(part: PartMoments, factor: number): PartMoments {
  if (factor === 1) return part;
  const { n, total, lost, mean, rest, squares } = part;
  return { n, total: total * factor, lost: lost * factor, mean: mean * factor, rest: rest * factor, squares: squares * factor * factor };
}

/** Moments in another unit: units differ by a factor. */
function converted({ n, total, lost, mean, rest, squares }: PartMoments, convert: Convert): PartMoments {
  const times = (value: number) => (value < 0 ? -convert(-value) : convert(value));
  return { n, total: times(total), lost: times(lost), mean: times(mean), rest: times(rest), squares: times(times(squares)) };
}
