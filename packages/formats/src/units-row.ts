import { excerpt } from './excerpt.ts';
import { readCell } from './number-cell.ts';
import { statisticFromName } from './statistic-from-name.ts';
import { columnNames, type Row } from './table.ts';
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
  const marked = first.cells.some(isMark);
  for (const [index, cell] of first.cells.entries()) {
    if (cell.trim() === '' || isMark(cell)) continue;
    if (marked && unitOfSymbol(inBrackets(cell)) === null) return null;
    if (cell.length > 32 || readCell(cell).is !== 'text') return null;
    const kinds = below.map((row) => readCell(row.cells[index] ?? '').is);
    if (kinds.includes('text') || !kinds.some((is) => is === 'number' || is === 'comma')) return null;
    stated += 1;
  }
  if (stated === 0) return null;
  return first.cells.map((cell) => (cell.trim() === '' || isMark(cell) ? null : unitOfCell(cell)));
}

/** What stands in such a row above columns without a unit, beside known units: that it is one of units, or a mark for none. */
function isMark(cell: string): boolean {
  return /^(?:units?|-|–|—|n\/a)$/i.test(inBrackets(cell));
}

/**
 * The names of columns with the statistics that such a row states in place of units: `ttft_ms`, `ttft_ms` above `mean`, `p99`, as
 * pandas writes columns of two levels.
 * @returns null where what it states are no statistics
 */
export function namesWithStatistics(
  columns: readonly string[],
  header: readonly string[],
  stated: readonly (string | null)[],
): string[] | null {
  if (!statesStatistics(stated.map((cell) => cell ?? ''))) return null;
  // A merged cell stands in the first of its columns: `Latency (ms),,` above `mean,p99,max`.
  let merged = '';
  return columnNames(
    header.map((name, index) => {
      const statistic = stated[index] ?? '';
      if (name.trim() !== '') merged = statistic === '' ? '' : name;
      const of = name.trim() === '' && statistic !== '' ? merged : name;
      return `${of.trim() === '' ? (columns[index] ?? '') : of} ${statistic}`.trim();
    }),
  );
}

/** Whether what is not empty in a row names statistics. */
export function statesStatistics(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return filled.length > 0 && filled.every((cell) => cell === 'count' || statisticFromName(cell) !== 'value');
}

function unitOfCell(cell: string): string {
  return unitOfSymbol(inBrackets(cell)) ?? excerpt(cell, 32);
}

/** `ms` of `[ms]` and `(ms)`. */
function inBrackets(cell: string): string {
  const text = cell.trim().slice(0, 34);
  const [, inner = text] = /^[([](.*)[)\]]$/.exec(text) ?? [];
  return inner;
}
