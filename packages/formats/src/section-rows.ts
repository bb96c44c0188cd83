import { labelValue } from './labels.ts';
import type { Row, Table } from './table.ts';

/** Marks of bold letters, and a colon behind them. */
const MARKS = /^(?:\*\*|__|<b>|<strong>)|(?:\*\*|__|<\/b>|<\/strong>)?:?$/gi;

/**
 * A page's table without the rows that only name the rows below them, each of which has that name as its section:
 * `| **Batch 8** | | |`. Where all names are in bold, such a row may be one whose results are missing, and stays.
 */
export function withSections(table: Table): Table {
  const { rows } = table;
  if (!rows.some(isTitle) || !rows.some((row) => row.bold !== true && hasValues(row))) return table;
  let section: string | null = null;
  const own = rows.flatMap((row): Row[] => {
    if (!isTitle(row)) return section === null ? [row] : [{ ...row, section }];
    section = labelValue((row.cells[0] ?? '').replace(MARKS, ''));
    return [];
  });
  return { ...table, rows: own };
}

function isTitle(row: Row): boolean {
  return row.bold === true && !hasValues(row);
}

function hasValues({ cells }: Row): boolean {
  return cells.some((cell, index) => index > 0 && cell.trim() !== '');
}
