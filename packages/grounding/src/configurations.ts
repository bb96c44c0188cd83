import { phraseOf, wordsOf } from './words.ts';

type Labels = Readonly<Record<string, string>>;
type Named = ReadonlyMap<string, ReadonlySet<string>>;

/** The configurations that a name means: `strict`, and those it means besides where the file is named as well. */
export type NamedConfigurations = { strict: ReadonlySet<number>; lenient: ReadonlySet<number> };

const MOST_REMEMBERED = 5_000;

/**
 * All pairs of labels and scope that entries have, each once, and which of them a name in prose means. Made for many entries: each
 * configuration is looked at once, and what a name means is remembered.
 */
export class Configurations {
  readonly #numbers = new Map<string, number>();
  readonly #all: { labels: Labels; scope: string }[] = [];
  /** label and value → configurations */
  readonly #byLabel = new Map<string, number[]>();
  readonly #byKey = new Map<string, Set<number>>();
  /** the phrase of a value or scope → configurations that have it */
  readonly #byValue = new Map<string, Set<number>>();
  readonly #byScope = new Map<string, Set<number>>();
  readonly #known = new Map<string, NamedConfigurations>();
  /** by the very map, which the index of phrases hands out again and again */
  readonly #same = new WeakMap<Named, NamedConfigurations>();

  /** The number of a configuration. */
  numberOf(labels: Labels, scope: string): number {
    const key = JSON.stringify([scope, labels]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#all.push({ labels, scope }) - 1;
    this.#numbers.set(key, number);
    for (const name of Object.keys(labels)) {
      const value = labels[name] ?? '';
      const place = `${name}\0${value}`;
      const there = this.#byLabel.get(place);
      if (there) there.push(number);
      else this.#byLabel.set(place, [number]);
      addTo(this.#byKey, name, number);
      if (value.length <= LONGEST) addTo(this.#byValue, ` ${phraseOf(value)} `, number);
    }
    addTo(this.#byScope, ` ${phraseOf(scope)} `, number);
    return number;
  }

  get size(): number {
    return this.#all.length;
  }

  /** The configurations that a name means, whichever of its labels it is a value of. */
  named(named: Named): NamedConfigurations {
    const same = this.#same.get(named);
    if (same) return same;
    const found = this.#remembered(named);
    this.#same.set(named, found);
    return found;
  }

  #remembered(named: Named): NamedConfigurations {
    const key = [...named].map(([label, values]) => `${label}\0${[...values].join('\0')}`).join('\u0001');
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    const found = this.#find(named);
    this.#known.set(key, found);
    return found;
  }

  #find(named: Named): NamedConfigurations {
    const strict = new Set<number>();
    const withLabel = new Set<number>();
    for (const [label, values] of named) {
      for (const value of values) for (const number of this.#byLabel.get(`${label}\0${value}`) ?? []) strict.add(number);
      for (const number of this.#byKey.get(label) ?? []) withLabel.add(number);
    }
    const lenient = new Set<number>();
    for (const values of named.values())
      for (const value of values) {
        const phrase = ` ${phraseOf(value)} `;
        for (const [own, numbers] of this.#byValue) if (own.includes(phrase)) for (const number of numbers) lenient.add(number);
        // A path may tell the label that a file does not state.
        for (const [own, numbers] of this.#byScope)
          if (own.includes(phrase)) for (const number of numbers) if (!withLabel.has(number)) strict.add(number);
        for (const number of this.#madeOf(value)) strict.add(number);
      }
    for (const number of lenient) if (!withLabel.has(number)) strict.add(number);
    for (const number of strict) lenient.add(number);
    return { strict, lenient };
  }

  /** `sample-8b-q4_K_M` is model `sample-8b` with quantization `q4_K_M`: all its words stand in these two, the model's all in it. */
  #madeOf(value: string): number[] {
    const words = new Set(wordsOf(value).map((word) => word.text));
    if (words.size < 2) return [];
    const found: number[] = [];
    for (const [phrase, numbers] of this.#byValue) {
      const own = phrase.trim().split(' ');
      if (own.length >= words.size || !own.every((word) => words.has(word))) continue;
      for (const number of numbers) {
        const { model, quantization } = this.#all[number]?.labels ?? {};
        if (model === undefined || quantization === undefined || ` ${phraseOf(model)} ` !== phrase) continue;
        const further = wordsOf(quantization).map((word) => word.text);
        if (further.some((word) => words.has(word)) && [...words].every((word) => own.includes(word) || further.includes(word)))
          found.push(number);
      }
    }
    return found;
  }
}

const LONGEST = 120;

function addTo(map: Map<string, Set<number>>, key: string, number: number): void {
  const there = map.get(key);
  if (there) there.add(number);
  else map.set(key, new Set([number]));
}
