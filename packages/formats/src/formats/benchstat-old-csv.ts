import type { Extract } from '../extract.ts';
import { type BenchstatCell, countsIn } from './benchstat-cell.ts';
import { splitCsv } from './benchstat-csv.ts';
import { type Given, groupOf } from './benchstat-given.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

/** `name,time/op (ns/op),±`, `name,old time/op (ns/op),±,new time/op (ns/op),±,delta,±`, `name \\ time/op (ns/op),a.txt,±,b.txt,±`; `±` may lack. */
const HEADER = /^name(?: \\ |,(?:old )?)(\S{1,60}) \(([^\s,]{1,60})\)(?:,.{0,2000})?$/;
const CAPTION = /^(?:name \\ |(old|new) )?(\S{1,60}) \((\S{1,60})\)$/;
const NUMBER = /^-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/;
/** What it calls units of Go, also behind a word and a hyphen; another unit is its own name. */
const METRICS: Readonly<Record<string, string>> = { 'ns/op': 'time/op', 'ns/GC': 'time/GC', 'B/op': 'alloc/op', 'MB/s': 'speed' };

function isHeader(line: string): boolean {
  const [, metric = '', unit = ''] = HEADER.exec(line) ?? [];
  const [, word = '', base = ''] = /^(.{1,60}-)?(ns\/op|ns\/GC|B\/op|MB\/s)$/.exec(unit) ?? [];
  return metric !== '' && metric === (base === '' ? unit : `${word}${METRICS[base] ?? ''}`);
}

/** The units under their names here. */
const UNITS: Readonly<Record<string, string>> = { 'ns/op': 'ns', 'B/op': 'bytes' };

/** Whether a text is CSV as benchstat wrote it before 2023. */
export function isOldBenchstatCsv(text: string): boolean {
  const head = text.slice(0, 20_000);
  return /^name(?: \\ |,)/m.test(head) && head.split(/\r\n?|\n/).some(isHeader);
}

type Column = { name: string /** `time/op` */; metric: string /** `ns/op`, which its numbers are in */; unit: string; index: number };

/** The means of such a file. */
export function cellsInOldCsv(text: string, extract: Extract): BenchstatCell[] {
  const cells: BenchstatCell[] = [];
  let columns: Column[] = [];
  let given: Given = {};
  for (const line of textLines(text)) {
    const row = splitCsv(line.text.trimEnd());
    if (isHeader(line.text)) [columns, given] = [columnsOf(row), {}];
    else if (line.text.trim() === '') columns = [];
    else if (row.length === 1) given = groupOf(line.text) ?? given;
    else if (columns.length > 0 && row[0] !== '[Geo mean]') {
      if (!line.ended) {
        warnAboutCutLine(extract, line);
        break;
      }
      // The name of a benchmark may have a count of its own: `Sort/n=1000`.
      const counts = columns.length === 2 ? countsIn(row.slice((columns.at(-1)?.index ?? 0) + 1).join(' ')) : null;
      for (const [at, { name, metric, unit, index }] of columns.entries()) {
        const literal = row[index] ?? '';
        const n = counts === null ? null : at === 0 ? counts.base : counts.own;
        const cell = {
          line: line.line,
          column: name,
          test: row[0] ?? '',
          unit: metric,
          ...(unit === metric ? {} : { own: UNITS[unit] ?? unit }),
          prefix: '',
          literal,
          n,
          given,
        };
        if (NUMBER.test(literal)) cells.push({ ...cell, statistic: 'mean' });
      }
    }
  }
  return cells;
}

function columnsOf(row: readonly string[]): Column[] {
  const captions = row.map((cell) => CAPTION.exec(cell));
  const [, , metric = '', unit = ''] = captions[0] ?? captions[1] ?? [];
  return row.flatMap((cell, index): Column[] => {
    if (index === 0 || cell === '±' || cell === 'delta') return [];
    // Three files and more are named in the heading, what they are of in its first cell alone.
    return captions[0] === null ? [{ name: captions[index]?.[1] ?? '', metric, unit, index }] : [{ name: cell, metric, unit, index }];
  });
}
