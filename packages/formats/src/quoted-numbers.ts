import { saysMetric } from './canonical-name.ts';
import { mayBringUnits } from './column-units.ts';
import { excerpt } from './excerpt.ts';
import { keyOf } from './json-naming.ts';
import { readCell } from './number-cell.ts';
import type { Warnings } from './warnings.ts';

/** No longer text is a number with its unit. */
const LONGEST = 40;

/** Places that are named; of others it is said that there are some. */
const NAMED = 3;

/** Whether a text is nothing but a number, perhaps with its unit. */
export function isQuotedNumber(text: string): boolean {
  if (text.length > LONGEST || !/\d/.test(text)) return false;
  const { is } = readCell(text);
  return is === 'number' || is === 'comma';
}

/**
 * Whether a text under these keys may be a number that somebody put in quotes: the last one says a metric or a unit, or what is around
 * may do so. Not what was set, asked for or written.
 * @param keys on the way to it, without indices
 */
export function mayBeQuotedNumber(keys: readonly string[]): boolean {
  const last = keys.at(-1) ?? '';
  const { unit, says } = keyOf(last);
  const mayName = mayBringUnits(last) && (unit !== null || saysMetric(last));
  return (says !== 'name' || mayName) && keys.every((key) => !keyOf(key).aside);
}

/** Numbers that JSON writes as texts, under names of metrics or with units (`"ttft_ms": "12.5"`): they are not read, and that is said. */
export class QuotedNumbers {
  readonly #patterns = new Set<string>();
  readonly #places: string[] = [];

  /** How many places are known. */
  get count(): number {
    return this.#patterns.size;
  }

  /** Whether a text in a place need not be looked at: one was there before, or enough are known. */
  knows(pattern: string): boolean {
    return this.#patterns.size > NAMED || this.#patterns.has(pattern);
  }

  /**
   * @param pattern the pointer with `*` for indices
   * @param pointer of the first such text there
   */
  add(pattern: string, pointer: string, text: string): void {
    this.#patterns.add(pattern);
    if (this.#places.length < NAMED) this.#places.push(`${excerpt(pointer)} ("${excerpt(text, LONGEST)}")`);
  }

  /** Says where they were found. */
  warn(warnings: Warnings): void {
    if (this.#places.length === 0) return;
    const others = this.#patterns.size > NAMED ? ' and others' : '';
    warnings.add('numbers in quotes', `numbers in quotes are texts, and were not read: ${this.#places.join(', ')}${others}`);
  }
}
