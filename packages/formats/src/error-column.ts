import { ABSENT, isBound, isCountText, isPlainNumber } from './marks.ts';
import { readCell } from './number-cell.ts';

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
  const { is } = readCell(cell);
  return is === 'number' ? 'quantity' : is === 'absent' ? 'nothing' : 'word';
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
