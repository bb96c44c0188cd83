import { type Commas, withoutCommas } from '../comma-numbers.ts';
import { mayGroup } from '../grouping-points.ts';
import type { Column } from '../table-columns.ts';

const DOT = 0x2e;
const COMMA = 0x2c;

/** How the numbers of a column are written; OPEN: beside commas that begin fractions, and nothing shows what its points do. */
const PLAIN = 0;
const GROUPS = 1;
const FRACTION = 2;
const OPEN = 3;

/** What points and commas do in the columns of a generic table, as far as its rows were read. */
export class CsvPoints {
  /** by column: the byte that begins the fraction of a number without anything else; 0 where each such number has to be looked at */
  readonly bytes: Uint8Array;
  /** what commas do, where that is certain */
  readonly commas = new Map<number, Commas>();
  readonly #ways: Uint8Array;
  readonly #delimiter: number;

  /**
   * @param width of the table, in columns
   * @param delimiter its byte: a comma that separates cells begins no fraction outside of quotes
   */
  constructor(width: number, delimiter: number) {
    this.bytes = new Uint8Array(width).fill(DOT);
    this.#ways = new Uint8Array(width);
    this.#delimiter = delimiter;
  }

  /** Takes what is known of the columns of numbers. */
  take(columns: Iterable<Column>): void {
    const all = [...columns];
    for (const { index, style } of all) if (style.commas !== null) this.commas.set(index, style.commas);
    const { anyFractions } = this;
    for (const column of all) {
      const { index, style } = column;
      const way = style.commas === null ? (anyFractions && mayGroup(column) ? OPEN : PLAIN) : style.commas === 'groups' ? GROUPS : FRACTION;
      this.#ways[index] = way;
      this.bytes[index] = way === OPEN || (way === FRACTION && this.#delimiter === COMMA) ? 0 : way === FRACTION ? COMMA : DOT;
    }
  }

  /** Whether commas begin the fractions of some column. */
  get anyFractions(): boolean {
    return [...this.commas.values()].includes('fraction');
  }

  /**
   * The bytes of a cell whose column has another way to write numbers than with a point for the fraction.
   * @returns those of the number as it is written with a point; the cell's own bytes where it is that already; null where the column can have no such number
   */
  plain(bytes: Buffer, slot: number, start: number, end: number): Buffer | null {
    const way = this.#ways[slot] as number;
    let has = false;
    for (let at = start; at < end && !has; at += 1) has = bytes[at] === COMMA || bytes[at] === DOT;
    if (way === PLAIN || !has) return bytes.subarray(start, end);
    if (way === OPEN) return null;
    const cell = bytes.toString('utf8', start, end);
    const plain = withoutCommas(cell, way === GROUPS ? 'groups' : 'fraction');
    if (plain !== cell) return Buffer.from(plain);
    // Beside commas that begin fractions, a point may group thousands.
    return way === FRACTION || cell.includes(',') ? null : bytes.subarray(start, end);
  }

  /** A number of a column as it is written with a point. */
  withPoint(cell: string, index: number): string {
    const commas = this.commas.get(index);
    return commas === undefined ? cell : withoutCommas(cell, commas);
  }

  /** Whether numbers of a column are written with a point and nothing else. */
  isPlain(slot: number): boolean {
    return this.#ways[slot] === PLAIN;
  }
}
