import type { Spill } from './spill.ts';
import { twice } from './twice.ts';

/** What is read at once where blocks lie close to each other, and how far apart these may be, in doubles. */
const WINDOW = 8_192;
const GAP = 512;

/** The numbers of columns that lie in a spill, in blocks: which are whose, and in which order. */
export class SpilledBlocks {
  readonly #spill: Spill;
  readonly #longest: number;
  /** what is read into; null while somebody reads */
  #room: Float64Array | null = null;
  /** by column: its first and last block; -1 where it has none */
  #heads = new Int32Array(64);
  #tails = new Int32Array(64);
  /** blocks in the order of their places: where each is, how long, of which column, and which comes next of that */
  #count = 0;
  #places = new Float64Array(64);
  #lengths = new Int32Array(64);
  #owners = new Int32Array(64);
  #nexts = new Int32Array(64);

  /** @param longest numbers of a block at most */
  constructor(spill: Spill, longest: number) {
    this.#spill = spill;
    this.#longest = longest;
  }

  /** Makes room for a column, the next one. */
  open(column: number): void {
    if (column === this.#heads.length) {
      this.#heads = twice(this.#heads);
      this.#tails = twice(this.#tails);
    }
    this.forget(column);
  }

  forget(column: number): void {
    this.#heads[column] = -1;
    this.#tails[column] = -1;
  }

  /** Spills the numbers of columns, those of one behind those of the other. */
  append(values: Float64Array, parts: readonly { column: number; length: number }[]): void {
    let place = this.#spill.append(values);
    for (const { column, length } of parts) {
      this.#note(column, place, length);
      place += length;
    }
  }

  /** The numbers of columns in pieces, as they lie in the spill. A piece is to be used before the next is asked for. */
  *pieces(columns: readonly number[]): Generator<{ column: number; values: Float64Array }> {
    const blocks = this.#blocksOf(columns);
    const room = this.#room ?? new Float64Array(Math.max(WINDOW, this.#longest));
    this.#room = null;
    for (let i = 0; i < blocks.length; ) {
      const [from, to] = this.#span(blocks, i);
      const window = room.subarray(0, to - from);
      this.#spill.read(from, window);
      for (let block = blocks[i]; block !== undefined; block = blocks[++i]) {
        const place = (this.#places[block] ?? 0) - from;
        const end = place + (this.#lengths[block] ?? 0);
        if (end > window.length) break;
        yield { column: this.#owners[block] ?? 0, values: window.subarray(place, end) };
      }
    }
    this.#room = room;
  }

  #note(column: number, place: number, length: number): void {
    const block = this.#count++;
    if (block === this.#places.length) {
      this.#places = twice(this.#places);
      this.#lengths = twice(this.#lengths);
      this.#owners = twice(this.#owners);
      this.#nexts = twice(this.#nexts);
    }
    this.#places[block] = place;
    this.#lengths[block] = length;
    this.#owners[block] = column;
    this.#nexts[block] = -1;
    const last = this.#tails[column] ?? -1;
    if (last < 0) this.#heads[column] = block;
    else this.#nexts[last] = block;
    this.#tails[column] = block;
  }

  /** The blocks of columns in the order of their places. */
  #blocksOf(columns: readonly number[]): Int32Array {
    let found = new Int32Array(64);
    let count = 0;
    for (const column of columns) {
      for (let block = this.#heads[column] ?? -1; block >= 0; block = this.#nexts[block] ?? -1) {
        if (count === found.length) found = twice(found);
        found[count++] = block;
      }
    }
    return found.subarray(0, count).sort();
  }

  /** From where to where is read at once, from the block with that index on. */
  #span(blocks: Int32Array, first: number): [from: number, to: number] {
    const from = this.#places[blocks[first] ?? 0] ?? 0;
    let to = from;
    for (let i = first; i < blocks.length; i += 1) {
      const block = blocks[i] ?? 0;
      const [place = 0, length = 0] = [this.#places[block], this.#lengths[block]];
      if (i > first && (place - to > GAP || place + length - from > WINDOW)) break;
      to = place + length;
    }
    return [from, to];
  }
}
