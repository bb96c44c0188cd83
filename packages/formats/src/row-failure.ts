import { type ErrorColumn, errorColumnOf, errorsBeside, readQuantity, saysCode, tellsOfErrors } from './error-column.ts';
import { excerpt } from './excerpt.ts';
import { ABSENT, flagReason, isBound, isCountText, type Mark, markOf, saysError, saysFailed, succeeded } from './marks.ts';

/** The columns of a table that say whether a row succeeded. */
export type MarkColumns = readonly {
  index: number;
  name: string;
  mark: Mark;
  /** of a column of successes: whether 0, 1 and single letters in it are answers */
  digits: boolean;
  /** of a column of errors: what it holds; null where its rows are not known */
  errors: ErrorColumn | null;
}[];

/** Names under which tables say in words how a row ended; in JSON they name what holds the results. */
const IN_TABLES: ReadonlyMap<string, Mark> = new Map([
  ['result', 'state'],
  ['pass/fail', 'state'],
  ['passfail', 'state'],
  ['verdict', 'state'],
]);

function markOfColumn(name: string): Mark | undefined {
  return markOf(name) ?? IN_TABLES.get(name.trim().toLowerCase());
}

/**
 * Finds the columns that mark failed rows. A column of successes that holds numbers other than 0 and 1 counts them, and is
 * no mark; where it holds nothing but yes and no, 0 and 1 and single letters are answers too.
 * @param columns the header's names
 * @param rows those below it; without them 0, 1 and single letters are no answers, and numbers no errors
 * @param known what columns of errors hold, where that is decided already
 */
export function markColumns(
  columns: readonly string[],
  rows: readonly { cells: readonly string[] }[] = [],
  known?: ReadonlyMap<number, ErrorColumn>,
): MarkColumns {
  return columns.flatMap((name, index): MarkColumns => {
    const mark = markOfColumn(name);
    if (mark === undefined) return [];
    if (mark !== 'success') {
      const errors = mark === 'message' && rows.length > 0 ? (known?.get(index) ?? errorsIn(columns, rows, index)) : null;
      return [{ index, name, mark, digits: false, errors }];
    }
    let digits = rows.length > 0;
    for (const { cells } of rows) {
      const cell = (cells[index] ?? '').trim();
      if (cell.length <= 4 && ABSENT.includes(cell.toLowerCase())) continue;
      if (succeeded(cell, true) !== null) continue;
      if (isCountText(cell)) return [];
      digits = false;
    }
    return [{ index, name, mark, digits, errors: null }];
  });
}

function errorsIn(columns: readonly string[], rows: readonly { cells: readonly string[] }[], index: number): ErrorColumn {
  const cellOf = (row: number, column: number): string => rows[row]?.cells[column] ?? '';
  const own = errorColumnOf(rows.map(({ cells }) => cells[index] ?? ''));
  return errorsBeside(own, index, { names: new Map(columns.entries()), count: rows.length, cellOf });
}

/** The columns of errors that hold no measurements, whatever stands in them. */
export function tellingColumns(columns: MarkColumns): Set<number> {
  return new Set(columns.flatMap(({ index, errors }) => (errors !== null && tellsOfErrors(errors) ? [index] : [])));
}

/**
 * Why a row of a table failed by its own words, or null. A number under `error` is an error rate, and no mark, unless the column
 * tells of failures.
 * @param cells as many as the header has
 */
export function failureOfRow(cells: readonly string[], columns: MarkColumns): string | null {
  let flag: string | null = null;
  for (const { index, name, mark, digits, errors } of columns) {
    const cell = (cells[index] ?? '').trim();
    if (mark === 'message' || mark === 'messages') {
      if (isMessage(cell, errors)) return excerpt(cell);
      if (saysCode(cell, errors)) flag ??= flagReason(excerpt(name.toLowerCase(), 40), cell, mark);
      continue;
    }
    const failed = mark === 'success' ? succeeded(cell, digits) === false : saysFailed(cell, mark) === true;
    if (!failed) continue;
    const shown = mark === 'status' || mark === 'state' ? cell : cell.toLowerCase();
    flag ??= flagReason(excerpt(name.toLowerCase(), 40), shown, mark);
  }
  return flag;
}

/** Whether a cell under `error` is a message. Where the column is one of numbers, `0.4 ms` is the bound of a measurement. */
function isMessage(cell: string, errors: ErrorColumn | null): boolean {
  if (!saysError(cell) || isCountText(cell) || isBound(cell)) return false;
  const { is } = readQuantity(cell);
  return errors !== 'numbers' || (is !== 'number' && is !== 'absent');
}
