import { mayBeDimension } from './dimensions.ts';
import { wordsOf } from './name-words.ts';
import { readCell } from './number-cell.ts';
import { statisticFromName } from './statistic-from-name.ts';
import type { Row, Table } from './table.ts';

/** Words that make a row one of all rows above it, and none of the last name. */
const OF_ALL = new Set(
  'total totals subtotal sum overall all average avg mean median geomean gmean geometric harmonic combined aggregate'.split(' '),
);

/** Marks of a column that says of some rows that something holds: an empty cell says that it does not. */
const FLAG = /^(?:x|y|n|yes|no|true|false|on|off|enabled|disabled|new|best|[^\p{L}\p{N}]+)$/iu;

/**
 * A page's table whose first column names groups of rows in the first of them: an empty cell there means the name above it.
 * Not where the row says that it is of all, nor below a row of nothing, nor where the column holds numbers, marks or remarks.
 */
export function withMergedCells(table: Table): Table {
  const { columns, rows } = table;
  const cells = rows.map(({ cells }) => (cells[0] ?? '').trim());
  const named = mayBeDimension(columns[0] ?? '') && cells[0] !== '';
  if (!named || !cells.includes('') || cells.some((cell) => cell !== '' && readCell(cell).is !== 'text')) return table;
  if (areFlags(cells)) return table;
  let group: readonly string[] = [];
  const filled = rows.map((row): Row => {
    const [first = '', ...others] = row.cells;
    const isEmpty = row.cells.every((cell) => cell.trim() === '');
    if (isEmpty || first.trim() !== '') group = isEmpty ? [] : row.cells;
    const [name = ''] = group;
    return first.trim() !== '' || isOfAll(others, group.slice(1)) ? row : { ...row, cells: [name, ...others] };
  });
  return { ...table, rows: filled };
}

/** Whether there are no names but marks. Several single letters are names. */
function areFlags(cells: readonly string[]): boolean {
  const names = new Set(cells.filter((cell) => cell !== ''));
  return [...names].every((cell) => FLAG.test(cell)) && !(names.size > 1 && [...names].every((cell) => cell.length === 1));
}

/**
 * Whether a row says that it is of all. Its statistic says nothing of that where the group's first row has one in the same place.
 * @param cells without the first
 * @param ofGroup of its first row
 */
function isOfAll(cells: readonly string[], ofGroup: readonly string[]): boolean {
  return cells.some((cell, index) => {
    if (readCell(cell).is !== 'text' || statisticFromName(ofGroup[index] ?? '') !== 'value') return false;
    return statisticFromName(cell) !== 'value' || wordsOf(cell).some((word) => OF_ALL.has(word));
  });
}
