import { hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type Labels, numberOf, objectAt, textOf } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { isK6Data, isK6Time } from './k6-metrics.ts';

/** What docs/formats.md prints. */
export const POINT_FIELDS: FieldTable = {
  http_req_duration: { metric: 'request_latency', statistic: 'value', unit: 'ms', over: 'requests' },
  'http_req_waiting, iteration_duration, …': { metric: 'own', statistic: 'value', unit: 'ms', note: 'times of k6 itself' },
  'data_sent, data_received': { metric: 'own', statistic: 'value', unit: 'bytes' },
};

/** Each point of these is one more, or says of one whether it was so: only all of them together are a number. */
const COUNTED =
  /^(?:http_reqs|http_req_failed|iterations|dropped_iterations|checks|ws_sessions|ws_msgs_(?:sent|received)|grpc_streams(?:_msgs_(?:sent|received))?)$/;

/** One point is one request, or one call. */
const REQUESTS: ReadonlySet<string> = new Set(['http_req_duration', 'grpc_req_duration', 'ws_session_duration']);

const KINDS: ReadonlySet<string> = new Set(['counter', 'gauge', 'rate', 'trend']);

/** Whether an object is a line of `--out json`: a point, or what says of which kind a metric is. */
export function isK6Line(object: JsonObject): boolean {
  if (!hasKeys(object, 'type', 'metric', 'data') || textOf(object.metric) === null) return false;
  const data = objectAt(object, 'data');
  if (object.type === 'Point') return hasKeys(data, 'time', 'value') && numberOf(data.value) !== null;
  return object.type === 'Metric' && hasKeys(data, 'type', 'contains') && KINDS.has(textOf(data.type) ?? '');
}

/** Whether columns are those of `--out csv`. */
export function isK6Table({ columns }: Table): boolean {
  return ['metric_name', 'timestamp', 'metric_value'].every((name, index) => columns[index] === name);
}

/** Reads such a line. What stands in the lines around it does not matter: a file may be a part of one. */
export function readK6Line(extract: Extract, line: JsonObject, at: string): void {
  if (line.type !== 'Point') return;
  const data = objectAt(line, 'data');
  const tags = objectAt(data, 'tags');
  const name = textOf(line.metric) ?? '';
  if (COUNTED.test(name)) return;
  const of = (tag: Tag): string => textOf(tags[tag]) ?? '';
  const labels = labelsOf(of, extract);
  const pointer = `${at}/data/value`;
  const failed = tellFailure(extract, name, pointer, of);
  addNumber(extract, data.value, meaningOf(name), { labels, failed, pointer }, name);
}

/** Reads such a table. */
export function readK6Table(extract: Extract, { columns, rows }: Table): void {
  for (const { line, cells } of rows) {
    const of = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
    const name = of('metric_name');
    if (name === '' || COUNTED.test(name)) continue;
    const pointer = `line ${line} column metric_value`;
    const read = readCell(of('metric_value'));
    if (read.is !== 'number' || read.unit !== null) {
      extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(of('metric_value'), 40)}" is no number: it was not read`);
      continue;
    }
    const labels = labelsOf(of, extract);
    const failed = tellFailure(extract, name, pointer, of);
    addNumber(extract, new LiteralNumber(of('metric_value')), meaningOf(name), { labels, failed, pointer }, name);
  }
}

type TagOf = (name: Tag) => string;

/** The tags of a point that say what it is of, or whether it failed; others are not read. */
const TAGS = ['method', 'name', 'url', 'scenario', 'group', 'expected_response', 'status', 'error', 'error_code'] as const;
type Tag = (typeof TAGS)[number];
export const K6_TAGS: ReadonlySet<string> = new Set(TAGS);

function meaningOf(name: string): FieldMeaning {
  const unit = isK6Time(name) ? 'ms' : isK6Data(name) ? 'bytes' : null;
  if (name === 'http_req_duration') return { metric: 'request_latency', statistic: 'value', unit, over: 'requests' };
  return {
    metric: 'own',
    statistic: 'value',
    unit,
    ...(name.startsWith('http_req_') ? { over: 'requests' } : name.startsWith('vus') ? { over: 'samples' } : {}),
  };
}

function labelsOf(of: TagOf, extract: Extract): Labels {
  const labels: Record<string, string> = { tool: 'k6' };
  addLabel(labels, 'method', of('method'), extract);
  // A request that the script gives no name has that of its address, which may be another one each time.
  if (of('name') !== of('url')) addLabel(labels, 'test', of('name'), extract);
  addLabel(labels, 'scenario', of('scenario'), extract);
  addLabel(labels, 'group', of('group'), extract);
  return labels;
}

/** Whether a response was none that the script expects. Early versions do not say so of a request, and none does of other calls. */
function isFailed(name: string, of: TagOf): boolean {
  const [expected, status] = [of('expected_response'), of('status')];
  if (expected !== '') return expected === 'false';
  if (name.startsWith('http_req_')) return status === '0' || of('error_code') !== '';
  // 0 is OK of gRPC; a WebSocket begins with 101.
  const good = name.startsWith('grpc_') ? '0' : name.startsWith('ws_') ? '101' : status;
  return status !== '' && status !== good;
}

/** Counts the request, and keeps it as a failed record where its response was none that the script expects. */
function tellFailure(extract: Extract, name: string, pointer: string, of: TagOf): boolean {
  const failed = isFailed(name, of);
  if (!REQUESTS.has(name)) return failed;
  extract.records += 1;
  if (failed) {
    const status = of('status');
    const error = of('error') || (of('error_code') === '' ? '' : `error code ${of('error_code')}`);
    const why =
      status === '0' || status === '' ? 'the request got no response' : `the response was not expected: status ${excerpt(status, 20)}`;
    extract.fail({ pointer, reason: error === '' ? why : `${why} (${excerpt(error, 80)})` });
  }
  return failed;
}
