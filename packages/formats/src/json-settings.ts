import { excerpt } from './excerpt.ts';
import { segment } from './json-pointer.ts';
import { LiteralNumber } from './json-value.ts';
import { isSettingName } from './labels.ts';
import { drawnAmong, mostVaried, SettingValues, sentenceOnDrawn, sentenceOnLate } from './setting-values.ts';
import type { Warnings } from './warnings.ts';

/** Places that are looked at; what stands in others, or deeper, is taken for set. */
const MOST_PLACES = 10_000;
const DEEPEST = 100;

/** Keys that are remembered. */
const MOST_KEYS = 10_000;

/** Objects that stand in one place of a file: those of one list, those of all lines. */
class Place {
  /** its pointer, with `*` for indices */
  readonly pattern: string;
  readonly parts = new Map<string, Place>();
  readonly settings = new Map<string, SettingValues>();
  items: Place | null = null;

  constructor(pattern: string) {
    this.pattern = pattern;
  }
}

/** The numeric settings of JSON documents by where they stand, and which of them were drawn or measured: these label nothing. */
export class JsonSettings {
  /** pointers of settings that label nothing, with `*` for indices */
  readonly drawn = new Set<string>();
  readonly #root = new Place('');
  readonly #keys = new Map<string, boolean>();
  readonly #warnings: Warnings;
  /** those that label, with their pointers */
  readonly #labelling = new Map<SettingValues, string>();
  /** those of which the document that was looked at last had too many values */
  readonly #overflowing: SettingValues[] = [];
  #decided = false;
  #places = 1;

  /** @param documents those of a file, or its first ones: they decide */
  constructor(documents: Iterable<unknown>, warnings: Warnings) {
    this.#warnings = warnings;
    for (const document of documents) this.#look(document, this.#root, 0);
    for (const { settings } of this.#all()) {
      const drawn = drawnAmong(settings);
      for (const [key, values] of settings) {
        values.forgetOrder();
        const pattern = this.#labelling.get(values);
        if (!drawn.has(key) || pattern === undefined) continue;
        this.#labelling.delete(values);
        this.drawn.add(pattern);
        warnings.add('drawn settings', sentenceOnDrawn(excerpt(pattern), values));
      }
    }
    this.#decided = true;
  }

  /** Looks at one more document, of a line: a setting that has too many values by now labels nothing from here on. */
  take(document: unknown, line: number): void {
    this.#look(document, this.#root, 0);
    for (const values of this.#overflowing) this.#leaveOut(values, line);
    this.#overflowing.length = 0;
  }

  /** The setting with most values labels nothing from a line on, where it has many. */
  relieve(line: number): void {
    const values = mostVaried(Array.from(this.#labelling.keys(), (one) => [one, one] as const));
    if (values !== null) this.#leaveOut(values, line);
  }

  #leaveOut(values: SettingValues, line: number): void {
    const pattern = this.#labelling.get(values);
    if (pattern === undefined) return;
    this.#labelling.delete(values);
    this.drawn.add(pattern);
    this.#warnings.add('drawn settings', sentenceOnLate(excerpt(pattern), values, line));
  }

  *#all(): Iterable<Place> {
    const open = [this.#root];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      yield place;
      open.push(...place.parts.values());
      if (place.items !== null) open.push(place.items);
    }
  }

  #look(value: unknown, place: Place, depth: number): void {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item !== 'object' || item === null || item instanceof LiteralNumber) continue;
        const items: Place | null = place.items ?? this.#open(`${place.pattern}/*`);
        place.items = items;
        if (items !== null) this.#look(item, items, depth + 1);
      }
      return;
    }
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'number') {
        if (this.#isSetting(key)) this.#add(place, key, String(part));
      } else if (part instanceof LiteralNumber) {
        if (this.#isSetting(key)) this.#add(place, key, part.literal);
      } else if (typeof part === 'object' && part !== null) {
        const inside = place.parts.get(key) ?? this.#open(place.pattern + segment(key));
        if (inside === null) continue;
        place.parts.set(key, inside);
        this.#look(part, inside, depth + 1);
      }
    }
  }

  #add({ pattern, settings }: Place, key: string, text: string): void {
    let values = settings.get(key);
    if (values === undefined) {
      values = new SettingValues();
      settings.set(key, values);
      this.#labelling.set(values, pattern + segment(key));
    } else if (!this.#labelling.has(values)) return;
    values.add(text);
    if (values.tooMany && this.#decided) this.#overflowing.push(values);
  }

  #open(pattern: string): Place | null {
    if (this.#places >= MOST_PLACES) return null;
    this.#places += 1;
    return new Place(pattern);
  }

  #isSetting(key: string): boolean {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const setting = isSettingName(key);
    if (this.#keys.size < MOST_KEYS) this.#keys.set(key, setting);
    return setting;
  }
}
