import { isObject, type JsonObject } from './json-value.ts';

/** What a value of a JSON document holds of records. */
export type Count = {
  object: boolean;
  /** an object that carries a mark */
  marked: boolean;
  records: number;
  /** of these, those within lists: an object around them is an envelope and no record of its own */
  listed: number;
  failed: number;
};

export const NO_RECORDS: Count = { object: false, marked: false, records: 0, listed: 0, failed: 0 };

/** What a list holds of records. */
export function recordsOfList(counts: readonly Count[]): Count {
  const records = recordsAmong(counts);
  return { ...NO_RECORDS, records, listed: records, failed: sum(counts, ({ failed }) => failed) };
}

/** In a list where one object carries a mark, each object is a record, marked or not. */
export function recordsAmong(counts: readonly Count[]): number {
  const oneIsMarked = counts.some(({ marked }) => marked);
  return sum(counts, ({ object, records }) => (oneIsMarked && object ? Math.max(1, records) : records));
}

/**
 * What an object holds of records.
 * @param counts of its members, in the order of its keys
 * @param own whether it carries a mark, and whether that says it failed
 */
export function recordsOfObject(
  object: JsonObject,
  keys: readonly string[],
  counts: readonly Count[],
  own: { marked: boolean; failed: boolean },
): Count {
  const below = {
    records: membersThatAreRecords(object, keys, counts),
    listed: sum(counts, ({ listed }) => listed),
    failed: sum(counts, ({ failed }) => failed),
  };
  if (own.failed) return { object: true, marked: true, records: 1, listed: 0, failed: 1 };
  if (!own.marked) return { object: true, marked: false, ...below };
  return { object: true, marked: true, records: Math.max(1, below.listed, below.failed), listed: below.listed, failed: below.failed };
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

function sum<T>(items: readonly T[], of: (item: T, index: number) => number): number {
  return items.reduce((total, item, index) => total + of(item, index), 0);
}
