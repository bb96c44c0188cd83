import type { Spill } from './spill.ts';
import { SpilledBlocks } from './spilled-blocks.ts';
import { twice } from './twice.ts';

/** How much is held before it is spilled, in doubles. */
export type StoreSizes = {
  /** all buffers together */
  arena: number;
  /** the first buffer of a column, and the largest one: powers of two */
  least: number;
  most: number;
};

/** 40 MB at most, of which only what is used is ever touched; a full buffer is 64 KB. */
export const STORE_SIZES: StoreSizes = { arena: 5 * 2 ** 20, least: 16, most: 8_192 };

/** So much of the arena is worth being given back: 4 MB. */
const MUCH = 2 ** 19;

/**
 * The numbers of many columns, each in its order: buffers that double as they fill, all in one arena, and are spilled when they can
 * grow no more. When the arena is full, everything is spilled and all begin anew, so that it does not matter how many columns there are.
 */
export class NumberStore {
  readonly #sizes: StoreSizes;
  readonly #blocks: SpilledBlocks;
  #arena: Float64Array<ArrayBuffer>;
  #top = 0;
  /** how large a column's first buffer is */
  #first: number;
  /** buffers that were left for larger ones, by size */
  readonly #free = new Map<number, number[]>();
  #columns = 0;
  /** by column: where its buffer begins, is filled up to, and ends; -1 where what is added counts nowhere */
  #starts = new Int32Array(64);
  #fills = new Int32Array(64);
  #ends = new Int32Array(64);
  /** by column: how many of its numbers were spilled, and the extent of these */
  #spilled = new Float64Array(64);
  #least = new Float64Array(64);
  #greatest = new Float64Array(64);

  constructor(spill: Spill, sizes: StoreSizes = STORE_SIZES) {
    this.#sizes = sizes;
    this.#blocks = new SpilledBlocks(spill, sizes.most);
    this.#arena = new Float64Array(sizes.arena);
    this.#first = sizes.least;
  }

