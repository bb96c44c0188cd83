import { valueAt } from './total-order.ts';

/** Bits by which a pass divides what is left: more counts would not stay in a cache, fewer would leave more values between two. */
export const BITS = 16;
/** Places that share an upper half. */
export const LOWER = 2 ** 32;

/** An interval of the order, within one of the first pass, that holds ranks asked for. Places count from where that one begins. */
export type Part = {
  bucket: number;
  /** the upper half of the order with which that bucket begins */
  upper: number;
  from: number;
  /** it is 2^bits places wide, and one of its pieces 1 / perPlace */
  bits: number;
  width: number;
  perPlace: number;
  isWhole: boolean;
  /** how many values it holds */
  count: number;
  /** ranks within it, ascending, and where each is kept */
  within: { rank: number; at: number }[];
  /** what a pass puts in: the values themselves, or how many there are in each piece */
  values: Float64Array<ArrayBuffer> | null;
  filled: number;
  counts: Uint32Array<ArrayBuffer> | null;
  least: number;
  greatest: number;
};

/** A part of so many values, of which these ranks are asked, at that place of the order. */
export function partOf({ count, within }: Pick<Part, 'count' | 'within'>, place: Pick<Part, 'bucket' | 'upper' | 'from' | 'bits'>): Part {
  const perPlace = 2 ** Math.min(0, BITS - place.bits);
  const none = { values: null, filled: 0, counts: null, least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
  return { ...place, width: 2 ** place.bits, perPlace, isWhole: false, count, within, ...none };
}

/** The value at a place of the order that begins with that upper half. */
export function valueIn(upper: number, place: number): number {
  return valueAt(upper + Math.floor(place / LOWER), place % LOWER);
}

/** Gives memory back that nobody looks at any more: the collector does not see how much it is, and would be waited for for long. */
export function release(values: { buffer: ArrayBuffer }): void {
  values.buffer.transfer(0);
}

/** The pieces that hold ranks, which ascend, and the ranks within each. */
export function divided(counts: Uint32Array, asked: Part['within']): { piece: number; count: number; within: Part['within'] }[] {
  const found: { piece: number; count: number; within: Part['within'] }[] = [];
  let [before, next] = [0, 0];
  for (let piece = 0; piece < counts.length; piece += 1) {
    const count = counts[piece] ?? 0;
    const first = asked[next];
    if (first !== undefined && first.rank < before + count) {
      const within: Part['within'] = [];
      for (let one = asked[next]; one && one.rank < before + count; one = asked[++next])
        within.push({ rank: one.rank - before, at: one.at });
      found.push({ piece, count, within });
    }
    before += count;
  }
  return found;
}
