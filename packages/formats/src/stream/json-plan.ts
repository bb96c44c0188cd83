import type { JsonGuards } from './json-guards.ts';
import { NUMBER, TEXT } from './json-slot.ts';
import type { JsonTemplate } from './json-template.ts';

/** What every line means that is of one shape, and has the same words and the same key bytes: its numbers by slot, its failures. */
export type Meaning = {
  /** slots of numbers and of lists of numbers, each with the column that its numbers go to, in the order of the ordinary reading */
  slots: Int32Array;
  columns: Int32Array;
  /** slots of the numbers that others are computed of, -1 where the shape has none, and the columns of the results, -1 where there is none */
  computedOf: Int32Array;
  results: Int32Array;
  /** pointers behind `line N`, with reasons; without the record whose reason is a text of its own */
  failed: readonly { tail: string; reason: string }[];
  /** the slot of the text that says why the line's own record failed, or -1 */
  message: number;
  /** how many records it counts as: by itself, and where any line of the file carries a mark */
  records: number;
  recordsBesideMarks: number;
  marked: boolean;
  /** bare words, which are read as absent */
  notNumbers: number;
  /** what looks at numbers by whose size a line would mean something else, and the places of these in `slots` */
  guards: JsonGuards | null;
  watched: Int32Array;
  /** the slot of a number that must be told, or -1 */
  told: number;
};

/** Lines whose bytes say the same, but for numbers and free texts; `meaning` is null where each must be read by itself. */
export class Plan {
  readonly meaning: Meaning | null;
  readonly hash: number;
  /** another plan of the same hash */
  next: Plan | null = null;
  readonly #kinds: Uint8Array;
  /** the slots whose bytes count, and where in `#bytes` those of each end */
  readonly #keys: Int32Array;
  readonly #ends: Int32Array;
  readonly #bytes: Uint8Array;

  /** Of the line that the template matched last. */
  constructor(template: JsonTemplate, bytes: Uint8Array, hash: number, meaning: Meaning | null) {
    const keys = [...template.kinds.keys()].filter((slot) => template.isKey(slot));
    const parts = keys.map((slot) => bytes.slice(template.from[slot], template.to[slot]));
    let end = 0;
    this.hash = hash;
    this.meaning = meaning;
    this.#kinds = template.kinds.slice();
    this.#keys = Int32Array.from(keys);
    this.#ends = Int32Array.from(parts, ({ length }) => {
      end += length;
      return end;
    });
    this.#bytes = new Uint8Array(Buffer.concat(parts));
  }

  /** Bytes of its arrays. */
  get size(): number {
    const { slots = [], columns = [] } = this.meaning ?? {};
    return this.#kinds.length + this.#bytes.length + 4 * (this.#keys.length + this.#ends.length + slots.length + columns.length);
  }

  /** Whether it is that of the line which the template matched last. */
  fits({ kinds, from, to }: JsonTemplate, bytes: Uint8Array): boolean {
    const own = this.#kinds;
    for (let slot = 0; slot < own.length; slot += 1) if (own[slot] !== kinds[slot]) return false;
    const keys = this.#keys;
    let next = 0;
    for (let index = 0; index < keys.length; index += 1) {
      const slot = keys[index] as number;
      const end = this.#ends[index] as number;
      let at = from[slot] as number;
      if ((to[slot] as number) - at !== end - next) return false;
      for (; next < end; next += 1, at += 1) if (bytes[at] !== this.#bytes[next]) return false;
    }
    return true;
  }
}

/** The plans of one shape: the last one first, which is mostly the next one's too. */
export class Plans {
  readonly #template: JsonTemplate;
  readonly #byHash = new Map<number, Plan>();
  #last: Plan | null = null;

  constructor(template: JsonTemplate) {
    this.#template = template;
  }

  /** The plan of the line that the template matched last; null where none is known. */
  find(bytes: Uint8Array): Plan | null {
    const last = this.#last;
    if (last?.fits(this.#template, bytes) === true) return last;
    let plan = this.#byHash.get(hashOf(this.#template, bytes)) ?? null;
    while (plan !== null && !plan.fits(this.#template, bytes)) plan = plan.next;
    if (plan !== null) this.#last = plan;
    return plan;
  }

  /** Keeps what the line means that the template matched last; returns how many bytes of memory that takes, more or less. */
  add(bytes: Uint8Array, meaning: Meaning | null): number {
    const hash = hashOf(this.#template, bytes);
    const plan = new Plan(this.#template, bytes, hash, meaning);
    plan.next = this.#byHash.get(hash) ?? null;
    this.#byHash.set(hash, plan);
    this.#last = plan;
    return plan.size;
  }
}

/** FNV-1a over all that plans differ in; two of one hash are compared. */
function hashOf(template: JsonTemplate, bytes: Uint8Array): number {
  const { kinds, from, to } = template;
  let hash = 0x811c9dc5 | 0;
  for (let slot = 0; slot < kinds.length; slot += 1) {
    const kind = kinds[slot] as number;
    hash = Math.imul(hash ^ kind, 0x01000193);
    if ((kind !== NUMBER && kind !== TEXT) || !template.isKey(slot)) continue;
    const end = to[slot] as number;
    for (let at = from[slot] as number; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  }
  return hash;
}
