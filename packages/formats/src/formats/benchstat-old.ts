import type { Extract } from '../extract.ts';
import { type BenchstatCell, countsIn } from './benchstat-csv.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

/** `name  old time/op  new time/op  delta`, `name  time/op`, `name \\ time/op  a.txt  b.txt  c.txt`. */
const COMPARED = /^name {1,200}old (\S{1,60}) {1,40}new (\S{1,60}) {1,40}delta *$/;
const ALONE = /^name {1,200}(time\/op|alloc\/op|allocs\/op|speed|\S{1,60}\/\S{1,20}) *$/;
const FILES = /^name \\ (\S{1,60}) {1,200}(\S.{0,400}?) *$/;
/** The number, its prefix, and what it is of: `13.6ms`, `1.20kB`, `56.4MB/s`, `5.00k`. */
const CELL = /(\d{1,15}(?:\.\d{1,15})?)([numkµμMGTP])?(?:s|B\/s|B)? ± {1,3}(?:\d{1,6}%|∞)/gu;

type Header = { unit: string; columns: readonly string[] };

function headerOf(line: string): Header | null {
  const [, old, now] = COMPARED.exec(line) ?? [];
  if (old !== undefined) return old === now ? { unit: old, columns: ['old', 'new'] } : null;
  const [, unit, files] = FILES.exec(line) ?? [];
  if (unit !== undefined && files !== undefined) return { unit, columns: files.split(/ +/) };
  const [, alone] = ALONE.exec(line) ?? [];
  return alone === undefined ? null : { unit: alone, columns: [''] };
}

/** Whether a text holds a table as benchstat printed it before 2023. */
export function isOldBenchstat(text: string): boolean {
  if (!/^name /m.test(text) || !text.includes(' ± ')) return false;
  const lines = text.slice(0, 100_000).split(/\r\n?|\n/);
  return lines.some((line, index) => headerOf(line) !== null && lines.slice(index + 1, index + 40).some((row) => row.includes(' ± ')));
}

/** The means in a text. A row that lacks a column is left out: nobody knows which one. */
export function cellsInOldText(text: string, extract: Extract): BenchstatCell[] {
  const cells: BenchstatCell[] = [];
  let header: Header | null = null;
  for (const line of textLines(text)) {
    if (line.text.trim() === '') header = null;
    else header = headerOf(line.text) ?? header;
    if (header === null || !line.text.includes(' ± ')) continue;
    if (!line.ended) {
      warnAboutCutLine(extract, line);
      break;
    }
    const found = [...line.text.matchAll(CELL)];
    const test = line.text.split('  ', 1)[0]?.trim() ?? '';
    if (test === '' || test === '[Geo mean]') continue;
    if (found.length !== header.columns.length) {
      extract.warnings.add(
        'rows of other widths',
        `line ${line.line}: ${found.length} means for ${header.columns.length} columns: it was not read`,
      );
      continue;
    }
    const counts = countsIn(line.text);
    for (const [at, [, literal = '', prefix = '']] of found.entries()) {
      const n = counts === null ? null : at === 0 ? counts.base : counts.own;
      cells.push({
        line: line.line,
        column: header.columns[at] ?? '',
        test,
        unit: header.unit,
        prefix,
        literal,
        n,
        given: {},
        statistic: 'mean',
      });
    }
  }
  return cells;
}
