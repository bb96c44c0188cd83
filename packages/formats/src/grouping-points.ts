import type { Offence } from './column-verdict.ts';
import { mayGroupByPoints } from './comma-numbers.ts';
import type { Table } from './table.ts';
import type { Column } from './table-columns.ts';

/**
 * The columns whose points may group thousands, because commas begin the fractions of another column and nothing shows what theirs do.
 * @param columns those of numbers
 */
export function groupedByPoints(table: Table, columns: readonly Column[], failed: readonly boolean[]): ReadonlySet<number> {
  if (!columns.some(({ style }) => style.commas === 'fraction')) return new Set();
  return new Set(columns.filter(mayGroup).flatMap(({ index }) => (firstGroup(table, index, failed) === null ? [] : [index])));
}

/** Whether nothing shows what points in a column do. */
export function mayGroup({ style, points }: Column): boolean {
  return style.units !== 'own' && style.commas === null && !points;
}

/** The first number of a column whose points may group thousands, of rows that did not fail. */
export function firstGroup({ rows }: Table, index: number, failed: readonly boolean[]): Offence | null {
  const at = rows.findIndex(({ cells }, row) => failed[row] !== true && mayGroupByPoints(cells[index] ?? ''));
  return at < 0 ? null : { line: rows[at]?.line ?? 0, cell: rows[at]?.cells[index] ?? '' };
}
