import { excerpt } from '../excerpt.ts';
import { type Extract, POINTER_CHARS } from '../extract.ts';
import { verdictOnObject } from '../failure.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { isSettingName, labelOfKey, labelValue } from '../labels.ts';
import { heldNumber } from '../number-literal.ts';
import { statisticFromName } from '../statistic-from-name.ts';
import { unitFromName } from '../unit-from-name.ts';
import type { Format } from './format.ts';

/** JSON whose shape nothing here knows: every number is a measurement, named by its place. */
export const genericJson: Format = {
  name: 'generic',
  detect: ({ shape }) => shape === 'json' || shape === 'jsonl',
  read(content, extract) {
    if (content.shape === 'json') {
      extract.records += new Walk(extract, new Map(), '').visit(content.value, ROOT).records;
    } else if (content.shape === 'jsonl') {
      const names = new Map<string, Named>();
      const counts = content.lines.map(({ line, value }) => new Walk(extract, names, `line ${line}`).visit(value, ROOT));
      extract.records += recordsAmong(counts);
    }
  },
};

/** Where the walk is. */
type Place = {
  pointer: string;
  /** the pointer with array indices as `*` */
  pattern: string;
  /** the last key that is no index: it names the unit */
  key: string;
  labels: Readonly<Record<string, string>>;
  /** an object around has failed */
  failed: boolean;
};

const ROOT: Place = { pointer: '', pattern: '', key: '', labels: {}, failed: false };

/** What a value holds of records. */
type Count = {
  object: boolean;
  /** an object that carries a mark */
  marked: boolean;
  records: number;
  /** of these, those within lists: an object around them is an envelope and no record of its own */
  listed: number;
  failed: number;
};

const NONE: Count = { object: false, marked: false, records: 0, listed: 0, failed: 0 };

/** Unit and statistic by key: a file has few keys and many numbers. */
type Named = { unit: string | null; statistic: string };

const LONG = `the names that lead there take more than ${POINTER_CHARS} characters`;

/** How many names are remembered: a file whose keys are all different would fill the memory with them. */
const NAMES = 10_000;

class Walk {
  readonly #extract: Extract;
  /** what stands before each pointer: nothing, or the line of the document */
  readonly #prefix: string;
  readonly #names: Map<string, Named>;

  constructor(extract: Extract, names: Map<string, Named>, prefix: string) {
    this.#extract = extract;
    this.#names = names;
    this.#prefix = prefix;
  }

  /** Recursion ends where pointers become too long, whatever depth the limits allow. */
  visit(value: unknown, place: Place): Count {
    if (typeof value === 'number') return this.#add(value, null, place);
    if (value instanceof LiteralNumber) return this.#addLiteral(value.literal, place);
    if (typeof value !== 'object' || value === null) return NONE;
    if (place.pointer.length > POINTER_CHARS) {
      this.#refuse('long names', 'it', LONG, place);
      return NONE;
    }
    return Array.isArray(value) ? this.#list(value, place) : isObject(value) ? this.#object(value, place) : NONE;
  }

