import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { commandLabels, failureOfCommand } from './hyperfine-labels.ts';
import { RESULT_FIELDS, RUN_FIELDS, STATISTICS } from './hyperfine-metrics.ts';

const PARAMETER = 'parameter_';

/** Counts may be written in thousands, millions and billions, by letters that mean something else elsewhere. */
const COUNTS: Readonly<Record<string, string | null>> = { count: null, k: 'thousands', M: 'millions', B: 'billions' };

/** Whether columns are those of `--export-csv`, of any version: the median came with 1.6, units with 2. */
export function isHyperfineCsv(columns: readonly string[]): boolean {
  if (columns[0] !== 'command') return false;
  const has = (...names: string[]): boolean => names.every((name) => columns.includes(name));
  return has('mean', 'stddev', 'user', 'system', 'min', 'max') || columns.some((name) => isMetricOf(columns, name));
}

/** Whether a column is the unit of a metric of version 2 that has its statistics beside it. */
function isMetricOf(columns: readonly string[], name: string): boolean {
  const metric = name.endsWith('_unit') ? name.slice(0, -'_unit'.length) : '';
  return Object.hasOwn(RUN_FIELDS, metric) && ['mean', 'stddev', 'median'].every((statistic) => columns.includes(`${metric}_${statistic}`));
}

/** Reads the commands of a table of `--export-csv`: one a row. */
export function readHyperfineCsv(extract: Extract, { columns, rows }: Table): void {
  for (const [index, { line, cells }] of rows.entries()) {
    // The reader of CSV empties a last cell that may be cut: without it nobody knows which command it was.
    if (index === rows.length - 1 && columns.at(-1)?.startsWith(PARAMETER) === true && cells.at(-1) === '') {
      extract.warnings.add('last line', `line ${line} has no value for ${columns.at(-1)}: it was not read`);
      extract.warnings.endsInside();
      break;
    }
    const command = cells[0] ?? '';
    const parameters = columns.flatMap((column, index): [string, string][] =>
      column.startsWith(PARAMETER) ? [[column.slice(PARAMETER.length), cells[index] ?? '']] : [],
    );
    const labels = commandLabels(command, parameters);
    const reason = failureOfCommand(command);
    extract.records += 1;
    if (reason !== null) extract.fail({ pointer: `line ${line}`, reason: `${reason} ("${excerpt(command, 60)}")` });
    readRow(extract, columns, { line, cells }, { labels, failed: reason !== null });
  }
}

function readRow(extract: Extract, columns: readonly string[], { line, cells }: Row, place: { labels: Labels; failed: boolean }): void {
  const table: FieldTable = { ...RESULT_FIELDS, ...metricFields(columns, cells) };
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (!Object.hasOwn(table, column) || cell.trim() === '') continue;
    const meaning = table[column];
    const read = readCell(cell);
    if (read.is !== 'number' || read.unit !== null || meaning === undefined) {
      extract.warnings.add(
        'cells that are no numbers',
        `line ${line} column ${column}: "${excerpt(cell, 40)}" is no number: it was not read`,
      );
      continue;
    }
    if (meaning.metric === 'peak_memory' && read.value === 0) continue;
    addNumber(extract, new LiteralNumber(cell.trim()), meaning, { ...place, pointer: `line ${line} column ${column}` }, column);
  }
}

/** The columns of version 2, with the units that stand in the row. */
function metricFields(columns: readonly string[], cells: readonly string[]): FieldTable {
  const table: Record<string, FieldMeaning> = {};
  for (const [metric, meaning] of Object.entries(RUN_FIELDS)) {
    const at = columns.indexOf(`${metric}_unit`);
    if (at < 0) continue;
    const symbol = (cells[at] ?? '').trim();
    const unit = meaning.unit === null ? (COUNTS[symbol] ?? null) : unitOfSymbol(symbol);
    for (const statistic of STATISTICS) table[`${metric}_${statistic}`] = { ...meaning, statistic, unit };
  }
  return table;
}
