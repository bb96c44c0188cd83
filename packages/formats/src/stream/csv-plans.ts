import { violationsOf } from './csv-pairs.ts';
import { type CsvPlan, mergedPlan, variantOf } from './csv-plan.ts';

/** A row that was scanned and has no plan. */
export type ScannedRow = { values: Float64Array; key: Uint8Array; length: number };

/** Different keys that are remembered; then all are forgotten, and found out again. */
const MOST_KEYS = 50_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Rows of one key that differ in loads or violations; those of further ones are read one by one. */
const MOST_VARIANTS = 250;

/** Plans by the bytes of their keys. */
export class CsvPlans {
  #slots = new Int32Array(1 << 12).fill(-1);
  #keys: Uint8Array[] = [];
  #hashes: number[] = [];
  #plans: CsvPlan[] = [];
  #bytes = 0;
  #last = -1;
  /** by key: the one that came behind it before, itself at first */
  #nexts: number[] = [];

  find(key: Uint8Array, length: number): CsvPlan | undefined {
    // Rows often come in groups, and groups in the same order as before.
    const guess = this.#last < 0 ? -1 : (this.#nexts[this.#last] as number);
    if (guess >= 0 && sameBytes(this.#keys[guess], key, length)) {
      this.#last = guess;
      return this.#plans[guess];
    }
    const at = this.#at(hashOf(key, length), key, length);
    if (at < 0) return undefined;
    if (this.#last >= 0) this.#nexts[this.#last] = at;
    this.#last = at;
    return this.#plans[at];
  }

  set(key: Uint8Array, length: number, plan: CsvPlan): void {
    const hash = hashOf(key, length);
    const known = this.#at(hash, key, length);
    if (known >= 0) {
      this.#plans[known] = plan;
      return;
    }
    if (this.#plans.length >= MOST_KEYS || this.#bytes + length > MOST_BYTES) this.#forget();
    this.#keys.push(key.slice(0, length));
    this.#hashes.push(hash);
    this.#nexts.push(this.#plans.push(plan) - 1);
    this.#bytes += length;
    if (this.#plans.length * 2 > this.#slots.length) this.#rehash();
    else this.#insert(hash, this.#plans.length - 1);
  }

  /**
   * Keeps a plan for the rows of its key.
   * @param row the one that it was made of
   * @param calm makes one of a row without contradictions, or null
   */
  keep(plan: CsvPlan, { key, length, values }: ScannedRow, calm: () => CsvPlan | null): void {
    if (violationsOf(plan.pairs, values) < 0) return;
    let known = this.find(key, length) ?? null;
    if (known === null && plan.contradicts) {
      known = calm();
      if (known !== null) this.set(key, length, known);
    }
    if (known === null) {
      if (plan.contradicts) return;
      this.set(key, length, { ...plan, violated: violationsOf(plan.pairs, values) });
      return;
    }
    // What a row lacked whose plan is known may add a pair.
    if (!plan.contradicts && plan.pairs.length > known.pairs.length) {
      this.set(key, length, { ...plan, violated: violationsOf(plan.pairs, values) });
      return;
    }
    const own = { ...plan, violated: violationsOf(known.pairs, values) };
    const same = variantOf(known, own.loads, own.violated);
    if (same === undefined) {
      if (known.variants.length < MOST_VARIANTS) known.variants.push(own);
    } else if (same === known) this.set(key, length, { ...mergedPlan(known, own), pairs: known.pairs });
    else known.variants[known.variants.indexOf(same)] = mergedPlan(same, own);
  }

  #forget(): void {
    this.#slots = new Int32Array(1 << 12).fill(-1);
    this.#keys = [];
    this.#hashes = [];
    this.#nexts = [];
    this.#plans = [];
    this.#bytes = 0;
    this.#last = -1;
  }

  #at(hash: number, key: Uint8Array, length: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = this.#slots[slot] ?? -1;
      if (at < 0) return -1;
      if (this.#hashes[at] === hash && sameBytes(this.#keys[at], key, length)) return at;
    }
  }

  #insert(hash: number, at: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = at;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(-1);
    for (const [at, hash] of this.#hashes.entries()) this.#insert(hash, at);
  }
}

/** FNV-1a, with the bits mixed once more. */
function hashOf(key: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ (key[at] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}

function sameBytes(known: Uint8Array | undefined, key: Uint8Array, length: number): boolean {
  if (known === undefined || known.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (known[at] !== key[at]) return false;
  return true;
}
