import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';

const latency = (statistic: string): FieldMeaning => ({ metric: 'request_latency', statistic, unit: 'ms', over: 'requests' });
export const ofRun = (metric: FieldMeaning['metric'], unit: string | null): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'runs',
});

/** The columns of `_stats.csv`; up to 0.14 some of their words were written in lower case. */
export const STATS_FIELDS: FieldTable = {
  'Request Count': ofRun('own', null),
  'Failure Count': ofRun('own', null),
  'Median Response Time': latency('median'),
  'Average Response Time': latency('mean'),
  'Min Response Time': latency('min'),
  'Max Response Time': latency('max'),
  'Average Content Size': { ...ofRun('own', 'bytes'), statistic: 'mean', over: 'requests' },
  'Requests/s': ofRun('request_throughput', 'req/s'),
  'Failures/s': ofRun('own', 'req/s'),
  '95%': { ...latency('p95'), note: 'and other percentiles; `50%` and `100%` stand above' },
};

const ofMoment = (metric: FieldMeaning['metric'], unit: string | null): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'samples',
});

/** The columns of `_stats_history.csv`. */
export const HISTORY_FIELDS: FieldTable = {
  'User Count': ofMoment('own', null),
  'Requests/s': ofMoment('request_throughput', 'req/s'),
  'Failures/s': ofMoment('own', 'req/s'),
  '95%': { ...ofMoment('own', 'ms'), note: 'and other percentiles' },
};

const OLD: Readonly<Record<string, string>> = {
  '# requests': 'Request Count',
  '# failures': 'Failure Count',
  'Median response time': 'Median Response Time',
  'Average response time': 'Average Response Time',
  'Min response time': 'Min Response Time',
  'Max response time': 'Max Response Time',
  'Requests Failed/s': 'Failures/s',
};

const nameOf = (column: string): string => (Object.hasOwn(OLD, column) ? (OLD[column] ?? column) : column);

/** Whether columns are those of `_stats.csv`. */
export function isLocustStats(columns: readonly string[]): boolean {
  const names = columns.map(nameOf);
  return (
    ['Type', 'Method'].includes(names[0] ?? '') &&
    names[1] === 'Name' &&
    ['Request Count', 'Failure Count', 'Median Response Time', 'Average Response Time'].every((name) => names.includes(name))
  );
}

/** Whether columns are those of `_stats_history.csv`. */
export function isLocustHistory(columns: readonly string[]): boolean {
  const begin = ['Timestamp', 'User Count', 'Type', 'Name', 'Requests/s', 'Failures/s'];
  return begin.every((name, index) => columns[index] === name) && columns.includes('Total Request Count');
}

/** Whether columns are those of `_distribution.csv`, as old versions write it beside the others. */
export function isLocustDistribution(columns: readonly string[]): boolean {
  return columns[0] === 'Name' && columns[1] === '# requests' && ['50%', '95%', '100%'].every((name) => columns.includes(name));
}

/** Reads such a table: one request a row, with the method in its name. */
export function readLocustDistribution(extract: Extract, { columns, rows }: Table): void {
  for (const row of rows) {
    const labels = labelsOfRow(row, columns);
    const n = countIn(row, 1);
    extract.records += 1;
    for (const [index, column] of columns.entries()) {
      const percentile = percentileOf(column);
      if (percentile === null || n === 0) continue;
      const statistic = percentile === 50 ? 'median' : percentile === 100 ? 'max' : `p${percentile}`;
      readNumber(extract, row, { index, column, meaning: latency(statistic), n, labels, failed: false });
    }
  }
}

