import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { commandLabels, failureOfCommand } from './hyperfine-labels.ts';

/** `Mean [ms]`, since version 2 `Mean Wall Time [ms]` and one for each other metric; up to 1.5 `Min…Max [ms]`. */
const HEADER = /^(Mean|Median|Min|Max|Min(?:…|\.\.\.)Max)(?: ([A-Z][A-Za-z ]{1,30}))? \[([^[\]\s]{1,8})\]$/;

const NUMBER = String.raw`\d{1,15}(?:\.\d{1,15})?`;
const MEAN = new RegExp(`^(${NUMBER})(?: ?(?:±|Â±|┬▒|\\+/-) ?(${NUMBER}))?$`);
const RANGE = new RegExp(`^(${NUMBER}) ?(?:…|\\.\\.\\.) ?(${NUMBER})$`);

/** Metrics by the words of the header; what stands here for none is kept under its words. */
const METRICS: Readonly<Record<string, FieldMeaning['metric']>> = { 'Wall Time': 'execution_time', Memory: 'peak_memory' };

/** Columns that only compare the rows with each other. */
const COMPARISONS = /^(?:Relative|Change|Factor)(?:#\d{1,3})?$/;

/** A column of results. */
type Column = { index: number; name: string; own: string; statistics: readonly [string, string]; meaning: Omit<FieldMeaning, 'statistic'> };

/** Whether a table is one of `--export-markdown`: commands, and the mean of a time whose unit stands in the header. */
export function isHyperfineTable(columns: readonly string[]): boolean {
  if (columns[0] !== 'Command') return false;
  return resultColumns(columns).some(({ name, meaning }) => name.startsWith('Mean') && meaning.metric !== 'own' && meaning.unit !== null);
}

function resultColumns(columns: readonly string[]): Column[] {
  return columns.flatMap((name, index): Column[] => {
    const match = name.length > 64 ? null : HEADER.exec(name);
    if (match === null) return [];
    const [, what = '', words = 'Wall Time', symbol = ''] = match;
    const metric = Object.hasOwn(METRICS, words) ? (METRICS[words] ?? 'own') : 'own';
    const statistics: Column['statistics'] = what.length > 6 ? ['min', 'max'] : [what.toLowerCase(), 'stddev'];
    return [{ index, name, own: words, statistics, meaning: { metric, unit: unitOfSymbol(symbol), over: 'repetitions' } }];
  });
}

/** Reads the commands of a table: one a row. */
export function readHyperfineTable(extract: Extract, { columns, rows }: Table): void {
  const results = resultColumns(columns);
  const others = columns.flatMap((name, index) =>
    index === 0 || COMPARISONS.test(name) || results.some((column) => column.index === index) ? [] : [{ index, name }],
  );
  for (const { line, cells } of rows) {
    const command = cells[0] ?? '';
    const labels = commandLabels(command, []);
    for (const { index, name } of others) {
      const key = canonicalLabel(name);
      if (!Object.hasOwn(labels, key)) addLabel(labels, key, cells[index]);
    }
    const reason = failureOfCommand(command);
    extract.records += 1;
    if (reason !== null) extract.fail({ pointer: `line ${line}`, reason: `${reason} ("${excerpt(command, 60)}")` });
    for (const column of results) readResult(extract, column, cells[column.index] ?? '', { line, labels, failed: reason !== null });
  }
}

function readResult(
  extract: Extract,
  { name, own, statistics, meaning }: Column,
  cell: string,
  { line, ...place }: { line: number; labels: Labels; failed: boolean },
): void {
  const match = cell.length > 64 ? null : (statistics[0] === 'min' && statistics[1] === 'max' ? RANGE : MEAN).exec(cell);
  const pointer = `line ${line} column ${name}`;
  if (match === null) {
    if (readCell(cell).is !== 'absent')
      extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(cell, 40)}" is no result that is known: it was not read`);
    return;
  }
  for (const [index, statistic] of statistics.entries()) {
    const literal = match[index + 1];
    if (literal !== undefined) addNumber(extract, new LiteralNumber(literal), { ...meaning, statistic }, { ...place, pointer }, own);
  }
}
