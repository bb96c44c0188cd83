import type { Measurement } from '@chimera/shared/domain';
import type { CanonicalNotes } from '../canonical-notes.ts';
import { mayBringUnits } from '../column-units.ts';
import { excerpt } from '../excerpt.ts';
import { type Extract, POINTER_CHARS } from '../extract.ts';
import { verdictOnObject } from '../failure.ts';
import { isColumn, labelsOfColumns } from '../json-columns.ts';
import { errorsAmong } from '../json-errors.ts';
import { type IsDrawn, labelsOfObject, repeatedTexts } from '../json-labels.ts';
import { Around, type Key, keyOf, named, type Shapes } from '../json-naming.ts';
import { segment } from '../json-pointer.ts';
import { type Count, NO_RECORDS, recordsOfList, recordsOfObject } from '../json-records.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { isSettingName } from '../labels.ts';
import { readCell } from '../number-cell.ts';
import { heldNumber } from '../number-literal.ts';
import { isQuotedNumber, type QuotedNumbers } from '../quoted-numbers.ts';

import { NO_ERRORS, NONE, type Place } from './generic-json-place.ts';

/** What is known of a file while it is read. */
export type File = {
  keys: Map<string, Key>;
  shapes: Shapes;
  notes: CanonicalNotes;
  quoted: QuotedNumbers;
  /** pointers of settings that label nothing, with `*` for indices */
  drawn: ReadonlySet<string>;
};

/** Which numbers of an object, or of those of a list, label nothing. */
export function drawnUnder(pattern: string, drawn: ReadonlySet<string>): IsDrawn | undefined {
  return drawn.size === 0 ? undefined : (pointer) => drawn.has(pattern + pointer);
}

const LONG = `the names that lead there take more than ${POINTER_CHARS} characters`;

/** How many keys are remembered: a file whose keys are all different would fill the memory with them. */
const KEYS = 10_000;

/** A walk through one document, which reads its numbers. */
export class Walk {
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
    const columns = place.columns !== null && isColumn(list, place.columns) ? place.columns : null;
    const inside = { ...place, pattern, repeated, errors: errorsAmong(list), columns: null };
    return recordsOfList(
      list.map((item, index) => {
        const labels = columns?.[index];
        const own = labels === undefined ? place.labels : { ...place.labels, ...labels };
        return this.visit(item, { ...inside, pointer: `${place.pointer}/${index}`, labels: own });
      }),
    );
  }

  #object(object: JsonObject, place: Place): Count {
    const { marked, reason } = verdictOnObject(object, place.errors);
    const failed = reason !== null;
    if (failed && !place.failed) this.#extract.fail({ pointer: this.#at(place.pointer), reason });
    const labels = labelsOfObject(object, place.labels, place.repeated, drawnUnder(place.pattern, this.#file.drawn));
    const around = new Around(object, place.pointer, this.#file.shapes);
    // Of a document read by lines, each is read by what the first ones show of its keys, and not of what its lists hold.
    const columns = this.#prefix === '' ? labelsOfColumns(object) : null;
    const inside = { holder: around, labels, repeated: NONE, errors: NO_ERRORS, columns, failed: place.failed || failed };
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
    const metric = naming.aside || !agreed ? null : (naming.around?.metricOf(naming.key, unit, naming.otherPhase) ?? null);
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
    if (unit === null && (naming.around?.metricOf(naming.key, own, naming.otherPhase) ?? null) === null) return;
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
