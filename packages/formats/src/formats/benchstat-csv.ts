import type { Extract } from '../extract.ts';
import { type BenchstatCell, columnName, countsIn } from './benchstat-cell.ts';
import { type Given, takesGiven } from './benchstat-given.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

/** A row of units below a row of columns. */
const UNITS = /^,[^,\r\n]{1,60},CI(?:,[^,\r\n]{1,60},CI(?:,vs base,P)?){0,50}[ \t]*$/;
const SOME = /(?:^|\n),[^\n]{1,2000}\r?\n,[^,\r\n]{1,60},CI(?:,|\r?\n)/;

/** Whether a text is the CSV of benchstat. */
export function isBenchstatCsv(text: string): boolean {
  return SOME.test(text.slice(0, 20_000));
}

const NUMBER = /^-?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/;

type Column = { name: string; unit: string; index: number /** where `n=10` stands, if it is compared */; p: number | null };

/** The cells of the CSV. */
export function cellsInCsv(text: string, extract: Extract): BenchstatCell[] {
  const cells: BenchstatCell[] = [];
  const given: Given = {};
  let columns: Column[] = [];
  let names: string[][] = [];
  for (const line of textLines(text)) {
    const row = splitCsv(line.text.trimEnd());
    if (UNITS.test(line.text)) {
      columns = columnsOf(names, row);
      names = [];
    } else if (line.text.startsWith(',')) names.push(row);
    else if (row.length < 2) {
      // A value with a comma stands in quotes.
      takesGiven(given, row[0] ?? '');
      if (line.text.trim() === '') columns = [];
      names = [];
    } else if (columns.length > 0 && row[0] !== 'geomean') {
      if (!line.ended) {
        warnAboutCutLine(extract, line);
        break;
      }
      cells.push(...cellsOfRow(row, columns, { line: line.line, given: { ...given } }));
    }
  }
  return cells;
}

/** @param names the rows above that of the units: one, or one for each thing that columns are told apart by */
function columnsOf(names: readonly (readonly string[])[], units: readonly string[]): Column[] {
  const found: Column[] = [];
  for (const [index, unit] of units.entries()) {
    if (index === 0 || units[index + 1] !== 'CI') continue;
    // The first column has no comparison behind it: the second begins two cells on, every other one four.
    const compared = units[index + 2] === 'vs base' ? index + 3 : null;
    found.push({ name: columnName(names.map((row) => row[index] ?? '')), unit, index, p: compared });
  }
  return found;
}

function cellsOfRow(
  row: readonly string[],
  columns: readonly Column[],
  where: { line: number; given: Record<string, string> },
): BenchstatCell[] {
  const counts = columns.map(({ p }) => (p === null ? null : countsIn(row[p] ?? '')));
  const base = counts.find((one) => one !== null)?.base ?? null;
  return columns.flatMap(({ name, unit, index }, at): BenchstatCell[] => {
    const literal = row[index] ?? '';
    if (!NUMBER.test(literal)) return [];
    const n = at === 0 ? base : (counts[at]?.own ?? null);
    return [{ ...where, column: name, test: row[0] ?? '', unit, prefix: '', literal, n }];
  });
}

/** The cells of a line, with quotes around those that hold commas. */
export function splitCsv(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quoted && character === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
