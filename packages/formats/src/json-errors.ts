import { type ErrorColumn, errorColumnOf, errorColumnWith } from './error-column.ts';
import { isObject, LiteralNumber } from './json-value.ts';
import { markOf } from './marks.ts';
import type { Warnings } from './warnings.ts';

/** Objects of a list that are looked at for what they say under `error`. */
const MOST_LOOKED_AT = 100_000;

/** What the objects of a list hold under `error` and the like, by key: beside messages, a number is the code of an error too. */
export function errorsAmong(list: readonly unknown[]): Map<string, ErrorColumn> {
  const cells = new Map<string, string[]>();
  const objects = (list.length > MOST_LOOKED_AT ? list.slice(0, MOST_LOOKED_AT) : list).filter(isObject);
  for (const object of objects)
    for (const key of Object.keys(object)) {
      if (markOf(key) !== 'message') continue;
      const known = cells.get(key) ?? [];
      cells.set(key, known);
      known.push(cellOf(object[key]));
    }
  const columns = new Map<string, ErrorColumn>();
  for (const [key, found] of cells) {
    const absent = new Array<string>(objects.length - found.length).fill('');
    columns.set(key, errorColumnOf([...found, ...absent]));
  }
  return columns;
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
      if (markOf(key) !== 'message') continue;
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
