import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { isPytestConsole, type PytestRow, rowsInPytest } from './pytest-benchmark-rows.ts';

export { isPytestConsole };

const TIMES: Readonly<Record<string, string>> = { Min: 'min', Max: 'max', Mean: 'mean', StdDev: 'stddev', Median: 'median' };
/** A thousand operations a second are one a millisecond. */
const RATES: Readonly<Record<string, string>> = { '': '1/s', K: 'ops/ms', M: 'ops/us' };

/** Reads the tables that pytest prints when the tests have run, or `pytest-benchmark compare`. */
export function readPytestConsole(extract: Extract, text: string): void {
  for (const row of rowsInPytest(text, extract)) readRow(extract, row);
}

function readRow(extract: Extract, row: PytestRow): void {
  const labels: Record<string, string> = { tool: 'pytest-benchmark' };
  addLabel(labels, 'test', row.name, extract);
  addLabel(labels, 'group', row.group, extract);
  addLabel(labels, 'source', row.source, extract);
  extract.records += 1;
  if (row.failed) extract.fail({ pointer: `line ${row.line}`, reason: `the test failed ("${excerpt(row.name, 60)}")` });
  const rounds = row.cells.find(({ column }) => column === 'Rounds')?.text.replaceAll(',', '');
  const n = rounds === undefined ? null : Number(rounds);
  for (const { column, text } of row.cells) {
    const meaning = meaningOf(column, row.unit);
    const pointer = `line ${row.line} column ${column}`;
    if (meaning === null) continue;
    if (/\d/.test(text))
      addNumber(
        extract,
        new LiteralNumber(text.replaceAll(',', '')),
        meaning,
        { labels, pointer, n: meaning.over === 'runs' ? null : n, failed: row.failed },
        column,
      );
  }
}

/** What a column means; null where it is not read: counts, and the interquartile range. */
function meaningOf(column: string, unit: string): FieldMeaning | null {
  const statistic = Object.hasOwn(TIMES, column) ? TIMES[column] : undefined;
  if (statistic !== undefined) return { metric: 'execution_time', statistic, unit, over: 'repetitions' };
  const [, prefix] = /^OPS(?: \(([KM]?)ops\/s\))?$/.exec(column) ?? [null, null];
  if (prefix === null) return null;
  return { metric: 'operation_throughput', statistic: 'value', unit: RATES[prefix ?? ''] ?? null, over: 'runs' };
}
