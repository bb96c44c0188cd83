import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldMeaning, type FieldTable, labelsFrom, objectAt, plainNumber, readFields } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { isPrinted } from './printed-text.ts';
import { beginsWithReport, countOf, reportsIn } from './tool-reports.ts';
import { isVegetaCsv, isVegetaResult, RESULT_FIELDS, readVegetaCsv, readVegetaResult } from './vegeta-results.ts';
import { isVegetaText, readVegetaText, TEXT_FIELDS, tellSuccess } from './vegeta-text.ts';

const latency = (statistic: string): FieldMeaning => ({ metric: 'request_latency', statistic, unit: 'ns', over: 'requests' });
const ofRun = (metric: FieldMeaning['metric'], unit: string | null, note?: string): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'runs',
  ...(note === undefined ? {} : { note }),
});

const LATENCIES: FieldTable = {
  mean: latency('mean'),
  '50th': latency('median'),
  '90th': latency('p90'),
  '95th': latency('p95'),
  '99th': latency('p99'),
  max: latency('max'),
  min: latency('min'),
};
const OF_RUN: FieldTable = {
  throughput: ofRun('request_throughput', 'req/s', 'successful requests only'),
  rate: ofRun('own', 'req/s', 'requests that were sent'),
  success: ofRun('own', 'ratio', 'of the requests'),
  requests: ofRun('own', null),
  duration: ofRun('duration', 'ns', 'of sending'),
  wait: ofRun('own', 'ns', 'for the last response'),
};
const COUNTED: FieldTable = { requests: ofRun('own', null) };
const BYTE_TOTAL = ofRun('own', 'bytes');
const BYTES: FieldTable = { total: BYTE_TOTAL, mean: { ...ofRun('own', 'bytes'), statistic: 'mean', over: 'requests' } };

/** `vegeta report`: JSON and text; and the single results of `vegeta encode`: JSON lines and CSV. */
export const vegeta: Format = {
  name: 'vegeta',
  tool: '`vegeta report`, `vegeta encode`',
  signature:
    'JSON: `latencies.99th`, `bytes_in` and `status_codes`; text: `Requests      [total, rate, throughput]` and `Latencies     [`; JSON lines with `code`, `timestamp`, `latency`, `bytes_out`, `bytes_in` and `seq`; CSV without a header whose lines begin with nanoseconds since 1970, a status and three counts',
  detect(content) {
    if (content.shape === 'text')
      return (isPrinted(content.kind) && isVegetaText(content.text)) || (content.kind !== 'markdown' && isVegetaCsv(content.text));
    return beginsWithReport(content, isKnown);
  },
  read(content, extract) {
    if (content.shape === 'text')
      if (isVegetaCsv(content.text)) readVegetaCsv(extract, content.text);
      else readVegetaText(extract, content.text);
    for (const { at, object } of reportsIn(content, isKnown, extract))
      if (isVegetaResult(object)) readVegetaResult(extract, object, at);
      else readReport(extract, object, at);
  },
  fields: {
    latencies: LATENCIES,
    'of a run': OF_RUN,
    'bytes_in, bytes_out': BYTES,
    'in a text report': TEXT_FIELDS,
    'of a request': RESULT_FIELDS,
  },
  labels: { earliest: 'timestamp', attack: 'test', method: 'method' },
  notes: [
    'JSON is in nanoseconds; text has Go’s durations, each in its own unit.',
    'Latencies are over all requests, those that failed too; a warning says where some did. Where none succeeded, the run is a failed record.',
    'Of single results each request is a record. One with a status below 200 or from 400 on, or with an error, is a failed one: its latency is marked and counts nowhere. When requests were sent, where to, and what was answered is not read.',
    'A report with a total of latencies and a mean of 0 was written before its statistics were computed: of it only counts are read.',
    '`rate` is what was sent, `throughput` what succeeded. The buckets of a histogram are not read.',
  ],
};

function isReport(value: JsonObject): boolean {
  return hasKeys(value, 'bytes_in', 'status_codes', 'requests') && hasKeys(objectAt(value, 'latencies'), '99th', 'mean');
}

function isKnown(value: JsonObject): boolean {
  return isReport(value) || isVegetaResult(value);
}

/** Whether a program that has vegeta as a library wrote its metrics without closing them: means, shares and rates are 0 then. */
function isOpen(report: JsonObject): boolean {
  const { total, mean } = objectAt(report, 'latencies');
  return (plainNumber(total) ?? 0) > 0 && plainNumber(mean) === 0;
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const labels = { tool: 'vegeta', ...labelsFrom(report, { earliest: 'timestamp' }, extract) };
  const requests = countOf(report.requests);
  extract.records += 1;
  if (isOpen(report)) {
    extract.warnings.add(
      'open reports',
      `${at}/latencies: the report was written before its statistics were computed (a total without a mean): only what it counts was read`,
    );
    readFields(extract, report, COUNTED, { at, labels });
    for (const key of ['bytes_in', 'bytes_out'])
      readFields(extract, objectAt(report, key), { total: BYTE_TOTAL }, { at: `${at}/${key}`, labels });
    return;
  }
  const failed = tellSuccess(extract, { success: plainNumber(report.success), requests, pointer: `${at}/success` });
  readFields(extract, objectAt(report, 'latencies'), LATENCIES, { at: `${at}/latencies`, labels, n: requests, failed });
  readFields(extract, report, OF_RUN, { at, labels, failed });
  for (const key of ['bytes_in', 'bytes_out']) readFields(extract, objectAt(report, key), BYTES, { at: `${at}/${key}`, labels, failed });
}
