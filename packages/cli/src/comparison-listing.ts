import { counted } from '@chimera/shared/domain';
import { type Comparison, NONE, type Row, VERDICT_ORDER } from './comparison.ts';
import { cut, visible } from './visible.ts';

/** Rows that are shown of each verdict, and configurations of those that one side alone has; what got worse is shown whole. */
const MOST = 40;
const COLUMNS = ['VERDICT', 'METRIC', 'CONFIGURATION', 'BEFORE', 'AFTER', 'CHANGE', '95 % INTERVAL', 'FILE'] as const;
/** Characters of a cell, by column; a column in which nothing is told is left out. A value is never cut: half a number is another one. */
const ALL = Number.POSITIVE_INFINITY;
const WIDEST = [ALL, ALL, 72, ALL, ALL, ALL, ALL, 72] as const;

/** A comparison as a terminal shows it, line by line, without line ends. */
export function* comparisonListing(comparison: Comparison): Generator<string> {
  const { sum, common, rows, added, gone, lost, caveats, legend, of, to } = comparison;
  yield visible(sum);
  if (rows.length > 0) {
    yield '';
    if (common !== '') yield `In all: ${visible(common)}`;
    yield* table(rows);
  }
  for (const [names, what] of [
    [added, `New in ${of}`],
    [gone, `Gone since ${to}`],
    [lost, `No longer stated since ${to}`],
  ] as const)
    yield* list(names, what);
  if (caveats.length > 0) yield* list(caveats, 'Beware');
  if (rows.length === 0) return;
  yield '';
  for (const line of legend) yield line;
}

function* table(rows: readonly Row[]): Generator<string> {
  const shown = VERDICT_ORDER.flatMap((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    return verdict === 'worse' ? own : own.slice(0, MOST);
  });
  const cells = shown.map(cellsOf);
  const widths = COLUMNS.map((title, i) => cells.reduce((widest, row) => Math.max(widest, row[i]?.length ?? 0), title.length));
  const line = (row: readonly string[]) =>
    row
      .flatMap((cell, i) => (cells.every((other) => other[i] === NONE) ? [] : [cell.padEnd(widths[i] ?? 0)]))
      .join('  ')
      .trimEnd();
  yield line(COLUMNS);
  for (const row of cells) yield line(row);
  if (shown.length < rows.length) yield `… and ${counted(rows.length - shown.length, 'further row')}; --markdown and --json give them all`;
}

function cellsOf({ told, metric, configuration, before, after, change, interval, file }: Row): string[] {
  return [told, metric, configuration, before, after, change, interval, file].map((cell, i) => cut(cell, WIDEST[i] ?? ALL));
}

function* list(names: readonly string[], what: string): Generator<string> {
  if (names.length === 0) return;
  yield '';
  yield `${visible(what)}:`;
  for (const name of names.slice(0, MOST)) yield `  ${visible(name)}`;
  if (names.length > MOST) yield `  … and ${names.length - MOST} more; --markdown and --json give them all`;
}
