import type { Measurement } from '@chimera/shared/domain';
import { CanonicalNotes, type Decided } from '../canonical-notes.ts';
import { mayBringUnits } from '../column-units.ts';
import type { ErrorColumn } from '../error-column.ts';
import { excerpt } from '../excerpt.ts';
import { type Extract, POINTER_CHARS } from '../extract.ts';
import { verdictOnObject } from '../failure.ts';
import { errorsAmong, LineErrors } from '../json-errors.ts';
import { type IsDrawn, labelsOfObject, repeatedTexts } from '../json-labels.ts';
import type { JsonLine } from '../json-lines.ts';
import { Around, type Key, keyOf, type Naming, named, Shapes, UNNAMED } from '../json-naming.ts';
import { segment } from '../json-pointer.ts';
import { type Count, NO_RECORDS, recordsAmong, recordsOfList, recordsOfObject } from '../json-records.ts';
import { JsonSettings } from '../json-settings.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { isSettingName } from '../labels.ts';
import { readCell } from '../number-cell.ts';
import { heldNumber } from '../number-literal.ts';
import { isQuotedNumber, QuotedNumbers } from '../quoted-numbers.ts';
import type { Format } from './format.ts';
import { GENERIC_NOTES } from './generic-notes.ts';

/** JSON whose shape nothing here knows: every number is a measurement, named by its place, or by its name where that says a metric. */
export const genericJson: Format = {
  name: 'generic',
  tool: 'any tool',
  signature: 'JSON or JSON lines that none of the above is',
  fields: {},
  labels: {},
  notes: GENERIC_NOTES,
  detect: ({ shape }) => shape === 'json' || shape === 'jsonl',
  read(content, extract) {
    if (content.shape === 'json') {
      const { drawn } = new JsonSettings([content.value], extract.warnings);
      const file: File = { keys: new Map(), shapes: new Shapes(), notes: new CanonicalNotes(), quoted: new QuotedNumbers(), drawn };
      extract.records += new Walk(extract, file, '').visit(content.value, ROOT).records;
      file.notes.settle(extract);
      file.quoted.warn(extract.warnings);
    } else if (content.shape === 'jsonl') {
      const lines = new GenericLines(content.lines, extract);
      extract.records += recordsAmong(lines.counts);
      lines.quoted.warn(extract.warnings);
    }
  },
};

/** The lines of a file: all of them, or the first ones together and then, one by one, those that come later. */
export class GenericLines {
  /** by line: what it holds of records */
  readonly counts: readonly Count[];
  /** keys of texts that tell the lines apart, because they repeat over them */
  readonly repeated: ReadonlySet<string>;
  /** numbers in quotes: to be told of when all lines were read */
  readonly quoted = new QuotedNumbers();
  readonly #notes = new CanonicalNotes();
  #decided: Decided | null = null;
  readonly #settings: JsonSettings;
  readonly #file: Omit<File, 'notes'>;
  readonly #root: Place;
  readonly #errors: LineErrors;

