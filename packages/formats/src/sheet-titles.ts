import { type CsvRow, isBlank } from './csv-rows.ts';
import { excerpt } from './excerpt.ts';
import { readCell } from './number-cell.ts';

/** Lines that a sheet may have above its header. */
const MOST = 20;

/** A header that titles stand above has so many columns at least: two words in two cells may be anything. */
const LEAST_COLUMNS = 3;

/**
 * The rows above the header of a sheet: a title, and below it what was noted of the run, as `GPU,A100`. The header has words in each
 * cell, and stands above a row of its width that holds a number.
 * @param rows from the first line on
 * @returns in their order; none where the first row that holds anything is no title
 */
export function titlesAbove(rows: readonly CsvRow[]): CsvRow[] {
  const filled = rows.filter((row) => !isBlank(row) && row.cells[0]?.trimStart().startsWith('#') !== true);
  for (let count = 1; count <= MOST && isTitle(filled[count - 1], count === 1); count += 1) {
    const [header, first] = filled.slice(count, count + 2);
    if (header !== undefined && first !== undefined && isHeader(header, first)) return filled.slice(0, count);
  }
  return [];
}

/** That rows were taken for titles. */
export function sentenceOnTitles(titles: readonly CsvRow[]): string {
  const [first, ...others] = titles;
  const quoted = `("${excerpt(first?.cells[0] ?? '', 40)}")`;
  if (others.length === 0) return `line ${first?.line} ${quoted} is a title above the header: it was passed over`;
  return `lines ${first?.line} ${quoted} to ${others.at(-1)?.line} stand above the header as titles: they were passed over`;
}

/** Words in the first cell and nothing else; below a first title, or where a colon ends these, also something in the second one. */
function isTitle(row: CsvRow | undefined, isFirst: boolean): boolean {
  if (row === undefined || row.broken) return false;
  const [first = '', second = '', ...others] = row.cells;
  if (others.some((cell) => cell.trim() !== '') || readCell(first).is !== 'text') return false;
  return second.trim() === '' || !isFirst || first.trim().endsWith(':');
}

function isHeader({ cells, broken }: CsvRow, first: CsvRow): boolean {
  if (broken || cells.length < LEAST_COLUMNS || first.broken || first.cells.length !== cells.length) return false;
  return cells.every((cell) => readCell(cell).is === 'text') && first.cells.some((cell) => readCell(cell).is === 'number');
}
