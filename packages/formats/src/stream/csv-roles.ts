import { mayBeDimension } from '../dimensions.ts';
import { isBlank } from '../formats/dcgm-fields.ts';
import { groupedByPoints } from '../grouping-points.ts';
import { isLabelName, isSettingName } from '../labels.ts';
import { NamedRows } from '../named-rows.ts';
import { isAbsent, readCell } from '../number-cell.ts';
import { failureOfRow, type MarkColumns, markColumns, tellingColumns } from '../row-failure.ts';
import type { Row, Table } from '../table.ts';
import { type Column, numericColumns } from '../table-columns.ts';
import { drawnColumns, labelColumns } from '../table-labels.ts';
import { Warnings } from '../warnings.ts';
import type { CsvContext, RowsReading } from './csv-context.ts';

/** What the cells of a column do for the meaning of their row; a column may do several. None: nothing. */
export const NUMBER = 1;
/** its bytes are part of what a row's meaning is looked up by */
export const KEY = 2;
/** it says whether the row failed, and the reason is read from it each time */
export const MARK = 4;
/** only what its words say of the row's kind counts: `Total`, `p95`, `prefill` */
export const KIND = 8;
/** whether its number is zero, below zero or a mark for no value counts */
export const CLASS = 16;
/** whether it is empty counts */
export const EMPTY = 32;
/** a number in it is to be told of, though nobody reads it */
export const WATCH = 64;

export type CsvRoles = {
  /** by column */
  roles: Uint8Array;
  /** of a generic table: how rows fail, and its columns of numbers, in which a word is an offence */
  marks: MarkColumns;
  numeric: ReadonlyMap<number, Column>;
  /** of a generic table: columns without a value in the head, which may be of numbers */
  empty: ReadonlySet<number>;
  /** of a generic table: columns without a number in the head, where one that comes later is to be told of */
  wordy: ReadonlySet<number>;
  /** of a generic table: columns of numbers that label nothing, though their names are those of settings */
  drawn: ReadonlySet<number>;
  /** of a generic table: columns that are left out, because their points may group thousands */
  grouped: ReadonlySet<number>;
};

/** What the columns of a generic table do, by the pieces by which it is read. */
export function genericRoles(table: Table): CsvRoles {
  const { columns, rows } = table;
  const marks = markColumns(columns, rows);
  const failed = rows.map((row) => failureOfRow(row.cells, marks) !== null);
  const known = { failed, telling: tellingColumns(marks) };
  const found = numericColumns({ ...table, grouped: new Set() }, known, new Warnings());
  const grouped = groupedByPoints(table, found, failed);
  const numeric = new Map(found.filter(({ index }) => !grouped.has(index)).map((column) => [column.index, column]));
  const indices = new Set(numeric.keys());
  const named = NamedRows.of(table, indices);
  const drawn = drawnColumns(table, indices, new Warnings());
  const labels = new Set(labelColumns(table, indices, drawn, false).map(({ index }) => index));
  for (const index of named?.used ?? []) labels.add(index);
  const marking = new Set(marks.map(({ index }) => index));
  const empty = new Set<number>();
  const wordy = new Set<number>();
  const roles = Uint8Array.from(columns, (name, index) => {
    let role = 0;
    if (labels.has(index) || (isLabelName(name) && !numeric.has(index))) role |= KEY;
    if (marking.has(index)) role |= MARK;
    if (numeric.has(index)) role |= NUMBER;
    else if (role === 0 && rows.every(({ cells }) => isAbsent(cells[index] ?? ''))) {
      empty.add(index);
      role |= NUMBER;
    } else if (role === 0 && mayBeDimension(name)) role |= KIND;
    const isUnset = isSettingName(name) && rows.every(({ cells }) => isAbsent(cells[index] ?? ''));
    if (numeric.has(index) || (role & NUMBER) !== 0 || isUnset || rows.some(({ cells }) => readCell(cells[index] ?? '').is === 'number'))
      return role;
    wordy.add(index);
    return (role & (KEY | MARK)) === 0 ? role | WATCH : role;
  });
  return { roles, marks, numeric, empty, wordy, drawn, grouped };
}

/** Rows of the context that are read again with other cells. */
const ROWS = 6;
/** Texts that are put in place of others: what readers look for, and what they do not. */
const PROBES = [
  '',
  'x-7f',
  'N/A',
  '0',
  '1',
  'failed',
  'error: x',
  'Total',
  'Aggregated',
  'p95',
  'pp512',
  'true',
  'false',
  '500',
  '2026-01-02',
];
/** … and numbers, all of one class. */
const NUMBERS = ['1', '7', '123.25', '0.5', '1000000', '204', '503'];

/** What the columns of a table of a tool do is found by reading rows with other cells in them. */
export function knownRoles(table: Table, context: CsvContext): CsvRoles {
  const rows = context.rows.slice(0, 1_000);
  const tried = rows.filter((_, index) => index % Math.max(1, Math.ceil(rows.length / ROWS)) === 0);
  const roles = Uint8Array.from(table.columns, (name, index) => {
    const cells = rows.map((row) => row.cells[index] ?? '');
    const numbers = cells.filter((cell) => numberPart(cell) !== null).length;
    const filled = cells.filter((cell) => cell.trim() !== '').length;
    if (numbers > 0 && numbers * 2 >= filled) return stays(tried, index, name, context, true) ? NUMBER | CLASS | EMPTY : KEY;
    const different = new Set(cells).size;
    const free = different > 8 && different * 2 > cells.length;
    return free && stays(tried, index, name, context, false) ? 0 : KEY;
  });
  return { roles, marks: [], numeric: new Map(), empty: new Set(), wordy: new Set(), drawn: new Set(), grouped: new Set() };
}

/** Whether rows mean the same with each of some texts in a column, but for the number of that cell itself. */
function stays(rows: readonly Row[], index: number, name: string, context: CsvContext, ofNumbers: boolean): boolean {
  const tail = ` column ${name}`;
  const cells = rows.map((row) => row.cells[index] ?? '');
  const own = ofNumbers ? cells.map((cell) => numberPart(cell)?.number ?? '').filter(isOrdinary) : cells;
  return rows.every((row) => {
    const cell = row.cells[index] ?? '';
    const rest = ofNumbers ? numberPart(cell)?.rest : '';
    if (rest === undefined) return true;
    const others = ofNumbers ? [...NUMBERS, ...own] : [...PROBES, ...own];
    const meanings = others.map((other) => {
      const cells = row.cells.with(index, `${other}${rest}`);
      return told(context.readRow({ line: 1, cells }), tail, other);
    });
    return new Set(meanings).size === 1;
  });
}

/** Whether a number is of the class of NUMBERS. */
function isOrdinary(number: string): boolean {
  return Number(number) > 0 && !isBlank(Number(number));
}

/** A reading as text; the number of one column only as whether it is the one that its cell holds. */
function told({ measurements, failed, records, told }: RowsReading, tail: string, number: string): string {
  const numbers = measurements.map(({ value, text, pointer, ...rest }) => {
    const own = pointer === `line 1${tail}`;
    return [pointer, own ? Object.is(value, Number(number)) : value, own || text, rest];
  });
  return JSON.stringify([numbers, failed, records, told.length]);
}

/** A number at the beginning of a cell, and what stands behind it: `12.5` and ` W`; null where none does. */
function numberPart(cell: string): { number: string; rest: string } | null {
  const [, number, rest = ''] = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(.*)$/s.exec(cell) ?? [];
  if (number === undefined || readCell(number).is !== 'number') return null;
  return rest === '' || readCell(cell).is === 'number' ? { number, rest } : null;
}
