import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, objectAt, plainNumber, type RecordPlace, readFields } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { CONSOLE_FIELDS, readAutocannonText } from './autocannon-console.ts';
import { isAutocannonText } from './autocannon-console-runs.ts';
import type { Format } from './format.ts';
import { labelsOf } from './label-candidates.ts';
import { isPrinted } from './printed-text.ts';
import { beginsWithEntry, countOf, entriesIn } from './tool-reports.ts';

/** Field → statistic, where there is one of the distribution in the file. */
const STATISTICS: Readonly<Record<string, string>> = {
  mean: 'mean',
  stddev: 'stddev',
  min: 'min',
  max: 'max',
  p1: 'p1',
  p2_5: 'p2.5',
  p10: 'p10',
  p25: 'p25',
  p50: 'median',
  p75: 'p75',
  p90: 'p90',
  p97_5: 'p97.5',
  p99: 'p99',
  p99_9: 'p99.9',
  p99_99: 'p99.99',
  p99_999: 'p99.999',
};

function table(meaning: Omit<FieldMeaning, 'statistic'>): FieldTable {
  return Object.fromEntries(Object.entries(STATISTICS).map(([field, statistic]) => [field, { ...meaning, statistic }]));
}

const LATENCY = table({ metric: 'request_latency', unit: 'ms', over: 'requests' });
/** A sample is one second of the run. */
const REQUESTS: FieldTable = {
  average: { metric: 'request_throughput', statistic: 'mean', unit: 'req/s', over: 'samples', note: 'of the seconds of the run' },
  stddev: { metric: 'request_throughput', statistic: 'stddev', unit: 'req/s', over: 'samples' },
  min: { metric: 'request_throughput', statistic: 'min', unit: 'req/s', over: 'samples' },
  max: { metric: 'request_throughput', statistic: 'max', unit: 'req/s', over: 'samples' },
};
const THROUGHPUT: FieldTable = {
  average: { metric: 'own', statistic: 'mean', unit: 'bytes/s', over: 'samples' },
  stddev: { metric: 'own', statistic: 'stddev', unit: 'bytes/s', over: 'samples' },
  min: { metric: 'own', statistic: 'min', unit: 'bytes/s', over: 'samples' },
  max: { metric: 'own', statistic: 'max', unit: 'bytes/s', over: 'samples' },
};
const count: FieldMeaning = { metric: 'own', statistic: 'value', unit: null, over: 'runs' };
const OF_RUN: FieldTable = {
  duration: { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  errors: count,
  timeouts: { ...count, note: 'among the errors' },
  mismatches: count,
  resets: count,
  non2xx: count,
  '2xx': count,
};

/** autocannon, a benchmark of HTTP servers: `--json`, and the tables that it prints. */
export const autocannon: Format = {
  name: 'autocannon',
  tool: 'autocannon (`--json`, and what it prints)',
  signature:
    'an object with `latency.p97_5`, `requests.average` and `connections`; text with tables of which the rows begin `│ Latency` and `│ Req/Sec`',
  detect: (content) =>
    content.shape === 'text' ? isPrinted(content.kind) && isAutocannonText(content.text) : beginsWithEntry(content, isRun),
  read(content, extract) {
    if (content.shape === 'text') readAutocannonText(extract, content.text);
    for (const { at, object } of entriesIn(content, isRun, extract)) readRun(extract, object, at);
  },
  fields: { latency: LATENCY, requests: REQUESTS, throughput: THROUGHPUT, 'of a run': OF_RUN, 'on the terminal': CONSOLE_FIELDS },
  labels: { connections: 'concurrency', url: 'url', start: 'timestamp' },
  notes: [
    'Latencies are in milliseconds, whole ones for the percentiles; requests and bytes are counted second by second. `average` and `mean` are one number; percentiles of seconds are not read.',
    'Responses other than 2xx are among the latencies, errors and timeouts are not; a warning says where there were some. Where no response was 2xx, the run is a failed record.',
    'On the terminal the number of requests is rounded to thousands where there were more, and newer versions print how many were sent: n is known there where the responses are counted, or by early versions. Where nothing was read, no request succeeded. Requests by second that are not written as in English are not read, nor are those that were counted by another time than a second (`sampleInt`). A run without the line of its requests broke off, and is not read; nor is the table of `--latency`.',
  ],
};

function isRun(object: JsonObject): boolean {
  if (!hasKeys(object, 'latency', 'requests', 'throughput', 'connections') || !isObject(object.latency)) return false;
  return hasKeys(objectAt(object, 'latency'), 'p97_5') && hasKeys(objectAt(object, 'requests'), 'average', 'total');
}

function readRun(extract: Extract, run: JsonObject, at: string): void {
  const labels = {
    tool: 'autocannon',
    ...labelsOf(
      {
        title: [run.title],
        url: [run.url],
        concurrency: [run.connections],
        pipelining: [run.pipelining],
        workers: [run.workers],
        timestamp: [run.start],
      },
      extract,
    ),
  };
  const latency = objectAt(run, 'latency');
  const requests = objectAt(run, 'requests');
  const total = countOf(requests.total);
  extract.records += 1;
  const failed = tellFailures(extract, run, total, at);
  const place: RecordPlace = { at, labels, failed };
  const n = countOf(latency.totalCount) ?? total;
  // Early versions have the mean under its other name alone.
  const mean = hasKeys(latency, 'mean') ? [] : ['average'];
  readFields(extract, latency, LATENCY, { ...place, at: `${at}/latency`, n });
  for (const field of mean)
    addNumber(
      extract,
      latency[field],
      { metric: 'request_latency', statistic: 'mean', unit: 'ms', over: 'requests' },
      { labels, failed, n, pointer: `${at}/latency/${field}` },
    );
  readSamples(extract, run, place);
  readFields(extract, run, OF_RUN, place);
}

function readSamples(extract: Extract, run: JsonObject, place: RecordPlace): void {
  const { at } = place;
  const sampled = plainNumber(run.sampleInt);
  if (sampled !== null && sampled !== 1000) {
    extract.warnings.add(
      'samples of other lengths',
      `${at}/sampleInt: requests and bytes were counted every ${sampled} ms and not by second: they were not read`,
    );
    return;
  }
  // Under `samples` the file has the number of these seconds, or of a multi-round run's results: it is not taken as n.
  readFields(extract, objectAt(run, 'requests'), REQUESTS, { ...place, at: `${at}/requests` });
  readFields(extract, objectAt(run, 'throughput'), THROUGHPUT, { ...place, at: `${at}/throughput` });
}

/** @returns whether no request succeeded */
function tellFailures(extract: Extract, run: JsonObject, total: number | null, at: string): boolean {
  const good = plainNumber(run['2xx']);
  const errors = plainNumber(run.errors) ?? 0;
  const others = plainNumber(run.non2xx) ?? 0;
  if (total === 0 || good === 0) {
    const pointer = good === 0 ? `${at}/2xx` : `${at}/requests/total`;
    extract.fail({ pointer, reason: `no request succeeded: ${errors} errors, ${others} responses other than 2xx` });
    return true;
  }
  if (errors > 0 || others > 0)
    extract.warnings.add(
      'failed requests',
      `${at || 'the run'}: ${errors} errors (timeouts among them) and ${others} responses other than 2xx; the latencies are over all that were answered`,
    );
  return false;
}
