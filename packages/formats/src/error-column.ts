import { withoutCommas } from './comma-numbers.ts';
import { ABSENT, isBound, isCountText, isPlainNumber } from './marks.ts';
import { type Cell, readCell } from './number-cell.ts';
import { statisticFromName } from './statistic-from-name.ts';

/**
 * What a column of the name error holds:
 * - `nothing`: no cell says anything yet;
 * - `zeros`: no more than 0 so far;
 * - `flags`: 0 and 1, so that 1 says that there was an error;
 * - `codes`: codes of errors beside 0, nothing or answers of HTTP that are no errors;
 * - `words`: messages, beside which a number other than 0 is a code;
 * - `numbers`: rates, counts and bounds, which are measurements.
 */
export type ErrorColumn = 'nothing' | 'zeros' | 'flags' | 'codes' | 'words' | 'numbers';

/** What one cell of such a column is. */
type ErrorCell = 'nothing' | 'zero' | 'one' | 'answer' | 'refusal' | 'negative' | 'integer' | 'number' | 'quantity' | 'word';

const INTEGER = /^[+-]?\d+$/;

function cellIs(text: string): ErrorCell {
  const cell = text.trim();
  if (cell.length <= 4 && ABSENT.includes(cell.toLowerCase())) return 'nothing';
  if (INTEGER.test(cell)) {
    const value = Number(cell);
    if (value === 0) return 'zero';
    if (value === 1) return 'one';
    if (value < 0) return 'negative';
    if (value >= 400 && value <= 599) return 'refusal';
    return value >= 200 && value <= 399 ? 'answer' : 'integer';
  }
  if (isPlainNumber(cell) || isCountText(cell) || isBound(cell)) return 'number';
  const read = readQuantity(cell);
  if (read.is === 'number') return read.unit === null ? 'number' : 'quantity';
  return read.is === 'absent' ? 'nothing' : 'word';
}

/** Reads a cell that may be a number whose commas group thousands or begin the fraction: it is no message whichever they do. */
export function readQuantity(cell: string): Cell {
  const read = readCell(cell);
  if (read.is !== 'comma') return read;
  const fraction = readCell(withoutCommas(cell, 'fraction'));
  return fraction.is === 'number' ? fraction : readCell(withoutCommas(cell, 'groups'));
}

/** Whether a text in a column of numbers is one of them, and no message. */
export function isMeasured(text: string, column: ErrorColumn | undefined): boolean {
  return column === 'numbers' && cellIs(text) !== 'word';
}

/** Whether a column that holds this tells of failures, and is none of measurements. */
export function tellsOfErrors(column: ErrorColumn): boolean {
  return column !== 'nothing' && column !== 'numbers';
}

/**
 * What a column of errors holds.
 * @param cells those of all rows
 */
export function errorColumnOf(cells: Iterable<string>): ErrorColumn {
  const counts: Record<ErrorCell, number> = {
    nothing: 0,
    zero: 0,
    one: 0,
    answer: 0,
    refusal: 0,
    negative: 0,
    integer: 0,
    number: 0,
    quantity: 0,
    word: 0,
  };
  for (const cell of cells) counts[cellIs(cell)] += 1;
  const { nothing, zero, one, answer, refusal, negative, integer, number, quantity, word } = counts;
  const others = answer + refusal + negative + integer;
  // A rate or a count stands in each row; a code, or what the time was that ran out, in those that failed.
  const seldom = nothing >= one + others + quantity;
  if (word > 0 || (quantity > 0 && seldom)) return 'words';
  if (number > 0 || quantity > 0) return 'numbers';
  if (others === 0) return one > 0 ? 'flags' : zero > 0 ? 'zeros' : 'nothing';
  // What a guess was off by goes both ways, and is seldom nothing.
  if (!seldom && negative > 0 && one + integer > 0 && answer + refusal === 0 && zero * 2 <= negative + one + integer) return 'numbers';
  // No count is below zero.
  return seldom || negative > 0 || (refusal > 0 && integer === 0 && one === 0) ? 'codes' : 'numbers';
}

/** Whether a number or a count in such a column says that its row failed. */
export function saysCode(text: string, column: ErrorColumn | null): boolean {
  if (column === null || !tellsOfErrors(column)) return false;
  const is = cellIs(text);
  if (is === 'nothing' || is === 'zero' || is === 'word') return false;
  if (is === 'answer') return column === 'words';
  return is !== 'number' || Number.parseFloat(text.trim()) !== 0;
}

/**
 * What such a column of a stream holds, once another cell of it came.
 * @returns the same where the cell is one of those that are known; `numbers` after which a word comes become `words`
 */
export function errorColumnWith(column: ErrorColumn, text: string): ErrorColumn {
  const is = cellIs(text);
  if (is === 'nothing' || column === 'words') return column;
  if (is === 'word' || (is === 'quantity' && column !== 'numbers')) return 'words';
  if (column === 'numbers' || column === 'codes') return column;
  if (is === 'zero') return column === 'nothing' ? 'zeros' : column;
  if (is === 'one') return 'flags';
  if (column === 'flags') return 'codes';
  if (is === 'number') return 'numbers';
  return is === 'refusal' || is === 'negative' || column === 'nothing' ? 'codes' : 'numbers';
}

/** Names beside which `error` is how far a score may be off: JMH writes `Score`, `Error` and `Units`. */
const OF_SCORES = new Set(['units', 'unit', 'cnt']);

/** Records of which each has a text under some of these names. */
export type Records<Key> = { names: ReadonlyMap<Key, string>; count: number; cellOf: (record: number, key: Key) => string };

/**
 * What such a column holds beside others: where a deviation, or a score with its unit, stands in each record that is not without an
 * error, whole numbers bound a result, and are no codes. One of 0 may stand for a record that failed.
 * @param column what it holds by its own cells
 */
export function errorsBeside<Key>(column: ErrorColumn, own: Key, { names, count, cellOf }: Records<Key>): ErrorColumn {
  if (column !== 'zeros' && column !== 'flags' && column !== 'codes') return column;
  const all = [...names].map(([key, name]): [Key, string] => [key, name.slice(0, 40).trim().toLowerCase()]);
  const ofScore = all.some(([, name]) => OF_SCORES.has(name));
  const bounded = all.filter(([, name]) => (ofScore && name === 'score') || ['stddev', 'stderr'].includes(statisticFromName(name)));
  const hasResult = (record: number): boolean =>
    bounded.some(([key]) => {
      const read = readQuantity(cellOf(record, key));
      return read.is === 'number' && read.value !== 0;
    });
  for (let record = 0; record < count && bounded.length > 0; record += 1)
    if (saysCode(cellOf(record, own), 'codes') && !hasResult(record)) return column;
  return bounded.length > 0 ? 'numbers' : column;
}
