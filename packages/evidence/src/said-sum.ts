import { WANTED_METRICS } from './consistency.ts';
import type { Said } from './pattern.ts';
import { plainOf } from './spellings.ts';

/** What the patterns of a dataset say together. */
export class SaidSum {
  /** how many artifacts have metrics of the registry, and how many of these each of WANTED_METRICS */
  files = 0;
  readonly having = WANTED_METRICS.map(() => 0);
  /** those that say something that is told of each by itself */
  readonly telling = new Set<Said>();
  /** by label and plain value, how many patterns have each of its spellings */
  readonly #spellings = new Map<string, Map<string, number>>();
  readonly #several = new Set<string>();

  add(said: Said): void {
    this.#count(said, 1);
    if (said.ofCampaign.length + said.repeating.length + said.facts.length > 0) this.telling.add(said);
  }

  remove(said: Said): void {
    this.#count(said, -1);
    this.telling.delete(said);
  }

  /** Whether a label has values that may mean the same. */
  get hasSpellings(): boolean {
    return this.#several.size > 0;
  }

  #count({ files, having, spelt }: Said, sign: 1 | -1): void {
    this.files += sign * files;
    for (let i = 0; i < having.length; i++) this.having[i] = (this.having[i] ?? 0) + sign * (having[i] ?? 0);
    for (const { label, value } of spelt) {
      const key = `${label}\0${plainOf(value)}`;
      const spellings = this.#spellings.get(key) ?? new Map<string, number>();
      const n = (spellings.get(value) ?? 0) + sign;
      if (n > 0) spellings.set(value, n);
      else spellings.delete(value);
      if (spellings.size > 0) this.#spellings.set(key, spellings);
      else this.#spellings.delete(key);
      if (spellings.size > 1) this.#several.add(key);
      else this.#several.delete(key);
    }
  }
}
