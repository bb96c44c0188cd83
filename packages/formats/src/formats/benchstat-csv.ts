import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel } from '../fields.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

/** A median, or mean, of one benchmark in one column. */
export type BenchstatCell = {
  line: number;
  column: string;
  test: string;
  unit: string;
  /** `µ`, `Ki`, or nothing */
  prefix: string;
  literal: string;
  n: number | null;
  /** `goos: linux` and the like, above */
  given: Readonly<Record<string, string>>;
  /** what it is, where it is no median: versions before 2023 printed means */
  statistic?: 'mean' | 'median';
};

/** Lines `key: value` that are labels: more than anybody sets. */
export const KEYS = 64;

/** A row of units below a row of columns. */
const UNITS = /^,[^,\r\n]{1,60},CI(?:,[^,\r\n]{1,60},CI(?:,vs base,P)?){0,50}[ \t]*$/;
const SOME = /(?:^|\n),[^\n]{1,2000}\r?\n,[^,\r\n]{1,60},CI(?:,|\r?\n)/;

/** Whether a text is the CSV of benchstat. */
export function isBenchstatCsv(text: string): boolean {
  return SOME.test(text.slice(0, 20_000));
}

const GIVEN = /^([a-z][^\s:A-Z,]{0,63}):[ \t]{1,20}(\S.{0,400})$/;
const NUMBER = /^-?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/;

type Column = { name: string; unit: string; index: number /** where `n=10` stands, if it is compared */; p: number | null };

/** The cells of the CSV. */
export function cellsInCsv(text: string, extract: Extract): BenchstatCell[] {
  const cells: BenchstatCell[] = [];
  const lines = textLines(text);
  const given: Record<string, string> = {};
  let columns: Column[] = [];
  for (const [index, line] of lines.entries()) {
    const row = splitCsv(line.text.trimEnd());
    const above = GIVEN.exec(line.text);
    if (above?.[1] !== undefined && Object.keys(given).length < KEYS) addLabel(given, canonicalLabel(above[1]), above[2]);
    if (UNITS.test(line.text)) columns = columnsOf(splitCsv(lines[index - 1]?.text.trimEnd() ?? ''), row);
    else if (line.text.startsWith(',') || row.length < 2) columns = line.text.trim() === '' ? [] : columns;
    else if (columns.length > 0 && row[0] !== 'geomean' && above === null) {
      if (!line.ended) {
        warnAboutCutLine(extract, line);
        break;
      }
      cells.push(...cellsOfRow(row, columns, { line: line.line, given: { ...given } }));
    }
  }
  return cells;
}

function columnsOf(names: readonly string[], units: readonly string[]): Column[] {
  const found: Column[] = [];
  for (const [index, unit] of units.entries()) {
    if (index === 0 || units[index + 1] !== 'CI') continue;
    // The first column has no comparison behind it: the second begins two cells on, every other one four.
    const compared = units[index + 2] === 'vs base' ? index + 3 : null;
    found.push({ name: names[index] ?? '', unit, index, p: compared });
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

/** `p=0.000 n=10`, or `n=10+9` where the two sides differ. */
export function countsIn(text: string): { base: number; own: number } | null {
  const [, first, second] = /\bn=(\d{1,9})(?:\+(\d{1,9}))?/.exec(text) ?? [];
  return first === undefined ? null : { base: Number(first), own: Number(second ?? first) };
}

/** The cells of a line, with quotes around those that hold commas. */
function splitCsv(line: string): string[] {
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
