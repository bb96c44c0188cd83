import { excerpt } from './excerpt.ts';
import { ABSENT, flagReason, isCountText, type Mark, markOf, saysError, saysFailed, succeeded } from './marks.ts';

/** The columns of a table that say whether a row succeeded. */
export type MarkColumns = readonly {
  index: number;
  name: string;
  mark: Mark;
  /** of a column of successes: whether 0, 1 and single letters in it are answers */
  digits: boolean;
}[];

/**
 * Finds the columns that mark failed rows. A column of successes that holds numbers other than 0 and 1 counts them, and is
 * no mark; where it holds nothing but yes and no, 0 and 1 and single letters are answers too.
 * @param columns the header's names
 * @param rows those below it; without them 0, 1 and single letters are no answers
 */
export function markColumns(columns: readonly string[], rows: readonly { cells: readonly string[] }[] = []): MarkColumns {
  return columns.flatMap((name, index): MarkColumns => {
    const mark = markOf(name);
    if (mark === undefined) return [];
    if (mark !== 'success') return [{ index, name, mark, digits: false }];
    let digits = rows.length > 0;
    for (const { cells } of rows) {
      const cell = (cells[index] ?? '').trim();
      if (cell.length <= 4 && ABSENT.includes(cell.toLowerCase())) continue;
      if (succeeded(cell, true) !== null) continue;
      if (isCountText(cell)) return [];
      digits = false;
    }
    return [{ index, name, mark, digits }];
  });
}

/** `± 0.4 ms`: where measurements stand, an error is the bound of one. */
const BOUND = /^(?:±|\+\/-)\s?\d[\d.,]{0,30}(?:\s?[\p{L}%/]{1,12})?$/u;

/**
 * Why a row of a table failed by its own words, or null. A number under `error` is an error rate, and no mark.
 * @param cells as many as the header has
 */
export function failureOfRow(cells: readonly string[], columns: MarkColumns): string | null {
  let flag: string | null = null;
  for (const { index, name, mark, digits } of columns) {
    const cell = (cells[index] ?? '').trim();
    if (mark === 'message' || mark === 'messages') {
      if (saysError(cell) && !isCountText(cell) && !BOUND.test(cell)) return excerpt(cell);
      continue;
    }
    const failed = mark === 'success' ? succeeded(cell, digits) === false : saysFailed(cell, mark) === true;
    if (!failed) continue;
    const shown = mark === 'status' || mark === 'state' ? cell : cell.toLowerCase();
    flag ??= flagReason(excerpt(name.toLowerCase(), 40), shown, mark);
  }
  return flag;
}
