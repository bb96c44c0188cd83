import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Table } from '../table.ts';
import { decimalSignOf, plainDigits } from './decimal-sign.ts';
import { executionTimes } from './execution-time.ts';

const VALUE = 'Measurement_Value';
const MODE = 'Measurement_IterationMode';
const STAGE = 'Measurement_IterationStage';

export const MEASURED = { [VALUE]: { ...executionTimes('ns')('value'), note: 'an operation' } } as const satisfies FieldTable;

/** Whether columns are those of `*-measurements.csv`: one iteration a row, of any stage. */
export function isDotNetMeasurements(columns: readonly string[]): boolean {
  return [MODE, 'Measurement_Nanoseconds', 'Measurement_Operations', VALUE].every((name) => columns.includes(name));
}

/** The labels of a row, by the columns that they stand in. */
const LABELS: Readonly<Record<string, string>> = {
  Target: 'test',
  Target_Namespace: 'namespace',
  Params: 'params',
  Job_Display: 'job',
  Job_Runtime: 'runtime',
};

/** Reads the results of such a table; what was measured on the way to them is passed over. A benchmark without results is a warning. */
export function readDotNetMeasurements(extract: Extract, { columns, rows }: Table): void {
  const cellsOf = (name: string): string[] => rows.map(({ cells }) => (cells[columns.indexOf(name)] ?? '').trim());
  const [modes, stages, values] = [cellsOf(MODE), cellsOf(STAGE), cellsOf(VALUE)];
  const named = Object.entries(LABELS).map(([column, name]) => ({ name, cells: cellsOf(column) }));
  /** the line on which a benchmark begins; null where a result of it was found */
  const begun = new Map<string, number | null>();
  // Without any sign the numbers are whole.
  const sign = decimalSignOf(values) ?? (values.some((value) => value.includes(',')) ? null : '.');
  for (const [index, { line }] of rows.entries()) {
    const benchmark = JSON.stringify(named.map(({ cells }) => cells[index]));
    if (!begun.has(benchmark)) begun.set(benchmark, line);
    // Early versions have no stages.
    if (!(modes[index] === 'Result' || (modes[index] === 'Workload' && stages[index] === 'Result'))) continue;
    begun.set(benchmark, null);
    const pointer = `line ${line} column ${VALUE}`;
    const plain = plainDigits(values[index] ?? '', sign);
    if (plain === null || plain === 'ambiguous') {
      extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(values[index] ?? '', 40)}" was not read`);
      continue;
    }
    const labels: Record<string, string> = { tool: 'BenchmarkDotNet' };
    for (const { name, cells } of named)
      if (name !== 'runtime' || cells[index] !== 'Default') addLabel(labels, name, cells[index], extract);
    extract.records += 1;
    addNumber(extract, new LiteralNumber(plain.digits), MEASURED[VALUE], { labels, pointer }, VALUE);
  }
  for (const line of begun.values())
    if (line !== null)
      extract.warnings.add(
        'no results',
        `line ${line}: its benchmark has no result, only what was measured on the way to one: it was not read`,
      );
}
