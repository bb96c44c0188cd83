import type { NumberColumn } from '@chimera/shared/domain';

/** A column with numbers, as it was when the last one came. */
export type StoredColumn = {
  /** its number in the store */
  id: number;
  of: NumberColumn;
  n: number;
  least: number;
  greatest: number;
  first: Place;
  last: Place;
};

/** A line, and the how-manieth number of it: what came before what. */
type Place = { line: number; at: number };

/** In the order of the file. */
export function byPlace(a: Place, b: Place): number {
  return a.line - b.line || a.at - b.at;
}

/** The pointer of the first of all numbers of columns, which are in the order of their first numbers. */
export function firstPointer(columns: readonly StoredColumn[]): string {
  const [first] = columns;
  return first ? pointerOf(first, first.first) : '';
}

/** The pointer of the last of all numbers of columns. */
export function lastPointer(columns: readonly StoredColumn[]): string {
  let last: StoredColumn | undefined;
  for (const column of columns) if (last === undefined || byPlace(column.last, last.last) > 0) last = column;
  return last ? pointerOf(last, last.last) : '';
}

function pointerOf({ of }: StoredColumn, { line }: Place): string {
  return `line ${line}${of.tail}`;
}

export function countOf(columns: readonly StoredColumn[]): number {
  return columns.reduce((sum, { n }) => sum + n, 0);
}
