import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { benchyName, benchyTest, labelsOfTest } from './llama-benchy-markdown.ts';
import { type BenchyName, benchyMeaning } from './llama-benchy-metrics.ts';

/** What stands before `_mean` and `_std` → the column of Markdown that holds both. */
export const BENCHY_CSV: Readonly<Record<string, string>> = {
  t_s: 't/s',
  t_s_req: 't/s (req)',
  peak_ts: 'peak t/s',
  peak_ts_req: 'peak t/s (req)',
  ttfr: 'ttfr (ms)',
  est_ppt: 'est_ppt (ms)',
  e2e_ttft: 'e2e_ttft (ms)',
};

/** Whether columns are those of `--format csv`. */
export function isBenchyCsv(columns: readonly string[]): boolean {
  return ['model', 'test_name', 't_s_mean', 't_s_std', 'ttfr_mean', 'est_ppt_mean'].every((name) => columns.includes(name));
}

/** Reads the rows of a CSV table. Its columns name no unit: rates are tokens a second, times are milliseconds. */
export function readBenchyCsv(extract: Extract, { columns, rows }: Table): void {
  for (const { line, cells } of rows) {
    const cellOf = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
    const test = benchyTest(extract, cellOf('test_name'), `line ${line} column test_name`);
    if (test === null) continue;
    const labels = labelsOfTest(extract, test, cellOf('model'), 1);
    extract.records += 1;
    for (const [prefix, column] of Object.entries(BENCHY_CSV)) {
      const name = benchyName(column, test);
      const mean = { column: `${prefix}_mean`, cell: cellOf(`${prefix}_mean`) };
      if (name === null || mean.cell === '') continue;
      const place = { labels, pointer: `line ${line} column ` };
      if (Number(mean.cell) === 0) {
        const sentence = `${place.pointer}${mean.column}: 0, which is written where nothing was measured: it is absent`;
        extract.warnings.add('not measured', sentence);
        continue;
      }
      addStatistic(extract, name, 'mean', mean, test.concurrency ?? 1, place);
      addStatistic(extract, name, 'stddev', { column: `${prefix}_std`, cell: cellOf(`${prefix}_std`) }, test.concurrency ?? 1, place);
    }
  }
}

function addStatistic(
  extract: Extract,
  name: BenchyName,
  statistic: string,
  { column, cell }: { column: string; cell: string },
  concurrency: number,
  { labels, pointer }: { labels: Labels; pointer: string },
): void {
  const read = readCell(cell);
  if (read.is === 'absent') return;
  if (read.is === 'number' && read.unit === null)
    addNumber(extract, new LiteralNumber(cell), benchyMeaning(name, statistic, concurrency), { labels, pointer: pointer + column }, name);
  else {
    const sentence = `${pointer}${column}: "${excerpt(cell, 40)}" is no number: it was not read`;
    extract.warnings.add('cells that are no results', sentence);
  }
}
