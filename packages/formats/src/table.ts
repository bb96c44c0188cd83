import type { Commas } from './comma-numbers.ts';
import type { ErrorColumn } from './error-column.ts';
import { excerpt } from './excerpt.ts';

/** One row of a table. */
export type Row = {
  /** the 1-based line on which it begins */
  line: number;
  /** as many as the table has columns */
  cells: readonly string[];
  /** of a page: whether its first cell is in bold, and the name in bold that stands alone in a row above it */
  bold?: boolean;
  section?: string;
};

/** A table of a CSV or Markdown file: every row has a cell for each column. */
export type Table = {
  /** the 1-based line of the header, or of the first row where there is none */
  line: number;
  /** unique names */
  columns: readonly string[];
  /** units as a row below the header states them, by column */
  units: readonly (string | null)[];
  rows: readonly Row[];
  /** of a page: the headings of the sections that it stands in, and the line that introduces it */
  above?: readonly string[];
  /** columns of numbers that label nothing, though their names are those of settings; absent: its rows tell them */
  drawn?: ReadonlySet<number>;
  /** columns that only count the rows, and are no measurements; absent: the rows tell them */
  counting?: ReadonlySet<number>;
  /** by column, what numbers under the word error are, and what commas do in numbers; absent: the rows tell */
  errors?: ReadonlyMap<number, ErrorColumn>;
  commas?: ReadonlyMap<number, Commas>;
  /** columns whose points may group thousands, so that they are left out; absent: the rows tell them */
  grouped?: ReadonlySet<number>;
};

/**
 * Names for columns: the header's words on one line, `column 3` where it has none, `#2` behind one that is used already.
 * @param header the header's cells
 */
export function columnNames(header: readonly string[]): string[] {
  const used = new Set<string>();
  // The number to try next: ten thousand columns of one name must not be counted from 2 each time.
  const next = new Map<string, number>();
  return header.map((cell, index) => {
    const base = excerpt(cell) || `column ${index + 1}`;
    let name = base;
    for (let copy = next.get(base) ?? 2; used.has(name); copy += 1) {
      name = `${base}#${copy}`;
      next.set(base, copy + 1);
    }
    used.add(name);
    return name;
  });
}
