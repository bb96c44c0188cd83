import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import { addBatchedNumbers, type BatchedField, type BatchedNumber, batchedLabels } from './llama-batched-bench-rows.ts';
import { holdsTable } from './printed-table.ts';

/** Columns of results → the names that JSON lines have for them. */
export const BATCHED_COLUMNS: Readonly<Record<string, BatchedField>> = {
  'T_PP s': 't_pp',
  'S_PP t/s': 'speed_pp',
  'T_TG s': 't_tg',
  'S_TG t/s': 'speed_tg',
  'T s': 't',
  'S t/s': 'speed',
};

const SHAPE: Readonly<Record<string, string>> = { PP: 'pp', TG: 'tg', B: 'pl' };

/** Longest line that is looked at as a header. */
const HEADER_CHARS = 1_000;

/** Whether columns are those of llama-batched-bench's table. */
export function isBatchedTable(columns: readonly string[]): boolean {
  return ['PP', 'TG', 'B', 'S_PP t/s', 'S_TG t/s'].every((name) => columns.includes(name));
}

/** Whether a text holds such a table: its header, and a row of dashes below. */
export function hasBatchedTable(text: string): boolean {
  return holdsTable(text, 'S_PP t/s', isBatchedTable, { chars: HEADER_CHARS, columns: 100 });
}

/** Lines above a table's header among which its settings are looked for. */
const ABOVE = 4;
const SETTINGS = /(?:^|\s)(n_kv_max = \d.{0,400})$/;

/** The settings that are printed above a table: `main: n_kv_max = 20480, n_batch = 2048, …`; none where no line above it is such. */
function settingsAbove(lines: readonly string[], table: Table): JsonObject {
  for (let number = table.line - 1; number >= Math.max(1, table.line - ABOVE); number -= 1) {
    const line = lines[number - 1] ?? '';
    const [, list] = (line.length <= HEADER_CHARS && SETTINGS.exec(line.trimEnd())) || [];
    if (list === undefined) continue;
    const pairs = list.split(', ').flatMap((pair): [string, string][] => {
      const [, name, value] = /^([a-z_]{1,40}) = (-?\d{1,12})$/.exec(pair) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(pairs);
  }
  return {};
}

/**
 * Reads the rows of a table. A row whose sizes cannot be read is named and left out: its cells may be in the wrong columns.
 * @param lines of the whole text
 */
export function readBatchedTable(extract: Extract, table: Table, lines: readonly string[]): void {
  const settings = settingsAbove(lines, table);
  for (const row of table.rows) readRow(extract, table.columns, row, settings);
}

function readRow(extract: Extract, columns: readonly string[], { line, cells }: Row, settings: JsonObject): void {
  const cell = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
  const sizes = Object.fromEntries(Object.entries(SHAPE).map(([column, name]) => [name, cell(column)]));
  const wrong = Object.keys(SHAPE).find((column) => !/^\d{1,9}$/.test(cell(column)));
  if (wrong !== undefined) {
    const shown = excerpt(cell(wrong), 40);
    extract.warnings.add('rows without a size', `line ${line} column ${wrong}: "${shown}" is no count: the row was not read`);
    return;
  }
  const numbers = Object.entries(BATCHED_COLUMNS).flatMap(([column, field]): BatchedNumber[] => {
    const pointer = `line ${line} column ${column}`;
    const text = cell(column);
    const read = readCell(text);
    if (read.is === 'number' && read.unit === null) return [{ field, value: new LiteralNumber(text), pointer }];
    if (read.is !== 'absent')
      extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(text, 40)}" is no number: it was not read`);
    return [];
  });
  const { pp, tg } = sizes;
  addBatchedNumbers(extract, numbers, { pp, tg }, batchedLabels({ ...settings, ...sizes }, extract));
}
