import { excerpt } from './excerpt.ts';
import { readCell } from './number-cell.ts';
import type { Row } from './table.ts';
import { unitOfSymbol } from './unit-from-name.ts';

/** Rows below a possible row of units that are looked at. */
const SAMPLE = 50;

/**
 * Recognises a first row that holds units: what is not empty in it is words, above columns of numbers.
 * @param rows the rows below the header
 * @returns a unit or null for each column; null where the first row is data
 */
export function unitsRow(rows: readonly Row[]): (string | null)[] | null {
  const [first, ...below] = rows.slice(0, SAMPLE + 1);
  if (first === undefined || below.length === 0) return null;
  let stated = 0;
  for (const [index, cell] of first.cells.entries()) {
    if (cell.trim() === '') continue;
    if (cell.length > 32 || readCell(cell).is !== 'text') return null;
    const kinds = below.map((row) => readCell(row.cells[index] ?? '').is);
    if (kinds.includes('text') || !kinds.some((is) => is === 'number' || is === 'comma')) return null;
    stated += 1;
  }
  if (stated === 0) return null;
  return first.cells.map((cell) => (cell.trim() === '' ? null : (unitOfSymbol(cell) ?? excerpt(cell, 32))));
}
