import { type ErrorColumn, errorColumnOf, errorColumnWith, errorsBeside } from './error-column.ts';
import { isObject, LiteralNumber } from './json-value.ts';
import { type Mark, markOf } from './marks.ts';
import type { Warnings } from './warnings.ts';

/** Objects of a list that are looked at for what they say under `error`. */
const MOST_LOOKED_AT = 100_000;

/**
 * What the objects of a list hold under `error` and the like, by key: beside messages, a number is the code of an error too. Under
 * `ok`, `passed` and the like, numbers beside one that is neither 0 nor 1 are counts.
 */
export function errorsAmong(list: readonly unknown[]): Map<string, ErrorColumn> {
  const cells = new Map<string, string[]>();
  const columns = new Map<string, ErrorColumn>();
  const objects = (list.length > MOST_LOOKED_AT ? list.slice(0, MOST_LOOKED_AT) : list).filter(isObject);
  for (const object of objects)
    for (const key of Object.keys(object)) {
      const mark = markOf(key);
      if (isCount(object[key], mark)) columns.set(key, 'numbers');
      if (mark !== 'message') continue;
      const known = cells.get(key) ?? [];
      cells.set(key, known);
      known.push(cellOf(object[key]));
    }
  if (cells.size === 0) return columns;
  const names = new Map(Object.keys(objects[0] ?? {}).map((key) => [key, key]));
  for (const [key, found] of cells) {
    const absent = new Array<string>(objects.length - found.length).fill('');
    const records = { names, count: objects.length, cellOf: (at: number, name: string): string => cellOf(objects[at]?.[name]) };
    columns.set(key, errorsBeside(errorColumnOf([...found, ...absent]), key, records));
  }
  return columns;
}

/** Whether a number counts successes: 0 and 1 may be answers. */
function isCount(value: unknown, mark: Mark | undefined): boolean {
  if (mark !== 'success') return false;
  const number = value instanceof LiteralNumber ? Number(value.literal) : value;
  return typeof number === 'number' && number !== 0 && number !== 1;
}

/** What lines hold under `error` and the like: those of a head, and each that is read behind it. */
export class LineErrors {
  /** by key */
  readonly columns: Map<string, ErrorColumn>;
  /** how often that has changed behind the head */
  changes = 0;
  readonly #warnings: Warnings;

  constructor(first: readonly unknown[], warnings: Warnings) {
    this.columns = errorsAmong(first);
    this.#warnings = warnings;
  }

  /** Looks at one more line. */
  take(value: unknown): void {
    if (!isObject(value)) return;
    for (const key of Object.keys(value)) {
      const mark = markOf(key);
      if (isCount(value[key], mark) && !this.columns.has(key)) this.#count(key);
      if (mark !== 'message') continue;
      const known = this.columns.get(key) ?? 'nothing';
      const next = errorColumnWith(known, cellOf(value[key]));
      if (next === known) continue;
      this.changes += 1;
      this.columns.set(key, next);
      if (known !== 'numbers') continue;
      const why = 'the numbers above were not taken for errors, because the file was read as a stream';
      this.#warnings.add('late errors', `"${key}" holds numbers in the first lines and words further down: ${why}`);
    }
  }

  /** Behind the head, the first number that is neither 0 nor 1: by then, a 0 has failed its line. */
  #count(key: string): void {
    this.changes += 1;
    this.columns.set(key, 'numbers');
    const why = 'a 0 above it was taken for a failure, because the file was read as a stream';
    this.#warnings.add('late errors', `"${key}" counts from a line on that comes late: ${why}`);
  }
}

/** A value as a cell of a table would hold it. */
function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof LiteralNumber) return value.literal;
  if (typeof value === 'number') return String(value);
  if (value === true) return 'true';
  if (value === null || value === undefined || value === false) return '';
  return Object.keys(value).length === 0 ? '' : 'an object';
}
