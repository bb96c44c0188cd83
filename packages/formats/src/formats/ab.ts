import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type LabelTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { type AbRun, isAbText, type Printed, runsIn } from './ab-runs.ts';
import type { Format } from './format.ts';
import { isPrinted, textLines } from './printed-text.ts';

const STATISTICS: Readonly<Record<string, string>> = {
  min: 'min',
  mean: 'mean',
  // With -S.
  avg: 'mean',
  '+/-sd': 'stddev',
  median: 'median',
  max: 'max',
};
const row = (name: string, metric: FieldMeaning['metric']): FieldTable =>
  Object.fromEntries(
    Object.entries(STATISTICS).map(([column, statistic]) => [`${name} ${column}`, { metric, statistic, unit: 'ms', over: 'requests' }]),
  );
const percentage = (statistic: string, note?: string): FieldMeaning => ({
  metric: 'request_latency',
  statistic,
  unit: 'ms',
  over: 'requests',
  ...(note === undefined ? {} : { note }),
});

const LATENCY = row('Total', 'request_latency');
const PARTS: FieldTable = { ...row('Connect', 'own'), ...row('Waiting', 'own') };
const PROCESSING: FieldTable = row('Processing', 'own');
const PERCENTAGES: FieldTable = {
  '50%': percentage('median', 'where the table has no median'),
  ...Object.fromEntries([66, 75, 80, 90, 95, 98, 99].map((percent) => [`${percent}%`, percentage(`p${percent}`)])),
  '100%': percentage('max', 'where the table has no row `Total`'),
};
const count: FieldMeaning = { metric: 'own', statistic: 'value', unit: null, over: 'runs' };
const size: FieldMeaning = { ...count, unit: 'bytes' };
const rate: FieldMeaning = { ...count, unit: 'KiB/s' };
const perRequest: FieldMeaning = { ...count, unit: 'ms' };
/** What is known of a run whether or not a request was completed. */
const COUNTS: FieldTable = {
  'Time taken for tests': { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  'Complete requests': count,
  'Failed requests': count,
  'Failed requests Connect': { ...count, note: 'no connection: not among the complete requests' },
  'Failed requests Receive': { ...count, note: 'an answer that broke off' },
  'Failed requests Length': { ...count, note: 'an answer longer or shorter than the first' },
  'Failed requests Exceptions': count,
  'Write errors': count,
  'Non-2xx responses': count,
  'Keep-Alive requests': count,
  'Total transferred': size,
  'HTML transferred': size,
};
const RATES: FieldTable = {
  'Requests per second': { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  'Time per request (mean)': { ...perRequest, note: 'concurrency × time taken / complete requests: no latency' },
  'Time per request (mean, across all concurrent requests)': { ...perRequest, note: 'time taken / complete requests: no latency' },
  'Transfer rate': { ...rate, note: 'received' },
  'Transfer rate sent': rate,
  'Transfer rate total': rate,
};
const LABELS: LabelTable = { 'Number of workers': 'threads', 'Concurrency Level': 'concurrency' };
/** Those that have no name in common with other tools. */
const OWN_LABELS: Readonly<Record<string, string>> = {
  'Server Software': 'server_software',
  'SSL/TLS Protocol': 'ssl_protocol',
  'Document Path': 'document_path',
};

/** ab of the Apache HTTP server: what it prints. */
export const ab: Format = {
  name: 'ab',
  tool: 'ApacheBench (`ab`)',
  signature:
    'text with a line `This is ApacheBench, Version …`, or with `Concurrency Level:`, `Time taken for tests:` and `Complete requests:`',
  detect: (content) => content.shape === 'text' && isPrinted(content.kind) && isAbText(content.text),
  read(content, extract) {
    if (content.shape === 'text') for (const run of runsIn(textLines(content.text), extract)) readRun(extract, run);
  },
  fields: {
    'times of the requests': { ...LATENCY, ...PERCENTAGES },
    'parts of these times': { ...PARTS, ...PROCESSING },
    'of a run': { ...COUNTS, ...RATES },
  },
  labels: LABELS,
  notes: [
    'Times are whole milliseconds, rounded by ab: 0 is less than half of one. `Waiting` (to the first byte of an answer) is part of `Processing`.',
    '`Time per request` is computed from the time of the whole run, so neither of the two is a latency: that is the row `Total`. Kbytes and kb are of 1024 bytes.',
    'All complete requests are in the rate and the times, failed ones too, and a warning says how many there were. ab counts an answer whose length is not that of the first as failed, which is right only for a page that never changes; a request may be counted under several kinds, and answers other than 2xx are counted apart.',
    'A run is a failed record where no request was completed, where no complete one has a 2xx answer that was received, where every answer has a wrong length, and where ab gave up. Without a complete request there are no rates and no times.',
    'The table and the percentages state the median and the greatest twice: the table is read, the percentages where it has none. For an odd number of requests ab’s median is between the middle one and the next. Of the short table (`-S`), the row `Processing` is not read: version 2.2 computes it from the others.',
    'With a limit of time and a window of requests (newer than 2.4) a time is the mean of several requests: the times are not read then.',
    'Labels too: `server` (name and port), `server_software`, `document_path`, `ssl_protocol`, and `keep_alive` where it was asked for. The method is not in the report. Tables in HTML (`-w`) are not read. Reports before version 2.0 are unchecked.',
  ],
};

function readRun(extract: Extract, run: AbRun): void {
  extract.records += 1;
  if (!run.reported) {
    extract.fail({ pointer: `line ${run.line}`, reason: `ab gave up: ${run.aborted ?? 'no reason'}` });
    return;
  }
  const complete = countIn(run, 'Complete requests');
  if (complete === null) {
    extract.warnings.add('broken runs', `line ${run.line}: the run does not say how many requests were completed; it was not read`);
    return;
  }
  const place: Place = { labels: labelsOf(run, extract), failed: tellFailures(extract, run, complete), n: null };
  readCells(extract, run.cells, COUNTS, place);
  if (complete === 0) return;
  readCells(extract, run.cells, RATES, place);
  const window = /^(\d{1,15}) \(window\)$/.exec(run.cells.get('Number of requests')?.text ?? '')?.[1];
  if (window !== undefined && complete > Number(window)) {
    const sentence = `line ${run.line}: ${complete} requests went into a window of ${window}: each time is a mean of several, and none was read`;
    extract.warnings.add('means of means', sentence);
    return;
  }
  const ofRequests = { ...place, n: complete };
  readCells(extract, run.times, LATENCY, ofRequests);
  readCells(extract, run.times, PARTS, ofRequests);
  // With -S, version 2.2 computes it: the least of all less the least of the connects is no time of any request.
  if (!run.times.has('Processing avg')) readCells(extract, run.times, PROCESSING, ofRequests);
  // What stands in the table is not read a second time: half of the requests is not always ab's median.
  const { '50%': half, '100%': all, ...others } = PERCENTAGES;
  const rest: FieldTable = {
    ...(half === undefined || run.times.has('Total median') ? {} : { '50%': half }),
    ...others,
    ...(all === undefined || run.times.has('Total max') ? {} : { '100%': all }),
  };
  readCells(extract, run.times, rest, ofRequests);
}

type Place = { labels: Record<string, string>; n: number | null; failed: boolean };

function readCells(extract: Extract, cells: ReadonlyMap<string, Printed>, table: FieldTable, place: Place): void {
  for (const [field, meaning] of Object.entries(table)) {
    const cell = cells.get(field);
    if (cell === undefined) continue;
    if (/^\d{1,18}(?:\.\d{1,9})?$/.test(cell.text))
      addNumber(extract, new LiteralNumber(cell.text), meaning, { ...place, pointer: cell.pointer }, ownName(cell.pointer, meaning));
    else
      extract.warnings.add(
        'no numbers',
        `${cell.pointer}: "${excerpt(cell.text, 40)}" is no number in a unit that is known; it was not read`,
      );
  }
}

/** What the file calls it: of `Connect min` the row, because the column is the statistic. */
function ownName(pointer: string, { over }: FieldMeaning): string {
  const name = pointer.replace(/^line \d+ column /, '');
  return over === 'requests' ? name.replace(/ \S+$/, '') : name;
}

function labelsOf(run: AbRun, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = { tool: 'ab' };
  addLabel(labels, 'tool_version', run.version);
  const at = (name: string): string => run.cells.get(name)?.text ?? '';
  if (at('Server Hostname') !== '') addLabel(labels, 'server', `${at('Server Hostname')}:${at('Server Port')}`, extract);
  for (const [name, label] of [...Object.entries(OWN_LABELS), ...Object.entries(LABELS)]) addLabel(labels, label, at(name), extract);
  if (run.cells.has('Keep-Alive requests')) labels.keep_alive = 'yes';
  return labels;
}

/** @returns whether no request succeeded */
function tellFailures(extract: Extract, run: AbRun, complete: number): boolean {
  const of = (name: string): number => countIn(run, name) ?? 0;
  const [failed, others, unsent] = [of('Failed requests'), of('Non-2xx responses'), of('Write errors')];
  const kinds = run.cells.has('Failed requests Length');
  // Kinds overlap: a request that was cut off counts twice. Lengths may differ on purpose, so they alone are no run of failures
  // as long as one answer, the first, had its length.
  const wrong = kinds ? of('Failed requests Length') : failed;
  const told = `${failed} failed${kinds ? ` (${wrong} by another length than the first)` : ''}, ${others} responses other than 2xx, ${unsent} write errors`;
  const line = `line ${run.line}`;
  if (complete === 0) extract.fail({ pointer: line, reason: `no request was completed: ${told}` });
  else if (others + of('Failed requests Receive') + unsent >= complete || wrong >= complete)
    extract.fail({ pointer: line, reason: `none of ${complete} complete requests succeeded: ${told}` });
  else {
    if (failed + others + unsent > 0)
      extract.warnings.add(
        'failed requests',
        `${line}: ${told}, of ${complete} complete requests; the rate and the times are over all that were completed`,
      );
    return false;
  }
  return true;
}

function countIn(run: AbRun, name: string): number | null {
  const text = run.cells.get(name)?.text ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
