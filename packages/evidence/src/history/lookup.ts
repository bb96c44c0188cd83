/** Of a list about which more is asked than this in a row, a set is made. */
const FEW = 32;

/**
 * Looks numbers up in lists that only grow. Where much is asked of one list in a row, as where a folder of files comes in, it is a set
 * until another is asked about: sets of all of them would take several times the memory of the lists.
 */
export class Lookup {
  #list: readonly number[] = [];
  #length = 0;
  #asked = 0;
  #set: ReadonlySet<number> | null = null;

  has(list: readonly number[], value: number): boolean {
    if (list !== this.#list || list.length !== this.#length) {
      this.#list = list;
      this.#length = list.length;
      this.#asked = 0;
      this.#set = null;
    }
    this.#asked += 1;
    if (this.#asked <= FEW) return list.includes(value);
    this.#set ??= new Set(list);
    return this.#set.has(value);
  }
}
