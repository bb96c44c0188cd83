import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Row, Table } from '../table.ts';
import { type DecimalSign, decimalSignOf, plainDigits } from './decimal-sign.ts';
import { executionTimes } from './execution-time.ts';

const time = executionTimes('ns');
const ofUnit = (statistic: string): FieldMeaning => ({ ...time(statistic), unit: 'as its cell or its heading says' });

/** The columns of a report that are read; those before the mean are labels. */
export const REPORT_FIELDS: FieldTable = {
  Mean: ofUnit('mean'),
  Error: { ...ofUnit('error'), metric: 'own', note: 'half of a confidence interval of 99.9 %' },
  StdDev: ofUnit('stddev'),
  StdErr: ofUnit('stderr'),
  Median: ofUnit('median'),
  Min: ofUnit('min'),
  Max: ofUnit('max'),
  Allocated: { metric: 'own', statistic: 'value', unit: 'as its cell says', note: 'an operation; its KB are of 1024 bytes' },
};

/** BenchmarkDotNet counts sizes by 1024, whatever its letters say. */
const UNITS: Readonly<Record<string, string>> = {
  ...{ ns: 'ns', us: 'us', '\u03bcs': 'us', '\u00b5s': 'us', ms: 'ms', s: 's' },
  ...{ B: 'bytes', KB: 'KiB', MB: 'MiB', GB: 'GiB', TB: 'TiB' },
};
const HEADING = /^(.{1,40}?)(?: \[(\S{1,4})\])?$/u;
/** Digits with signs between them, and a unit. */
const CELL = /^(\d(?:[\d.,\u00a0\u202f ]{0,40}\d)?)(?:\s?(\p{L}{1,2}))?$/u;

type Column = { name: string; unit: string | null };

function columnsOf(columns: readonly string[]): Column[] {
  return columns.map((column) => {
    const [, name = column, unit] = HEADING.exec(column.trim()) ?? [];
    return { name, unit: unit === undefined ? null : (UNITS[unit] ?? null) };
  });
}

/** Whether a table is that of a report: `Method`, settings, `Mean`, `Error`, `StdDev`. Where no benchmark completed it has no deviation. */
export function isDotNetReport({ columns, rows }: Pick<Table, 'columns' | 'rows'>): boolean {
  const names = columnsOf(columns).map(({ name }) => name);
  const [method, mean] = [names.indexOf('Method'), names.indexOf('Mean')];
  if (method < 0 || method >= mean || names[mean + 1] !== 'Error') return false;
  const means = rows.map(({ cells }) => (cells[mean] ?? '').trim()).filter((cell) => cell !== '');
  return names.includes('StdDev') || (means.length > 0 && means.every((cell) => cell === 'NA'));
}

/** Reads a table of a report, as CSV or on a Markdown page: one benchmark a row. */
export function readDotNetReport(extract: Extract, { columns, rows }: Table): void {
  const known = columnsOf(columns);
  const mean = known.findIndex(({ name }) => name === 'Mean');
  const sign = signOf(rows, mean);
  for (const row of rows) {
    const cells = row.cells.map((cell) => withoutEntities(cell.trim().replace(/^\*\*(.*)\*\*$/, '$1')));
    // Groups of a Markdown table are parted by empty rows.
    if ((cells[known.findIndex(({ name }) => name === 'Method')] ?? '') === '') continue;
    extract.records += 1;
    const labels: Record<string, string> = { tool: 'BenchmarkDotNet' };
    for (const [index, { name }] of known.slice(0, mean).entries())
      addLabel(labels, name === 'Method' ? 'test' : canonicalLabel(name), cells[index] === '?' ? null : cells[index], extract);
    const failed = ['NA', '?', '-', ''].includes(cells[mean] ?? '');
    if (failed)
      extract.fail({ pointer: pointerOf(row, columns[mean] ?? 'Mean'), reason: 'the benchmark has no mean: it did not complete' });
    for (const [index, { name, unit }] of known.entries()) {
      const meaning = Object.hasOwn(REPORT_FIELDS, name) ? REPORT_FIELDS[name] : undefined;
      const pointer = pointerOf(row, columns[index] ?? name);
      if (meaning !== undefined) readCell(extract, cells[index] ?? '', { ...meaning, unit }, { name, labels, pointer, failed, sign });
    }
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** On a page names stand as HTML: `&#39;fast &amp; small&#39;`. In CSV they stand as they are. */
function withoutEntities(cell: string): string {
  return cell.replace(/&(?:#(\d{2,5})|(amp|lt|gt|quot));/g, (all, code: string | undefined, name: string | undefined) => {
    const point = Number(code ?? 0);
    if (name !== undefined) return ENTITIES[name] ?? all;
    return point >= 32 && point < 0xd800 ? String.fromCodePoint(point) : all;
  });
}

function pointerOf({ line }: Row, column: string): string {
  return `line ${line} column ${column}`;
}

/** The sign before fractions in the numbers of a table: early versions wrote the language of the machine. A dot is the default. */
function signOf(rows: readonly Row[], mean: number): DecimalSign {
  const numbers = rows.flatMap(({ cells }) => cells.slice(mean).flatMap((cell) => CELL.exec(cell.trim())?.[1] ?? []));
  return decimalSignOf(numbers) ?? (numbers.some((number) => number.includes(',')) ? null : '.');
}

type Place = { name: string; labels: Record<string, string>; pointer: string; failed: boolean; sign: DecimalSign };

function readCell(extract: Extract, cell: string, meaning: FieldMeaning, { name, sign, ...place }: Place): void {
  if (['', '-', 'NA', '?'].includes(cell)) return;
  const [, number = '', symbol] = CELL.exec(cell) ?? [];
  const unit = symbol === undefined ? meaning.unit : Object.hasOwn(UNITS, symbol) ? (UNITS[symbol] ?? null) : null;
  const plain = plainDigits(number, sign);
  if (plain === 'ambiguous') {
    const why = 'nothing in its table says whether the sign groups thousands or begins a fraction';
    extract.warnings.add('ambiguous numbers', `${place.pointer}: "${excerpt(cell, 40)}" was not read: ${why}`);
  } else if (plain === null || unit === null)
    extract.warnings.add('cells that are no numbers', `${place.pointer}: "${excerpt(cell, 40)}" was not read`);
  else addNumber(extract, new LiteralNumber(plain.digits), { ...meaning, unit }, place, name);
}
