import type { Steps } from './steps.ts';

/** Items that follow each other, and what was written of them. */
export type Block<Item, Written> = { readonly items: readonly Item[]; readonly written: Written };

// Few enough that one is soon written anew, and enough that all are soon put together.
const MOST_IN_BLOCK = 256;

/** Very many items in order, written block by block: where one comes or goes only its block is written anew. */
export class SortedBlocks<Item, Written> {
  #blocks: readonly Block<Item, Written>[] = [];
  readonly #order: (a: Item, b: Item) => number;
  readonly #write: (items: readonly Item[]) => Steps<Written>;

  /** @param order of no two items zero */
  constructor(order: (a: Item, b: Item) => number, write: (items: readonly Item[]) => Steps<Written>) {
    this.#order = order;
    this.#write = write;
  }

  get all(): readonly Block<Item, Written>[] {
    return this.#blocks;
  }

  /** Takes items away and others in; returns what was written of the blocks that went, and of those that came. */
  *update(gone: Iterable<Item>, come: Iterable<Item>): Steps<{ gone: Written[]; come: Written[] }> {
    const leaving = new Set(gone);
    const arriving = new Map<number, Item[]>();
    for (const item of leaving) arriving.set(this.#placeOf(item), []);
    for (const item of come) {
      const at = this.#placeOf(item);
      const there = arriving.get(at);
      if (there) there.push(item);
      else arriving.set(at, [item]);
    }
    yield;
    const changes = { gone: [] as Written[], come: [] as Written[] };
    if (arriving.size === 0) return changes;
    const blocks: Block<Item, Written>[] = [];
    for (let at = 0; at < Math.max(1, this.#blocks.length); at++) {
      const block = this.#blocks[at];
      const fresh = arriving.get(at);
      if (fresh === undefined) {
        if (block) blocks.push(block);
        continue;
      }
      if (block) changes.gone.push(block.written);
      for (const item of block?.items ?? []) if (!leaving.has(item)) fresh.push(item);
      fresh.sort(this.#order);
      const size = Math.ceil(fresh.length / Math.ceil(fresh.length / MOST_IN_BLOCK));
      for (let from = 0; from < fresh.length; from += size) {
        const items = fresh.slice(from, from + size);
        const written = yield* this.#write(items);
        blocks.push({ items, written });
        changes.come.push(written);
      }
    }
    this.#blocks = blocks;
    return changes;
  }

  /** The block in which an item stands, or would. */
  #placeOf(item: Item): number {
    let [low, high] = [0, Math.max(0, this.#blocks.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#blocks[middle]?.items[0];
      if (first !== undefined && this.#order(first, item) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
