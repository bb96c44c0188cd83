import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, plainNumber, readFields, textOf } from '../fields.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import {
  HISTORY_FIELDS,
  isLocustDistribution,
  isLocustHistory,
  isLocustStats,
  readLocustDistribution,
  readLocustHistory,
  readLocustStats,
  STATS_FIELDS,
  tellRow,
} from './locust-csv.ts';
import { LIST_FIELDS, locustListCount, readLocustList } from './locust-lists.ts';
import { beginsWithEntry, countOf, entriesIn } from './tool-reports.ts';

const JSON_FIELDS = {
  min_response_time: { metric: 'request_latency', statistic: 'min', unit: 'ms', over: 'requests' },
  max_response_time: { metric: 'request_latency', statistic: 'max', unit: 'ms', over: 'requests' },
} as const satisfies FieldTable;
const MEAN: FieldMeaning = { metric: 'request_latency', statistic: 'mean', unit: 'ms', over: 'requests' };
const COUNTS: FieldTable = {
  num_requests: { metric: 'own', statistic: 'value', unit: null, over: 'runs' },
  num_failures: { metric: 'own', statistic: 'value', unit: null, over: 'runs' },
};

/** Locust, a load generator: `--csv` (statistics and their history) and `--json`. */
export const locust: Format = {
  name: 'locust',
  tool: 'Locust',
  signature:
    'CSV: `Type,Name,Request Count,Failure Count,…` or `Timestamp,User Count,Type,Name,…` or `Name,# requests,50%,…` or `Method,Name,Error,Occurrences` or `Count,Message,Traceback,Nodes`; JSON: a list of objects with `num_requests`, `num_failures` and `response_times`',
  detect(content) {
    if (content.shape === 'table') return content.tables.some(({ columns }) => isLocustTable(columns));
    return beginsWithEntry(content, isEntry);
  },
  read(content, extract) {
    if (content.shape === 'table')
      for (const table of content.tables) {
        if (isLocustStats(table.columns)) readLocustStats(extract, table);
        if (isLocustDistribution(table.columns)) readLocustDistribution(extract, table);
        if (isLocustHistory(table.columns)) readLocustHistory(extract, table);
        const count = locustListCount(table.columns);
        if (count !== null) readLocustList(extract, table, count);
      }
    if (content.shape !== 'table') for (const { at, object } of entriesIn(content, isEntry, extract)) readEntry(extract, object, at);
  },
  fields: {
    'of a request, in `_stats.csv`': STATS_FIELDS,
    'of a moment, in `_stats_history.csv`': HISTORY_FIELDS,
    'of an error, in `_failures.csv` and `_exceptions.csv`': LIST_FIELDS,
    'in JSON': { ...JSON_FIELDS, 'total_response_time ÷ (num_requests − num_none_requests)': MEAN, ...COUNTS },
  },
  labels: { Name: 'test', Type: 'method' },
  notes: [
    'Times are in milliseconds; from 100 ms on Locust rounds the times of its percentiles to two digits. A request is told by the labels `test` (its name) and `method`; `Aggregated` is all of them.',
    'Response times are over all requests, those that failed too; a warning says where some did. Where all did, the row is a failed record; a row without requests has no times.',
    '`Requests/s` is over the whole run, the start of the users too. Rows of a history are samples of a clock: their percentiles are those of the last seconds and are kept under their own names, their running totals are not read.',
    'A list of failures or exceptions says how often each came, by the label `error`: its rows are no failed records, because the requests that failed are counted in the statistics.',
    'Old versions do not count requests that failed among the requests: where there are more failures than requests a warning says so. Of their `_distribution.csv` the percentiles are read; the method is part of the name there.',
    'The histogram of JSON is not read.',
  ],
};

function isLocustTable(columns: readonly string[]): boolean {
  return isLocustStats(columns) || isLocustHistory(columns) || isLocustDistribution(columns) || locustListCount(columns) !== null;
}

function isEntry(object: JsonObject): boolean {
  return hasKeys(object, 'name', 'num_requests', 'num_failures', 'total_response_time', 'response_times');
}

function readEntry(extract: Extract, entry: JsonObject, at: string): void {
  const labels: Record<string, string> = { tool: 'locust' };
  addLabel(labels, 'test', entry.name, extract);
  addLabel(labels, 'method', textOf(entry.method), extract);
  const requests = countOf(entry.num_requests);
  const failures = countOf(entry.num_failures);
  extract.records += 1;
  const failed = tellRow(extract, { requests, failures, where: at, name: textOf(entry.name) ?? '' });
  const place = { at, labels, failed };
  readFields(extract, entry, COUNTS, place);
  // Some calls have no response time: Locust leaves them out of the mean.
  const without = countOf(entry.num_none_requests) ?? 0;
  const timed = requests === null ? null : requests - without;
  if (timed !== null && timed <= 0) return;
  readFields(extract, entry, JSON_FIELDS, { ...place, n: timed });
  const total = plainNumber(entry.total_response_time);
  if (total === null || timed === null) return;
  const count = without === 0 ? `${at}/num_requests` : `(${at}/num_requests − ${at}/num_none_requests)`;
  const pointer = `${at}/total_response_time ÷ ${count}`;
  addNumber(extract, new LiteralNumber(String(total / timed)), MEAN, { labels, failed, n: timed, pointer });
}
