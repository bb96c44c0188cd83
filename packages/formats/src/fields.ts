import { type CanonicalMetric, canonicalLabel, type LabelName, type Over } from '@chimera/shared/domain';
import { excerpt } from './excerpt.ts';
import type { Extract } from './extract.ts';
import { segment } from './json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from './json-value.ts';
import { namedValue } from './labels.ts';
import { type HeldNumber, heldNumber } from './number-literal.ts';

/** A metric of the registry, or `own`: the file's own name, because no canonical metric fits. */
export type MetricName = CanonicalMetric | 'own';

/** What a field of a format means. `unit` is the one in which the file writes it; null where it is a bare count. */
export type FieldMeaning = { metric: MetricName; statistic: string; unit: string | null; over?: Over; note?: string };
/** Field as the file names it → what it means. */
export type FieldTable = Readonly<Record<string, FieldMeaning>>;
/** Field as the file names it → the label it becomes. */
export type LabelTable = Readonly<Record<string, LabelName>>;

export type Labels = Readonly<Record<string, string>>;

/** Where a record stands and what holds for all its numbers. */
export type RecordPlace = {
  /** the pointer of the record: '' for the document, `/0`, `line 3 ` (with the blank) for a line that is a document */
  at: string;
  labels: Labels;
  /** how many samples stand behind the statistics of the record; null where it does not say */
  n?: number | null;
  /** the record says of itself that it failed */
  failed?: boolean;
};

/** A number of a parsed document, exact; null where the value is none. A number no double holds is none either. */
export function numberOf(value: unknown): HeldNumber | null {
  if (typeof value === 'number') return { value, text: null };
  return value instanceof LiteralNumber ? heldNumber(value.literal) : null;
}

/** The value of a number of a parsed document, or null. */
export function plainNumber(value: unknown): number | null {
  return numberOf(value)?.value ?? null;
}

/** A text of a parsed document, or null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The object under a key, or an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : {};
}

/** The list under a key, or an empty one. */
export function listAt(object: JsonObject, key: string): readonly unknown[] {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/**
 * Adds one number, if the value is one.
 * @param pointer leads to the very number
 * @param own the metric's name where none of the registry fits; default: the pointer with indices as `*`
 * @returns whether it was a number
 */
export function addNumber(
  extract: Extract,
  value: unknown,
  meaning: FieldMeaning,
  place: Omit<RecordPlace, 'at'> & { pointer: string },
  own?: string,
): boolean {
  const held = numberOf(value);
  if (held === null) {
    warnAboutNoNumber(extract, value, place.pointer);
    return false;
  }
  extract.add({
    metric: meaning.metric === 'own' ? (own ?? patternOf(place.pointer)) : meaning.metric,
    statistic: meaning.statistic,
    value: held.value,
    text: held.text,
    unit: meaning.unit,
    n: place.n ?? null,
    ...(meaning.over === undefined ? {} : { over: meaning.over }),
    labels: place.labels,
    pointer: place.pointer,
    failed: place.failed ?? false,
  });
  return true;
}

/** What stands where a number should. Null, and the empty text that NaN is parsed as, say that there is none. */
function warnAboutNoNumber(extract: Extract, value: unknown, pointer: string): void {
  if (value === null || value === undefined || value === '') return;
  if (value instanceof LiteralNumber) {
    extract.warnings.add('numbers beyond a double', `${pointer}: a double cannot hold ${excerpt(value.literal, 40)}; it was not read`);
    return;
  }
  const kind = Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : `a ${typeof value}`;
  const what = typeof value === 'string' ? `the text "${excerpt(value, 40)}"` : kind;
  extract.warnings.add('no numbers', `${pointer}: ${what} stands where a number should; it was not read`);
}

/** Adds each field of the table that the object holds as a number of its own. Fields that are null or absent are no numbers. */
export function readFields(extract: Extract, object: JsonObject, table: FieldTable, place: RecordPlace): void {
  const { at, ...rest } = place;
  for (const [field, meaning] of Object.entries(table)) {
    if (!Object.hasOwn(object, field)) continue;
    addNumber(extract, object[field], meaning, { ...rest, pointer: at + segment(field) });
  }
}

/** A list of raw values: each is a measurement of statistic `value`. Items that are no numbers are passed over. */
export function readSamples(
  extract: Extract,
  list: readonly unknown[],
  meaning: Omit<FieldMeaning, 'statistic'>,
  place: RecordPlace,
): void {
  const { at, ...rest } = place;
  for (const [index, value] of list.entries())
    addNumber(extract, value, { ...meaning, statistic: 'value' }, { ...rest, n: null, pointer: `${at}/${index}` });
}

/** The labels that an object's fields give. Texts, numbers and booleans are labels; null, '' and what is too long are none. */
export function labelsFrom(object: JsonObject, table: LabelTable, extract?: Extract): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [field, name] of Object.entries(table)) {
    if (!Object.hasOwn(object, field) || labels[name] !== undefined) continue;
    addLabel(labels, name, object[field], extract);
  }
  return labels;
}

/** Longest label of a known format: model names are paths at times. */
const LABEL_CHARS = 200;

/** Sets a label, if the value is one. One that is too long is shortened and told apart by its hash, which a warning says. */
export function addLabel(labels: Record<string, string>, name: string, value: unknown, extract?: Extract): void {
  const text = labelTextOf(value);
  const label = text === null ? null : namedValue(text, LABEL_CHARS);
  if (text === null || label === null) return;
  labels[name] = label;
  if (text.trim().length > LABEL_CHARS)
    extract?.warnings.add(
      'long labels',
      `the label ${name} was shortened: "${excerpt(text, 60)}" is longer than ${LABEL_CHARS} characters`,
    );
}

/** A scalar as a label's text: `4` for 4, `true`, the words; null for null, lists and objects. */
export function labelTextOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof LiteralNumber) return value.literal;
  return typeof value === 'number' ? String(value) : null;
}

/**
 * Keys of a record that no table knows: words and yes or no that somebody added (`--metadata gpu=H100`) become labels under their
 * own name. Numbers do not: a new version of the tool may have measured them, and then no two runs would be alike.
 * @param known whether a key is dealt with elsewhere
 */
export function unknownLabels(object: JsonObject, known: (key: string) => boolean, labels: Record<string, string>): void {
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (known(key) || key.length > 64 || (typeof value !== 'string' && typeof value !== 'boolean')) continue;
    const name = canonicalLabel(key);
    if (labels[name] === undefined) addLabel(labels, name, value);
  }
}

/** A pointer with array indices as `*`, and without the line of a document before it. */
export function patternOf(pointer: string): string {
  return pointer.replace(/^line \d+ /, '').replace(/\/\d+(?=\/|$)/g, '/*');
}
