import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';

/** Column by column: a row is a request that was answered. */
export const CSV_FIELDS = {
  'request-duration': { metric: 'request_latency', statistic: 'value', unit: 's', over: 'requests' },
  'Response-delay': { metric: 'own', statistic: 'value', unit: 's', over: 'requests', note: 'to the first byte; 0 is absent' },
  bytes: { metric: 'own', statistic: 'value', unit: 'bytes', over: 'requests' },
} as const satisfies FieldTable;

const COLUMNS = ['request-start', 'DNS', 'DNS+dialup', 'Response-delay', 'request-duration', 'bytes', 'status'];

/** Whether columns are those of `--output-format csv`. */
export function isOhaTable({ columns }: Table): boolean {
  return COLUMNS.every((name, index) => columns[index] === name);
}

/** Reads a table of requests. One that was answered by an error is a failed record. */
export function readOhaTable(extract: Extract, { rows }: Table): void {
  for (const row of rows) {
    const status = cellOf(row, 'status');
    if (!/^\d{3}$/.test(status)) {
      extract.warnings.add('requests without a status', `line ${row.line}: "${excerpt(status, 40)}" is no status: the row was not read`);
      continue;
    }
    extract.records += 1;
    const failed = Number(status) >= 400;
    if (failed) extract.fail({ pointer: `line ${row.line} column status`, reason: `the answer was an error: status ${status}` });
    for (const [column, meaning] of Object.entries(CSV_FIELDS)) {
      const pointer = `line ${row.line} column ${column}`;
      const cell = cellOf(row, column);
      const read = readCell(cell);
      if (read.is === 'number' && read.unit === null) {
        if (read.value !== 0 || column !== 'Response-delay')
          addNumber(extract, new LiteralNumber(cell), meaning, { labels: { tool: 'oha' }, pointer, failed }, column);
      } else if (read.is !== 'absent')
        extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(cell, 40)}" is no number: it was not read`);
    }
  }
}

function cellOf({ cells }: Row, column: string): string {
  return (cells[COLUMNS.indexOf(column)] ?? '').trim();
}
