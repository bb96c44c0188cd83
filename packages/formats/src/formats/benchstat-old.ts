import type { Extract } from '../extract.ts';
import { type BenchstatCell, countsIn } from './benchstat-cell.ts';
import { type Given, groupOf } from './benchstat-given.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

/** `name  old time/op  new time/op  delta`, `name  time/op`, `name \\ time/op  a.txt  b.txt  c.txt`. */
const COMPARED = /^name {1,200}old (\S{1,60}) {1,40}new (\S{1,60}) {1,40}delta *$/;
const FILES = /^name \\ (\S{1,60}) {1,200}(\S.{0,400}?) *$/;
const ALONE = /^name {1,200}(time\/op|alloc\/op|allocs\/op|speed|\S{1,60}\/\S{1,20}) *$/;
/** Below another table of benchstat a unit may be any word. */
const ALONE_BELOW = /^name {1,200}(\S{1,60}) *$/;
/** The number, its prefix, and what it is of: `13.6ms ± 1%`, `1.20kB ±12%`, `56.4MB/s ± 2%`, `5.00k ± 0%`. */
const CELL = /(?<![\w.])(-?\d{1,25}(?:\.\d{1,15})?)([numkµμMGTP])?(s|B\/s|B)? ± {0,3}(?:-?\d{1,6}%|∞)/gu;
/** A mean of zero has no percentage, and blanks in its place. */
const ZERO = /(?<=\s)(0(?:\.0{1,4})?)([numkµμMGTP])?(s|B\/s|B)?(?= {2}| ?$)/gu;
const SOME = / ± {0,3}(?:-?\d{1,6}%|∞)/;

/** A column, with the place in the line where its cells begin. */
type Column = { name: string; from: number };
type Header = { unit: string; columns: readonly Column[] /** where the cells end and what compares them begins */; end: number };

function headerOf(line: string, alone: RegExp): Header | null {
  const [, old, now] = COMPARED.exec(line) ?? [];
  if (old !== undefined) {
    const columns = ['old', 'new'].map((name) => ({ name, from: line.indexOf(` ${name} `) + 1 }));
    return old === now ? { unit: old, columns, end: line.lastIndexOf('delta') } : null;
  }
  const end = Number.POSITIVE_INFINITY;
  const [, unit, files] = FILES.exec(line) ?? [];
  if (unit !== undefined && files !== undefined) {
    const begin = line.indexOf(files, 'name \\ '.length + unit.length);
    return { unit, columns: [...files.matchAll(/\S{1,400}/g)].map(({ 0: name, index }) => ({ name, from: begin + index })), end };
  }
  const [, only] = alone.exec(line) ?? [];
  return only === undefined ? null : { unit: only, columns: [{ name: '', from: 0 }], end };
}

/** Whether a text holds a table as benchstat printed it before 2023. */
export function isOldBenchstat(text: string): boolean {
  if (!/^name /m.test(text) || !SOME.test(text)) return false;
  const lines = text.slice(0, 100_000).split(/\r\n?|\n/);
  return lines.some((line, index) => headerOf(line, ALONE) !== null && lines.slice(index + 1, index + 40).some((row) => SOME.test(row)));
}

/** The means in a text. A row that lacks a mean is read by the places of those that it has, where they are below their headings. */
export function cellsInOldText(text: string, extract: Extract): BenchstatCell[] {
  const cells: BenchstatCell[] = [];
  let header: Header | null = null;
  let given: Given = {};
  for (const line of textLines(text)) {
    const begun: Header | null = headerOf(line.text, ALONE_BELOW);
    if (begun !== null || line.text.trim() === '') [header, given] = [begun, {}];
    else given = groupOf(line.text) ?? given;
    if (header === null || begun !== null) continue;
    const found = meansIn(line.text);
    tellMissing(extract, line, found.length);
    if (found.length === 0 || found.some(({ test }) => test === '' || test === '[Geo mean]')) continue;
    if (!line.ended) {
      warnAboutCutLine(extract, line);
      break;
    }
    cells.push(...cellsOfRow(extract, line, found, header, given));
  }
  return cells;
}

function tellMissing(extract: Extract, { line, text, ended }: TextLine, found: number): void {
  const stated = text.split(' ±').length - 1;
  if (ended && found < stated)
    extract.warnings.add(
      'means left out',
      `line ${line}: ${stated - found} of ${stated} means stand in no form that is known: they were not read`,
    );
}

type Mean = { test: string; literal: string; prefix: string; own: string | undefined; from: number; to: number };

const OWN: Readonly<Record<string, string>> = { s: 's', B: 'bytes', 'B/s': 'bytes/s' };

function meansIn(row: string): Mean[] {
  const test = row.split('  ', 1)[0]?.trim() ?? '';
  const found = [...row.matchAll(CELL), ...row.matchAll(ZERO)].sort((one, other) => one.index - other.index);
  return found.map(({ 0: all, 1: literal = '', 2: prefix = '', 3: suffix = '', index }) => ({
    test,
    literal,
    prefix,
    own: OWN[suffix],
    from: index,
    to: index + all.length,
  }));
}

function cellsOfRow(extract: Extract, { line, text }: TextLine, means: readonly Mean[], header: Header, given: Given): BenchstatCell[] {
  const columns = means.length === header.columns.length ? header.columns : columnsAt(means, header);
  if (columns === null) {
    const what = `${means.length} ${means.length === 1 ? 'mean' : 'means'} for ${header.columns.length} columns`;
    extract.warnings.add('rows of other widths', `line ${line}: ${what}: it was not read`);
    return [];
  }
  // The name of a benchmark may have a count of its own: `Sort/n=1000`.
  const counts = countsIn(text.slice(means.at(-1)?.to ?? 0));
  return means.map(({ test, literal, prefix, own }, at) => {
    const column = columns[at]?.name ?? '';
    const n = counts === null || means.length !== 2 ? null : at === 0 ? counts.base : counts.own;
    return { line, column, test, unit: header.unit, ...(own === undefined ? {} : { own }), prefix, literal, n, given, statistic: 'mean' };
  });
}

/** The columns below which means stand; null where one stands below none, or two below one. */
function columnsAt(means: readonly Mean[], { columns, end }: Header): Column[] | null {
  const found: Column[] = [];
  for (const { from, to } of means) {
    const at = columns.findIndex((column, index) => from >= column.from && to <= (columns[index + 1]?.from ?? end));
    const column = columns[at];
    if (column === undefined || found.includes(column)) return null;
    found.push(column);
  }
  return found;
}
