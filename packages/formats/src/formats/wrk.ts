import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import { isPrinted, textLines } from './printed-text.ts';
import { isWrkText, type Printed, runsIn, type WrkRun } from './wrk-runs.ts';

const latency = (statistic: string): FieldMeaning => ({
  metric: 'request_latency',
  statistic,
  unit: 's',
  over: 'requests',
  note: 'or in the unit of its cell',
});

const LATENCIES: FieldTable = {
  'Latency Avg': latency('mean'),
  'Latency Stdev': latency('stddev'),
  'Latency Max': latency('max'),
  'Latency 99%': latency('p99'),
  'Latency Distribution 50%': latency('median'),
  'Latency Distribution 99%': latency('p99'),
};
const OF_RUN = {
  'Requests/sec': { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  'requests in': { metric: 'own', statistic: 'value', unit: null, over: 'runs' },
  'Non-2xx or 3xx responses': { metric: 'own', statistic: 'value', unit: null, over: 'runs' },
  'Socket errors': { metric: 'own', statistic: 'value', unit: null, over: 'runs', note: 'each kind by itself' },
} as const satisfies FieldTable;

/** wrk and wrk2, benchmarks of HTTP servers: what they print. */
export const wrk: Format = {
  name: 'wrk',
  tool: 'wrk, wrk2',
  signature: 'text with a line `Requests/sec:` and a line `Thread Stats   Avg      Stdev     Max` or `… requests in …, … read`',
  detect: (content) => content.shape === 'text' && isPrinted(content.kind) && isWrkText(content.text),
  read(content, extract) {
    if (content.shape === 'text') for (const run of runsIn(textLines(content.text), extract)) readRun(extract, run);
  },
  fields: { 'over the requests of a run': LATENCIES, 'of a run': OF_RUN },
  labels: { connections: 'concurrency', threads: 'threads', 'Running … @': 'url' },
  notes: [
    'Every cell has its unit behind it (`us`, `ms`, `s`, `m`, `h`); `-nan` is no value. Percentiles are read whichever there are. Where nothing was timed the times stand as 0: they are absent.',
    'wrk sends the next request when the last one was answered: where the server stalls, its latencies leave out what waited (coordinated omission). wrk2 (`-R`) counts from when a request was due; its distribution without that correction is not read, nor is the detailed spectrum. It leaves out the requests of its calibration, so that n is its `Total count`, and unknown without one.',
    'Rates by thread (`Req/Sec`) and sizes (which are binary, whatever their letters say) are not read.',
    'Responses that are errors are among the latencies, and a warning says so. A run without an answer, or with errors alone, is a failed record.',
  ],
};

function readRun(extract: Extract, run: WrkRun): void {
  const labels: Record<string, string> = { tool: run.corrected ? 'wrk2' : 'wrk' };
  addLabel(labels, 'url', run.url, extract);
  addLabel(labels, 'threads', run.threads);
  addLabel(labels, 'concurrency', run.connections);
  const requests = run.requests === null ? null : Number(run.requests.text);
  const bad = run.bad === null ? 0 : Number(run.bad.text);
  extract.records += 1;
  const failed = requests === 0 || (requests !== null && bad >= requests);
  const where = `line ${run.line}`;
  if (failed)
    extract.fail({ pointer: where, reason: requests === 0 ? 'no request was answered' : `all of ${requests} responses were errors` });
  else if (bad > 0)
    extract.warnings.add(
      'failed requests',
      `${where}: ${bad} responses of ${requests ?? 'its requests'} were no 2xx or 3xx; the latencies are over them too`,
    );
  const broken = run.errors.reduce((sum, { text }) => sum + Number(text), 0);
  if (broken > 0)
    extract.warnings.add('socket errors', `${where}: ${broken} socket errors (timeouts among them): those requests have no latency`);
  readLatencies(extract, run, { labels, n: run.timed, failed });
  const add = (cell: Printed | null, meaning: FieldMeaning, own: string): void => {
    if (cell === null) return;
    if (/^\d{1,15}(?:\.\d{1,9})?$/.test(cell.text))
      addNumber(extract, new LiteralNumber(cell.text), meaning, { labels, failed, pointer: cell.pointer }, own);
    else warnAbout(extract, cell);
  };
  add(run.rate, OF_RUN['Requests/sec'], 'Requests/sec');
  add(run.requests, OF_RUN['requests in'], 'requests');
  add(run.bad, OF_RUN['Non-2xx or 3xx responses'], 'Non-2xx or 3xx responses');
  for (const cell of run.errors) add(cell, OF_RUN['Socket errors'], cell.pointer.replace(/^line \d+ column /, ''));
}

function readLatencies(extract: Extract, { line, latencies, untimed, requests }: WrkRun, { labels, n, failed }: Place): void {
  // Where nothing was timed, wrk prints zeros.
  if (n === 0 || requests?.text === '0') return;
  if (untimed) {
    extract.warnings.add('not measured', `line ${line}: no request was timed, so that its latencies are printed as 0: they were not read`);
    return;
  }
  const parts = new Set(latencies.map(({ url }) => url)).size;
  for (const { statistic, cell, url } of latencies) {
    const own: Record<string, string> = { ...labels };
    if (parts > 1) addLabel(own, 'url', url, extract);
    // Of several addresses, how many requests went to each is not printed.
    addTime(extract, cell, latency(statistic), { labels: own, n: parts > 1 ? null : n, failed });
  }
}

const UNITS: Readonly<Record<string, string>> = { us: 'us', ms: 'ms', s: 's', m: 'min', h: 'h' };

type Place = { labels: Record<string, string>; n: number | null; failed: boolean };

function addTime(extract: Extract, cell: Printed, meaning: FieldMeaning, place: Place): void {
  const [, literal, symbol = ''] = /^(\d{1,15}(?:\.\d{1,9})?)(us|ms|s|m|h)$/.exec(cell.text) ?? [];
  if (literal !== undefined)
    addNumber(extract, new LiteralNumber(literal), { ...meaning, unit: UNITS[symbol] ?? null }, { ...place, pointer: cell.pointer });
  else if (!/^-?nan/i.test(cell.text)) warnAbout(extract, cell);
}

function warnAbout(extract: Extract, { text, pointer }: Printed): void {
  extract.warnings.add('no numbers', `${pointer}: "${excerpt(text, 40)}" is no number that is known; it was not read`);
}