  #list(list: readonly unknown[], place: Place): Count {
    const pattern = `${place.pattern}/*`;
    const counts = list.map((item, index) => this.visit(item, { ...place, pattern, pointer: `${place.pointer}/${index}` }));
    const records = recordsAmong(counts);
    return { ...NONE, records, listed: records, failed: sum(counts, ({ failed }) => failed) };
  }

  #object(object: JsonObject, place: Place): Count {
    const { marked, reason } = verdictOnObject(object);
    if (reason !== null && !place.failed) this.#extract.fail({ pointer: this.#at(place.pointer), reason });
    const inside = { labels: labelsOf(object), failed: place.failed || reason !== null };
    const keys = Object.keys(object);
    const counts = keys.map((key) => {
      if (!this.#canName(key, place)) return NONE;
      const step = segment(key);
      return this.visit(object[key], { ...inside, key, pointer: place.pointer + step, pattern: place.pattern + step });
    });
    const below = {
      records: membersThatAreRecords(object, keys, counts),
      listed: sum(counts, ({ listed }) => listed),
      failed: sum(counts, ({ failed }) => failed),
    };
    if (reason !== null) return { object: true, marked: true, records: 1, listed: 0, failed: 1 };
    if (!marked) return { object: true, marked: false, ...below };
    return { object: true, marked: true, records: Math.max(1, below.listed, below.failed), listed: below.listed, failed: below.failed };
  }

  /** Whether a pointer may lead through a key. What stands under one that cannot be named is not read, and that is said. */
  #canName(key: string, place: Place): boolean {
    if (place.pointer.length + key.length >= POINTER_CHARS) return this.#refuse('long names', `the key "${excerpt(key, 40)}"`, LONG, place);
    if (key.isWellFormed()) return true;
    // Written as UTF-8, all such halves become the same sign, and keys that differ would become one.
    const why = 'it holds half of a surrogate pair, so it is no text';
    return this.#refuse('keys that are no text', `the key "${excerpt(key, 40)}"`, why, place);
  }

  /** Says that something was not read, and returns false. */
  #refuse(topic: string, what: string, why: string, place: Place): false {
    const where = this.#at(place.pointer) || 'the document';
    this.#extract.warnings.add(topic, () => `${excerpt(where)}: what stands under ${what} was not read, because ${why}`);
    return false;
  }

  #addLiteral(literal: string, place: Place): Count {
    const held = heldNumber(literal);
    if (held !== null) return this.#add(held.value, held.text, place);
    const shown = literal.length > 40 ? `${literal.slice(0, 39)}…` : literal;
    this.#extract.warnings.add('numbers beyond a double', `${this.#at(place.pointer)}: a double cannot hold ${shown}; it was not read`);
    return NONE;
  }

  #add(value: number, text: string | null, place: Place): Count {
    const { unit, statistic } = this.#named(place.key);
    this.#extract.add({
      metric: place.pattern,
      statistic,
      value,
      text,
      unit,
      n: null,
      labels: isSettingName(place.key) ? {} : place.labels,
      pointer: this.#at(place.pointer),
      failed: place.failed,
    });
    return NONE;
  }

  #named(key: string): Named {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const named = { unit: unitFromName(key), statistic: statisticFromName(key) };
    if (this.#names.size < NAMES) this.#names.set(key, named);
    return named;
  }

  #at(pointer: string): string {
    return this.#prefix === '' || pointer === '' ? this.#prefix + pointer : `${this.#prefix} ${pointer}`;
  }
}

/** In a list where one object carries a mark, each object is a record, marked or not. */
function recordsAmong(counts: readonly Count[]): number {
  const oneIsMarked = counts.some(({ marked }) => marked);
  return sum(counts, ({ object, records }) => (oneIsMarked && object ? Math.max(1, records) : records));
}

/** In a map where one object carries a mark, each object of the same keys is a record. */
function membersThatAreRecords(object: JsonObject, keys: readonly string[], counts: readonly Count[]): number {
  const shapes = new Set<string>();
  for (const [index, key] of keys.entries()) if (counts[index]?.marked === true) shapes.add(shapeOf(object[key]));
  return sum(counts, ({ records }, index) => {
    const key = keys[index] ?? '';
    return records === 0 && shapes.size > 0 && shapes.has(shapeOf(object[key])) ? 1 : records;
  });
}

function shapeOf(value: unknown): string {
  return isObject(value) ? JSON.stringify(Object.keys(value).sort()) : '';
}

function labelsOf(object: JsonObject): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const key of Object.keys(object)) {
    const name = labelOfKey(key);
    const text = name === null ? null : labelText(object[key], isSettingName(key));
    const label = text === null ? null : labelValue(text);
    if (name !== null && label !== null) labels[name] = label;
  }
  return labels;
}

/** Settings may be numbers, of which no digit is lost: two that differ in one are two. */
function labelText(value: unknown, setting: boolean): string | null {
  if (typeof value === 'string') return value;
  if (!setting) return null;
  return value instanceof LiteralNumber ? value.literal : typeof value === 'number' ? String(value) : null;
}

function sum<T>(items: readonly T[], of: (item: T, index: number) => number): number {
  return items.reduce((total, item, index) => total + of(item, index), 0);
}
