import type { Extract } from '../extract.ts';
import { type BenchstatCell, columnName, countsIn } from './benchstat-cell.ts';
import { type Given, takesGiven } from './benchstat-given.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const BAR = '│';
const HEADER = /^ *│(?:[^│\r\n]{1,2000}│)+ *$/u;
/** Percentages stand below each other by their last digit: `±  2%` beside `± 12%`. */
const CELL = /(?<![\w.])(-?\d{1,25}(?:\.\d{1,15})?)([numkµμMGTP]|[KMGTP]i)? ± {1,6}(?:\d{1,6}%|∞)/gu;

/** Whether a text holds a table of benchstat: two rows between bars, the second of them with units, and a median below. */
export function isBenchstatText(text: string): boolean {
  if (!text.includes(BAR) || !text.includes('±')) return false;
  const lines = text.slice(0, 100_000).split(/\r\n?|\n/);
  return lines.some(
    (line, index) =>
      HEADER.test(line) && isUnits(lines[index + 1] ?? '') && lines.slice(index + 2, index + 40).some((row) => row.includes(' ± ')),
  );
}

function isUnits(line: string): boolean {
  if (!HEADER.test(line)) return false;
  const [, ...parts] = line.split(BAR);
  return parts.slice(0, -1).every((part) => /^\S{1,60}(?: +vs base)?$/.test(part.trim())) && /\bsec\/op\b|\/op\b|B\/s\b|\S/.test(line);
}

type Column = { name: string; unit: string /** characters of the line between which its cells stand */; from: number; to: number };

/** The medians in a text, by the bars above them. */
export function cellsInText(text: string, extract: Extract): BenchstatCell[] {
  const cells: BenchstatCell[] = [];
  const given: Given = {};
  let columns: Column[] = [];
  /** the lines between bars so far: the last of them has the units, those above it the names */
  let header: string[] = [];
  for (const line of textLines(text)) {
    takesGiven(given, line.text);
    if (HEADER.test(line.text)) {
      header.push(line.text);
      continue;
    }
    if (header.length > 0) [columns, header] = [columnsOf(header), []];
    if (line.text.trim() === '') columns = [];
    else if (columns.length > 0 && line.text.includes(' ± ')) {
      if (!line.ended) {
        warnAboutCutLine(extract, line);
        break;
      }
      const found = cellsOfRow(line.text, columns, { line: line.line, given: { ...given } });
      cells.push(...found);
      tellMissing(extract, line, found.length);
    }
  }
  return cells;
}

function tellMissing(extract: Extract, { line, text }: TextLine, found: number): void {
  const medians = text.split(' ± ').length - 1;
  if (found >= medians) return;
  const left = `line ${line}: ${medians - found} of ${medians} medians stand between no two bars, or in no form that is known`;
  extract.warnings.add('medians left out', `${left}: they were not read`);
}

/** More things than anybody tells columns apart by. */
const HEADER_LINES = 20;

/** @param header lines of names, of which one may stand over several columns, and the line of units below them */
function columnsOf(header: readonly string[]): Column[] {
  const names = header.slice(0, -1);
  const units = header.at(-1) ?? '';
  if (names.length === 0 || header.length > HEADER_LINES || !isUnits(units)) return [];
  const bars = barsIn(units);
  const stated = units.split(BAR);
  const above = names.map(namesOver);
  return bars.slice(0, -1).map((from, at) => ({
    name: columnName(above.map((nameAt) => nameAt(from))),
    unit: (stated[at + 1] ?? '').trim().split(/\s/, 1)[0] ?? '',
    from,
    to: at === bars.length - 2 ? Number.POSITIVE_INFINITY : (bars[at + 1] ?? 0),
  }));
}

/** What stands over the places of a line, asked from left to right. */
function namesOver(line: string): (place: number) => string {
  const bars = barsIn(line);
  const words = line.split(BAR);
  let passed = 0;
  return (place) => {
    while ((bars[passed] ?? Number.POSITIVE_INFINITY) <= place) passed += 1;
    return (words[passed] ?? '').trim();
  };
}

function barsIn(line: string): number[] {
  return [...line].flatMap((character, at) => (character === BAR ? [at] : []));
}

function cellsOfRow(row: string, columns: readonly Column[], where: { line: number; given: Record<string, string> }): BenchstatCell[] {
  const characters = [...row];
  const first = columns[0]?.from ?? 0;
  const test = characters.slice(0, first).join('').trim();
  if (test === '' || test === 'geomean') return [];
  // Below a bar nothing stands, save in a table that is shifted: there a number would be read from its middle on.
  if (columns.some(({ from }) => (characters[from] ?? ' ') !== ' ')) return [];
  const parts = columns.map(({ from, to }) => characters.slice(from, to).join(''));
  const counts = parts.map((part) => countsIn(part));
  const base = counts.find((one) => one !== null)?.base ?? null;
  return columns.flatMap(({ name, unit }, at): BenchstatCell[] => {
    const found = [...(parts[at] ?? '').matchAll(CELL)];
    const [, literal, prefix = ''] = found[0] ?? [];
    // Two medians between two bars are a table that is shifted: nobody knows which is whose.
    if (literal === undefined || found.length > 1) return [];
    const n = at === 0 ? base : (counts[at]?.own ?? null);
    return [{ ...where, column: name, test, unit, prefix, literal, n }];
  });
}
