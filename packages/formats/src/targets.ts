import { excerpt } from './excerpt.ts';
import type { Extract } from './extract.ts';
import { wordsOf } from './name-words.ts';
import { readCell } from './number-cell.ts';
import type { Table } from './table.ts';

/** Words of a heading under which nothing was measured … */
const AIMED_AT = /\b(?:targets?|goals?|objectives?|slos?|slas?|requirements?|thresholds?|budgets?|(?:acceptance|success) criteria)\b/;

/** … unless it, or a column, says that something was. */
const MEASURED =
  /\b(?:results?|measured|measurements?|actuals?|achieved|attained|attainment|observed|met|vs|versus|against|compliance|comparison|benchmarks?|report|status|current|today|now|latest|baseline|before|after)\b/;

/** Lines above a table that say what it holds: its innermost heading, and one that introduces it. */
const NEAREST = 2;

/** The tables of a page without those of targets, `## SLO targets`, which are told of. */
export function withoutTargets(tables: readonly Table[], { warnings }: Extract): readonly Table[] {
  return tables.filter((table) => {
    const heading = targetsAbove(table);
    if (heading === null) return true;
    const sentence = `the table at line ${table.line} stands under "${excerpt(heading, 60)}": what was aimed at is no result, and it was not read`;
    warnings.add('targets', sentence);
    return false;
  });
}

/** The words above a table of numbers that say that it holds what was aimed at, and no results; null where none do. */
function targetsAbove({ above = [], columns, rows }: Table): string | null {
  const nearest = above.slice(-NEAREST);
  const says = (pattern: RegExp, text: string): boolean => pattern.test(wordsOf(text).join(' '));
  const at = nearest.findIndex((text) => says(AIMED_AT, text));
  if (at < 0 || [...nearest.slice(at), ...columns].some((text) => says(MEASURED, text))) return null;
  return rows.some(({ cells }) => cells.some((cell) => readCell(cell).is === 'number')) ? (nearest[at] ?? null) : null;
}