/** Reads a table of statistics: one request a row. */
export function readLocustStats(extract: Extract, { columns, rows }: Table): void {
  const names = columns.map(nameOf);
  for (const row of rows) {
    const labels = labelsOfRow(row, names);
    const requests = countIn(row, names.indexOf('Request Count'));
    const failures = countIn(row, names.indexOf('Failure Count'));
    extract.records += 1;
    const failed = tellRow(extract, { requests, failures, where: `line ${row.line}`, name: labels.test ?? '' });
    for (const [index, name] of names.entries()) {
      const meaning = statsMeaning(name);
      const ofRequests = meaning?.over === 'requests';
      // A row of no request has zeros where its times would be.
      if (meaning === undefined || (requests === 0 && meaning.metric !== 'own') || (requests === 0 && ofRequests)) continue;
      readNumber(extract, row, { index, column: columns[index] ?? name, meaning, n: ofRequests ? requests : null, labels, failed });
    }
  }
}

/** Reads a table of moments: one request at one moment a row. */
export function readLocustHistory(extract: Extract, { columns, rows }: Table): void {
  for (const row of rows) {
    const labels = labelsOfRow(row, columns);
    extract.records += 1;
    for (const [index, column] of columns.entries()) {
      const known = Object.hasOwn(HISTORY_FIELDS, column) ? HISTORY_FIELDS[column] : undefined;
      const meaning = known ?? (percentileOf(column) === null ? undefined : ofMoment('own', 'ms'));
      if (meaning !== undefined) readNumber(extract, row, { index, column, meaning, n: null, labels, failed: false });
    }
  }
}

function statsMeaning(name: string): FieldMeaning | undefined {
  if (Object.hasOwn(STATS_FIELDS, name)) return STATS_FIELDS[name];
  const percentile = percentileOf(name);
  // The middle and the greatest have columns of their own.
  return percentile === null || percentile === 50 || percentile === 100 ? undefined : latency(`p${percentile}`);
}

function percentileOf(column: string): number | null {
  const [, percentile] = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(column) ?? [];
  return percentile === undefined || Number(percentile) > 100 ? null : Number(percentile);
}

/** Which request a row is of. */
export function labelsOfRow({ cells }: Row, names: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = { tool: 'locust' };
  const type = names.indexOf('Type') < 0 ? names.indexOf('Method') : names.indexOf('Type');
  addLabel(labels, 'method', cells[type]);
  addLabel(labels, 'test', cells[names.indexOf('Name')]);
  return labels;
}

function countIn({ cells }: Row, index: number): number | null {
  const cell = (cells[index] ?? '').trim();
  return /^\d{1,15}$/.test(cell) ? Number(cell) : null;
}

type Cell = { index: number; column: string; meaning: FieldMeaning; n: number | null; labels: Record<string, string>; failed: boolean };

/** Reads a cell as a number; one that is none, and not absent, is named in a warning. */
export function readNumber(extract: Extract, { line, cells }: Row, { index, column, meaning, ...place }: Cell): void {
  const cell = (cells[index] ?? '').trim();
  const pointer = `line ${line} column ${column}`;
  const read = readCell(cell);
  if (read.is === 'number' && read.unit === null) addNumber(extract, new LiteralNumber(cell), meaning, { ...place, pointer }, column);
  else if (read.is !== 'absent') extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(cell, 40)}" was not read`);
}

/**
 * Keeps what failed wholly as a failed record, or warns of the requests that did.
 * @returns whether all requests failed
 */
export function tellRow(extract: Extract, row: { requests: number | null; failures: number | null; where: string; name: string }): boolean {
  const { requests, failures, where, name } = row;
  if (requests !== null && failures !== null && failures > 0 && (requests === 0 || failures === requests)) {
    extract.fail({ pointer: where, reason: `no request succeeded of ${Math.max(requests, failures)} ("${excerpt(name, 60)}")` });
    return true;
  }
  // Old versions do not count them among the requests.
  if (requests !== null && failures !== null && failures > requests) {
    extract.warnings.add(
      'failed requests',
      `${where}: ${failures} requests failed beside the ${requests} that are counted; the response times are over these`,
    );
    return false;
  }
  if (failures !== null && failures > 0)
    extract.warnings.add(
      'failed requests',
      `${where}: ${failures} of ${requests ?? 'its'} requests failed; the response times are over all of them`,
    );
  return false;
}