  /** Opens a column and returns its number: 0, 1, … */
  open(): number {
    const column = this.#columns++;
    if (column === this.#starts.length) this.#widen();
    this.#blocks.open(column);
    this.#least[column] = Number.POSITIVE_INFINITY;
    this.#greatest[column] = Number.NEGATIVE_INFINITY;
    return column;
  }

  add(column: number, value: number): void {
    let at = this.#fills[column] ?? -1;
    if (at === this.#ends[column]) {
      at = this.#room(column);
      if (at < 0) return;
    }
    this.#arena[at] = value;
    this.#fills[column] = at + 1;
  }

  /** Adds the first `length` of the values. */
  addRun(column: number, values: Float64Array, length: number): void {
    for (let done = 0; done < length; ) {
      let at = this.#fills[column] ?? -1;
      if (at === this.#ends[column]) {
        at = this.#room(column);
        if (at < 0) return;
      }
      const arena = this.#arena;
      const shift = at - done;
      const to = Math.min(length, (this.#ends[column] ?? 0) - shift);
      for (; done < to; done += 1) arena[shift + done] = values[done] as number;
      this.#fills[column] = shift + done;
    }
  }

  /** Forgets the numbers of a column, and those that will be added. */
  close(column: number): void {
    const [start = -1, end = -1] = [this.#starts[column], this.#ends[column]];
    if (end > start) this.#release(start, end - start);
    for (const bound of [this.#starts, this.#fills, this.#ends]) bound[column] = -1;
    this.#spilled[column] = 0;
    this.#blocks.forget(column);
  }

  /** Gives the memory back where much of it is used: nothing can be added afterwards. */
  settle(): void {
    if (this.#top < MUCH) return;
    this.#spillAll();
    // To wait for the collector would be to wait for long: it does not see how much this is.
    this.#arena = new Float64Array(this.#arena.buffer.transfer(0));
  }

  /** How many numbers a column has. */
  count(column: number): number {
    return (this.#spilled[column] ?? 0) + (this.#fills[column] ?? 0) - (this.#starts[column] ?? 0);
  }

  /** The least and the greatest number of a column that has some; a zero may have either sign. */
  extent(column: number): { least: number; greatest: number } {
    this.#stretch(column, this.#held(column));
    return { least: this.#least[column] ?? Number.NaN, greatest: this.#greatest[column] ?? Number.NaN };
  }

  /**
   * The numbers of columns in pieces, those of one column in their order, those of several as they lie in the spill. A piece is to be
   * used before the next is asked for.
   */
  *pieces(columns: readonly number[]): Generator<{ column: number; values: Float64Array }> {
    yield* this.#blocks.pieces(columns);
    for (const column of columns) {
      const values = this.#held(column);
      if (values.length > 0) yield { column, values };
    }
  }

  #held(column: number): Float64Array {
    return this.#arena.subarray(Math.max(0, this.#starts[column] ?? 0), Math.max(0, this.#fills[column] ?? 0));
  }

  /** Makes room for one number more; -1 where the column takes none. */
  #room(column: number): number {
    const [start = 0, end = 0] = [this.#starts[column], this.#ends[column]];
    if (end < 0) return -1;
    const size = end - start;
    if (size === this.#sizes.most) {
      this.#blocks.append(this.#held(column), [{ column, length: size }]);
      this.#count(column, size);
      return this.#move(column, start, size, 0);
    }
    const wanted = size === 0 ? this.#first : size * 2;
    const place = this.#take(wanted);
    if (place < 0) {
      this.#spillAll();
      const own = this.#take(this.#first);
      if (own < 0) throw new RangeError(`An arena of ${this.#sizes.arena} numbers holds no buffer of ${this.#first}.`);
      return this.#move(column, own, this.#first, 0);
    }
    if (size > 0) {
      this.#arena.copyWithin(place, start, end);
      this.#release(start, size);
    }
    return this.#move(column, place, wanted, size);
  }

  #move(column: number, start: number, size: number, filled: number): number {
    this.#starts[column] = start;
    this.#fills[column] = start + filled;
    this.#ends[column] = start + size;
    return start + filled;
  }

  /** A buffer of that size; -1 where the arena has none. */
  #take(size: number): number {
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) return free;
    if (this.#top + size > this.#arena.length) return -1;
    const place = this.#top;
    this.#top += size;
    return place;
  }

  #release(start: number, size: number): void {
    const free = this.#free.get(size);
    if (free) free.push(start);
    else this.#free.set(size, [start]);
  }

  /** Spills what all columns hold, small buffers many at a time. */
  #spillAll(): void {
    const batch = new Float64Array(this.#sizes.most);
    let parts: { column: number; length: number }[] = [];
    let filled = 0;
    for (let column = 0; column < this.#columns; column += 1) {
      const values = this.#held(column);
      if (values.length === 0) continue;
      if (filled + values.length > batch.length) {
        this.#blocks.append(batch.subarray(0, filled), parts);
        parts = [];
        filled = 0;
      }
      batch.set(values, filled);
      parts.push({ column, length: values.length });
      filled += values.length;
      this.#count(column, values.length);
    }
    if (filled > 0) this.#blocks.append(batch.subarray(0, filled), parts);
    for (let column = 0; column < this.#columns; column += 1) if ((this.#ends[column] ?? 0) > 0) this.#move(column, 0, 0, 0);
    this.#top = 0;
    this.#free.clear();
    this.#first = this.#share();
  }

  /** A buffer for each column in an arena that was too small: the larger they are, the fewer blocks there will be. */
  #share(): number {
    const { arena, least, most } = this.#sizes;
    let size = least;
    while (size < most && size * 2 * this.#columns <= arena) size *= 2;
    return size;
  }

  /** Takes what a column holds for spilled. */
  #count(column: number, length: number): void {
    this.#stretch(column, this.#held(column));
    this.#spilled[column] = (this.#spilled[column] ?? 0) + length;
  }

  #stretch(column: number, values: Float64Array): void {
    let [least, greatest] = [this.#least[column] ?? Number.NaN, this.#greatest[column] ?? Number.NaN];
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] ?? 0;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    this.#least[column] = least;
    this.#greatest[column] = greatest;
  }

  #widen(): void {
    this.#starts = twice(this.#starts);
    this.#fills = twice(this.#fills);
    this.#ends = twice(this.#ends);
    this.#spilled = twice(this.#spilled);
    this.#least = twice(this.#least);
    this.#greatest = twice(this.#greatest);
  }
}