  /** Reads the first lines, or all. */
  constructor(lines: readonly JsonLine[], extract: Extract) {
    const values = lines.map(({ value }) => value);
    this.#settings = new JsonSettings(values, extract.warnings);
    this.#file = { keys: new Map(), shapes: new Shapes(), quoted: this.quoted, drawn: this.#settings.drawn };
    this.repeated = repeatedTexts(values, drawnUnder('', this.drawn));
    this.#errors = new LineErrors(values, extract.warnings);
    this.#root = { ...ROOT, repeated: this.repeated, errors: this.#errors.columns };
    this.counts = lines.map((line) => this.#visit(line, extract, this.#notes));
    this.#notes.settle(extract);
  }

  /** Pointers of settings that label nothing, with `*` for indices; more may come with each line that is read. */
  get drawn(): ReadonlySet<string> {
    return this.#settings.drawn;
  }

  /** How often what is known of the lines has changed behind the first ones. */
  get changes(): number {
    return this.drawn.size + this.#errors.changes + this.quoted.count;
  }

  /** The setting with most values labels nothing from a line on, where it has many. */
  relieve(line: number): void {
    this.#settings.relieve(line);
  }

  /** What the first lines decide for those that come later. */
  get decided(): Decided {
    this.#decided ??= this.#notes.decide();
    return this.#decided;
  }

  /** Reads one more line, as those before decide. */
  read(line: JsonLine, extract: Extract): Count {
    this.#settings.take(line.value, line.line);
    this.#errors.take(line.value);
    const notes = new CanonicalNotes(this.decided);
    const count = this.#visit(line, extract, notes);
    notes.settle(extract);
    return count;
  }

  #visit({ line, value }: JsonLine, extract: Extract, notes: CanonicalNotes): Count {
    return new Walk(extract, { ...this.#file, notes }, `line ${line}`).visit(value, this.#root);
  }
}

/** What is known of a file while it is read. */
type File = {
  keys: Map<string, Key>;
  shapes: Shapes;
  notes: CanonicalNotes;
  quoted: QuotedNumbers;
  /** pointers of settings that label nothing, with `*` for indices */
  drawn: ReadonlySet<string>;
};

/** Which numbers of an object, or of those of a list, label nothing. */
function drawnUnder(pattern: string, drawn: ReadonlySet<string>): IsDrawn | undefined {
  return drawn.size === 0 ? undefined : (pointer) => drawn.has(pattern + pointer);
}

/** Where the walk is. */
type Place = {
  pointer: string;
  /** the pointer with array indices as `*` */
  pattern: string;
  /** the last key that is no index */
  key: string;
  naming: Naming;
  /** the object that holds that key */
  holder: Around | null;
  labels: Readonly<Record<string, string>>;
  /** keys of texts that tell the objects of the list around apart */
  repeated: ReadonlySet<string>;
  /** what the objects of the list around hold under `error` and the like */
  errors: ReadonlyMap<string, ErrorColumn>;
  /** an object around has failed */
  failed: boolean;
};

const NONE: ReadonlySet<string> = new Set();

const NO_ERRORS: ReadonlyMap<string, ErrorColumn> = new Map();

const ROOT: Place = {
  ...{ pointer: '', pattern: '', key: '', naming: UNNAMED, holder: null, labels: {} },
  ...{ repeated: NONE, errors: NO_ERRORS, failed: false },
};

const LONG = `the names that lead there take more than ${POINTER_CHARS} characters`;

/** How many keys are remembered: a file whose keys are all different would fill the memory with them. */
const KEYS = 10_000;

class Walk {
  readonly #extract: Extract;
  readonly #file: File;
  /** what stands before each pointer: nothing, or the line of the document */
  readonly #prefix: string;

  constructor(extract: Extract, file: File, prefix: string) {
    this.#extract = extract;
    this.#file = file;
    this.#prefix = prefix;
  }

  /** Recursion ends where pointers become too long, whatever depth the limits allow. */
  visit(value: unknown, place: Place): Count {
    if (typeof value === 'number') return this.#add(value, null, place);
    if (value instanceof LiteralNumber) return this.#addLiteral(value.literal, place);
    if (typeof value === 'string') this.#notice(value, place);
    if (typeof value !== 'object' || value === null) return NO_RECORDS;
    if (place.pointer.length > POINTER_CHARS) {
      this.#refuse('long names', 'it', LONG, place);
      return NO_RECORDS;
    }
    return Array.isArray(value) ? this.#list(value, place) : isObject(value) ? this.#object(value, place) : NO_RECORDS;
  }

  #list(list: readonly unknown[], place: Place): Count {
    const pattern = `${place.pattern}/*`;
    const repeated = repeatedTexts(list, drawnUnder(pattern, this.#file.drawn));
    const inside = { ...place, pattern, repeated, errors: errorsAmong(list) };
    return recordsOfList(list.map((item, index) => this.visit(item, { ...inside, pointer: `${place.pointer}/${index}` })));
  }

  #object(object: JsonObject, place: Place): Count {
    const { marked, reason } = verdictOnObject(object, place.errors);
    const failed = reason !== null;
    if (failed && !place.failed) this.#extract.fail({ pointer: this.#at(place.pointer), reason });
    const labels = labelsOfObject(object, place.labels, place.repeated, drawnUnder(place.pattern, this.#file.drawn));
    const around = new Around(object, place.pointer, this.#file.shapes);
    const inside = { holder: around, labels, repeated: NONE, errors: NO_ERRORS, failed: place.failed || failed };
    const keys = Object.keys(object);
    const counts = keys.map((key) => {
      if (!this.#canName(key, place)) return NO_RECORDS;
      const step = segment(key);
      const naming = named(place.naming, key, this.#keyOf(key), around);
      return this.visit(object[key], { ...inside, key, naming, pointer: place.pointer + step, pattern: place.pattern + step });
    });
    return recordsOfObject(object, keys, counts, { marked, failed });
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
    return NO_RECORDS;
  }

  #add(value: number, text: string | null, place: Place): Count {
    const { unit, statistic, agreed } = this.#told(place);
    const { naming, pattern } = place;
    const metric = naming.aside || !agreed ? null : (naming.around?.metricOf(naming.key, unit) ?? null);
    const measurement: Measurement = {
      metric: metric ?? pattern,
      statistic,
      value,
      text,
      unit,
      n: null,
      labels: isSettingName(place.key) && !this.#file.drawn.has(pattern) ? {} : place.labels,
      pointer: this.#at(place.pointer),
      failed: place.failed,
    };
    this.#extract.add(measurement);
    if (metric !== null && naming.around !== null) {
      const record = this.#at(naming.around.pointer);
      const tail = place.pointer.slice(naming.around.pointer.length + segment(naming.key).length);
      this.#file.notes.add({ measurement, own: pattern, place: { short: parentOf(pattern), full: pattern }, record, tail });
    }
    return NO_RECORDS;
  }

  /** Takes note of a number that stands there as a text. */
  #notice(text: string, place: Place): void {
    const { quoted } = this.#file;
    const { naming, pattern, pointer } = place;
    if (naming.aside || !isQuotedNumber(text) || quoted.knows(pattern)) return;
    if (!mayBringUnits(this.#keyOf(place.key).says === 'name' ? place.key : naming.key)) return;
    const { unit } = this.#told(place);
    const cell = readCell(text);
    const own = cell.is === 'number' ? cell.unit : null;
    if (unit === null && (naming.around?.metricOf(naming.key, own) ?? null) === null) return;
    quoted.add(pattern, this.#at(pointer), text);
  }

  /** The unit and the statistic of a number, by its key and by those around that name it. */
  #told({ key, naming, holder }: Place): { unit: string | null; statistic: string; agreed: boolean } {
    const own = this.#keyOf(key);
    const above = this.#keyOf(naming.key);
    const statistics = new Set([own.statistic, above.statistic, naming.statistic].filter((one) => one !== 'value'));
    const [statistic = 'value'] = statistics;
    const unit = own.unit ?? (own.says === 'name' ? null : (above.unit ?? holder?.unit() ?? null));
    return { unit, statistic, agreed: statistics.size < 2 };
  }

  #keyOf(name: string): Key {
    const known = this.#file.keys.get(name);
    if (known !== undefined) return known;
    const key = keyOf(name);
    if (this.#file.keys.size < KEYS) this.#file.keys.set(name, key);
    return key;
  }

  #at(pointer: string): string {
    return this.#prefix === '' || pointer === '' ? this.#prefix + pointer : `${this.#prefix} ${pointer}`;
  }
}

/** The pattern of the object that holds a number, or the list of it. */
function parentOf(pattern: string): string {
  const list = pattern.replace(/(?:\/\*)+$/, '');
  return list.slice(0, list.lastIndexOf('/')) || '/';
}
