import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldMeaning, type FieldTable, objectAt, plainNumber, type RecordPlace, readFields } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { CONSOLE_FIELDS, isOhaText, readOhaText } from './oha-console.ts';
import { CSV_FIELDS, isOhaTable, readOhaTable } from './oha-csv.ts';
import { type Counted, type Counts, outcomeOf, tellFailures } from './oha-outcome.ts';
import { isPrinted } from './printed-text.ts';
import { beginsWithEntry, countOf, entriesIn } from './tool-reports.ts';

const PERCENTILES = ['p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'p99.99'];

function percentiles(metric: FieldMeaning['metric']): FieldTable {
  return Object.fromEntries(
    PERCENTILES.map((name) => [name, { metric, statistic: name === 'p50' ? 'median' : name, unit: 's', over: 'requests' }]),
  );
}

const LATENCIES = percentiles('request_latency');
/** Of a part of the answers, or of their first bytes: none of them is the latency of all. */
const OTHER_TIMES = percentiles('own');

const LATENCY: FieldTable = {
  average: { metric: 'request_latency', statistic: 'mean', unit: 's', over: 'requests' },
  fastest: { metric: 'request_latency', statistic: 'min', unit: 's', over: 'requests' },
  slowest: { metric: 'request_latency', statistic: 'max', unit: 's', over: 'requests' },
};
const SIZES: FieldTable = { sizePerRequest: { metric: 'own', statistic: 'mean', unit: 'bytes', over: 'requests' } };
const ofRun = (metric: FieldMeaning['metric'], unit: string, note?: string): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'runs',
  ...(note === undefined ? {} : { note }),
});
const OF_RUN: FieldTable = {
  total: ofRun('duration', 's'),
  successRate: ofRun('own', 'ratio', 'requests that were answered, by whatever status'),
  totalData: ofRun('own', 'bytes'),
  sizePerSec: ofRun('own', 'bytes/s'),
};
const RATE = { requestsPerSec: ofRun('request_throughput', 'req/s', 'own where requests failed, because they are counted in it') };
const OWN_RATE: FieldTable = { requestsPerSec: ofRun('own', 'req/s') };
const DETAILS: FieldTable = {
  average: { metric: 'own', statistic: 'mean', unit: 's' },
  fastest: { metric: 'own', statistic: 'min', unit: 's' },
  slowest: { metric: 'own', statistic: 'max', unit: 's' },
};

/** oha, a load generator for HTTP: `--output-format json` and `csv`. */
export const oha: Format = {
  name: 'oha',
  tool: 'oha (`--output-format json`, `csv`, and what it prints)',
  signature:
    'JSON: `summary.successRate`, `summary.requestsPerSec`, `latencyPercentiles`, `statusCodeDistribution` and `errorDistribution`; CSV: a header that begins `request-start,DNS,DNS+dialup,Response-delay,request-duration`; text: `Summary:`, `Success rate:`, `Requests/sec:` and `Status code distribution:`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && isOhaText(content.text);
    return content.shape === 'table' ? content.tables.some(isOhaTable) : beginsWithEntry(content, isReport);
  },
  read(content, extract) {
    if (content.shape === 'text') readOhaText(extract, content.text);
    if (content.shape === 'table') for (const table of content.tables.filter(isOhaTable)) readOhaTable(extract, table);
    for (const { at, object } of entriesIn(content, isReport, extract)) readReport(extract, object, at);
  },
  fields: {
    summary: { ...LATENCY, ...RATE, ...OF_RUN, ...SIZES },
    latencyPercentiles: LATENCIES,
    'firstBytePercentiles, latencyPercentilesSuccessful, latencyPercentilesNotSuccessful': OTHER_TIMES,
    'details: DNSDialup, DNSLookup, firstByte': DETAILS,
    'in a CSV, by request': CSV_FIELDS,
    'on the terminal': CONSOLE_FIELDS,
  },
  labels: {},
  notes: [
    'Checked against the tool’s source, its schema, and outputs of 1.16 and of an older version as others quote them; not against runs of our own.',
    'To oha every answer is a success, whatever its status: latencies are over all answers. Statuses from 400 on count as failures here, and so do errors; requests that the end of `-z` cut off do not, and have no latency.',
    '`requestsPerSec` counts requests that failed or were cut off too. Where some failed it is no throughput, and keeps its own name; a warning says so.',
    'On the terminal each number has its unit behind it; `1.2 10 sec` are 12 s. A run whose statuses and errors are not as many as its rate and time say is cut off, and not read.',
    'A run without an answer, or with answers of status 400 and more alone, is a failed record.',
    '`rps` is not read: it is over stretches of about 10 ms, and one of two answers that came together makes millions. Nor are histograms and `metrics`, which repeats other fields in milliseconds.',
    'The file does not say what was asked: no URL, no concurrency, and not whether `--latency-correction` was on.',
  ],
};

function isReport(object: JsonObject): boolean {
  if (!hasKeys(object, 'summary', 'latencyPercentiles', 'statusCodeDistribution', 'errorDistribution')) return false;
  return (
    hasKeys(objectAt(object, 'summary'), 'successRate', 'requestsPerSec', 'slowest') &&
    isObject(object.latencyPercentiles) &&
    isObject(object.statusCodeDistribution)
  );
}

function readReport(extract: Extract, report: JsonObject, at: string): void {
  const counts = countsOf(report);
  extract.records += 1;
  const place: RecordPlace = {
    at,
    labels: { tool: 'oha' },
    failed: tellFailures(extract, counts, { at, counted: `${at}/statusCodeDistribution` }),
  };
  const ofAll: RecordPlace = { ...place, n: counts.answered };
  const summary = objectAt(report, 'summary');
  const under = (...keys: string[]): string => [at, ...keys].join('/');
  readFields(extract, summary, LATENCY, { ...ofAll, at: under('summary') });
  readFields(extract, summary, counts.lost > 0 || counts.bad > 0 ? OWN_RATE : RATE, { ...place, at: under('summary') });
  readFields(extract, summary, OF_RUN, { ...place, at: under('summary') });
  readFields(extract, summary, SIZES, { ...ofAll, at: under('summary') });
  readFields(extract, objectAt(report, 'latencyPercentiles'), LATENCIES, { ...ofAll, at: under('latencyPercentiles') });
  for (const key of ['firstBytePercentiles', 'latencyPercentilesSuccessful', 'latencyPercentilesNotSuccessful'])
    readFields(extract, objectAt(report, key), OTHER_TIMES, { ...place, at: under(key) });
  for (const key of ['DNSDialup', 'DNSLookup', 'firstByte']) {
    const times = objectAt(objectAt(report, 'details'), key);
    // Where there was none, earlier versions have an average of 0 beside a fastest and a slowest of null.
    if (plainNumber(times.fastest) !== null) readFields(extract, times, DETAILS, { ...place, at: under('details', key) });
  }
}

function countsOf(report: JsonObject): Counts {
  const counted = (key: string): Counted[] =>
    Object.entries(objectAt(report, key)).map(([what, count]) => ({ what, count: countOf(count) }));
  return outcomeOf(counted('statusCodeDistribution'), counted('errorDistribution'));
}
