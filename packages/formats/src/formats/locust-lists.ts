import type { Extract } from '../extract.ts';
import { addLabel, type FieldTable } from '../fields.ts';
import type { Table } from '../table.ts';
import { labelsOfRow, ofRun, readNumber } from './locust-csv.ts';

/** The columns of `_failures.csv` and `_exceptions.csv`, and the one that counts. */
const LISTS: readonly (readonly [count: string, columns: readonly string[]])[] = [
  ['Occurrences', ['Method', 'Name', 'Error', 'Occurrences']],
  ['Count', ['Count', 'Message', 'Traceback', 'Nodes']],
];

/** What a row of a list of errors counts. */
export const LIST_FIELDS: FieldTable = Object.fromEntries(LISTS.map(([count]) => [count, ofRun('own', null)]));

/** Which column of a list of errors counts them; null where a table is none. */
export function locustListCount(columns: readonly string[]): string | null {
  return LISTS.find(([, own]) => own.length === columns.length && own.every((name, index) => columns[index] === name))?.[0] ?? null;
}

/** Reads a list of errors: how often each came. The requests that failed by them are counted by the other files. */
export function readLocustList(extract: Extract, { columns, rows }: Table, count: string): void {
  const index = columns.indexOf(count);
  for (const row of rows) {
    const labels = labelsOfRow(row, columns);
    addLabel(labels, 'error', row.cells[columns.indexOf('Error')] ?? row.cells[columns.indexOf('Message')]);
    extract.records += 1;
    readNumber(extract, row, { index, column: count, meaning: ofRun('own', null), n: null, labels, failed: false });
  }
}
