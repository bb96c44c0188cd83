import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel } from '../fields.ts';
import { type BenchstatCell, countsIn, KEYS } from './benchstat-csv.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const BAR = '│';
const HEADER = /^ *│(?:[^│\r\n]{1,200}│)+ *$/u;
const GIVEN = /^([a-z][^\s:A-Z│]{0,63}):[ \t]{1,20}(\S.{0,400})$/u;
/** Percentages stand below each other by their last digit: `±  2%` beside `± 12%`. */
const CELL = /(\d{1,15}(?:\.\d{1,15})?)([numkµμMGTP]|[KMGTP]i)? ± {1,6}(?:\d{1,6}%|∞)/gu;

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
  const lines = textLines(text);
  const given: Record<string, string> = {};
  let columns: Column[] = [];
  for (const [index, line] of lines.entries()) {
    const above = GIVEN.exec(line.text);
    if (above?.[1] !== undefined && Object.keys(given).length < KEYS) addLabel(given, canonicalLabel(above[1]), above[2]);
    if (line.text.trim() === '') columns = [];
    else if (HEADER.test(line.text) && isUnits(lines[index + 1]?.text ?? '')) columns = columnsOf(line.text, lines[index + 1]?.text ?? '');
    else if (columns.length > 0 && line.text.includes(' ± ') && !HEADER.test(line.text)) {
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

function columnsOf(names: string, units: string): Column[] {
  const bars = [...names].flatMap((character, at) => (character === BAR ? [at] : []));
  const named = names.split(BAR);
  const stated = units.split(BAR);
  return bars.slice(0, -1).map((from, at) => ({
    name: (named[at + 1] ?? '').trim(),
    unit: (stated[at + 1] ?? '').trim().split(/\s/, 1)[0] ?? '',
    from,
    to: at === bars.length - 2 ? Number.POSITIVE_INFINITY : (bars[at + 1] ?? 0),
  }));
}

function cellsOfRow(row: string, columns: readonly Column[], where: { line: number; given: Record<string, string> }): BenchstatCell[] {
  const characters = [...row];
  const first = columns[0]?.from ?? 0;
  const test = characters.slice(0, first).join('').trim();
  if (test === '' || test === 'geomean') return [];
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
