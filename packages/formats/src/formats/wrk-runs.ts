import type { Extract } from '../extract.ts';
import { type TextLine, warnAboutCutLine } from './printed-text.ts';

/** A cell with the way to it. */
export type Printed = { text: string; pointer: string };

/** A run as wrk prints it. */
export type WrkRun = {
  /** of its first line that was found */
  line: number;
  url: string | null;
  threads: string | null;
  connections: string | null;
  /** wrk2: latencies count from when a request was due */
  corrected: boolean;
  latencies: readonly { statistic: string; cell: Printed }[];
  requests: Printed | null;
  /** responses that were errors */
  bad: Printed | null;
  /** by their kind: connect, read, write, timeout */
  errors: readonly Printed[];
  rate: Printed | null;
};

const THREAD_STATS = /^[ \t]{0,20}Thread Stats[ \t]{1,20}Avg[ \t]{1,20}Stdev[ \t]{1,20}(?:99%[ \t]{1,20})?Max\b/m;

/** Whether a text holds what wrk prints of a run. */
export function isWrkText(text: string): boolean {
  return text.includes('Thread Stats') && THREAD_STATS.test(text) && /^Requests\/sec:[ \t]{1,20}\S/m.test(text);
}

const RUNNING = /^Running \S{1,20} test @ (\S{1,400})/;
const THREADS = /^ {1,8}(\d{1,9}) threads? and (\d{1,9}) connections?/;
const LATENCY = /^[ \t]{1,20}Latency[ \t]{1,20}(\S{1,30})[ \t]{1,20}(\S{1,30})[ \t]{1,20}(\S{1,30})[ \t]{1,20}\S{1,30}$/;
const DISTRIBUTION = /^[ \t]{1,20}Latency Distribution/;
const PERCENTILE = /^[ \t]{0,20}(\d{1,3}(?:\.\d{1,6})?)%[ \t]{1,20}(\S{1,30})$/;
const TOTAL = /^[ \t]{1,20}(\d{1,18}) requests in /;
const SOCKETS = /^[ \t]{1,20}Socket errors: (.{1,200})$/;
const BAD = /^[ \t]{1,20}Non-2xx or 3xx responses: (\S{1,30})$/;
const RATE = /^Requests\/sec:[ \t]{1,20}(\S{1,30})$/;

type Draft = { -readonly [Key in keyof WrkRun]: WrkRun[Key] } & { latencies: { statistic: string; cell: Printed }[]; errors: Printed[] };

const fresh = (line: number): Draft => ({
  line,
  url: null,
  threads: null,
  connections: null,
  corrected: false,
  latencies: [],
  requests: null,
  bad: null,
  errors: [],
  rate: null,
});

/** The runs of a text. One that does not reach its rate broke off, and is left out. */
export function runsIn(lines: readonly TextLine[], extract: Extract): WrkRun[] {
  const runs: WrkRun[] = [];
  let run = fresh(1);
  let inDistribution = false;
  let begun = false;
  for (const line of lines) {
    const text = line.text.trimEnd();
    const rate = RATE.exec(text)?.[1];
    if (!line.ended && /^\s*(?:Requests\/sec|Latency|\d+ requests|Non-2xx|Socket)/.test(text)) {
      warnAboutCutLine(extract, line);
      break;
    }
    if (rate !== undefined) {
      runs.push({ ...run, rate: { text: rate, pointer: `line ${line.line} column Requests/sec` } });
      begun = false;
      run = fresh(line.line + 1);
      continue;
    }
    const url = RUNNING.exec(text)?.[1];
    if (url !== undefined) {
      if (begun) warnAboutBrokenRun(extract, run.line);
      run = { ...fresh(line.line), url };
      begun = true;
    }
    if (DISTRIBUTION.test(text)) inDistribution = !text.includes('Uncorrected');
    else if (!PERCENTILE.test(text)) inDistribution = false;
    see(run, line, text, inDistribution);
  }
  if (begun) warnAboutBrokenRun(extract, run.line);
  return runs;
}

function warnAboutBrokenRun(extract: Extract, line: number): void {
  extract.warnings.add('broken runs', `line ${line}: the run that begins here has no rate: it broke off, and was not read`);
}

function see(run: Draft, { line }: TextLine, text: string, inDistribution: boolean): void {
  const at = (column: string): string => `line ${line} column ${column}`;
  if (text.includes('HdrHistogram') || /^\s{0,20}Thread calibration:/.test(text)) run.corrected = true;
  const [, threads, connections] = THREADS.exec(text) ?? [];
  if (threads !== undefined) Object.assign(run, { threads, connections });
  const [, avg, stdev, max] = LATENCY.exec(text) ?? [];
  if (avg !== undefined && stdev !== undefined && max !== undefined && run.latencies.length === 0)
    run.latencies.push(
      { statistic: 'mean', cell: { text: avg, pointer: at('Latency Avg') } },
      { statistic: 'stddev', cell: { text: stdev, pointer: at('Latency Stdev') } },
      { statistic: 'max', cell: { text: max, pointer: at('Latency Max') } },
    );
  const [, percent, value] = (inDistribution && PERCENTILE.exec(text)) || [];
  const statistic = percent === undefined ? null : percentileOf(Number(percent));
  // The greatest stands above.
  if (statistic !== null && value !== undefined && !run.latencies.some((one) => one.statistic === statistic))
    run.latencies.push({ statistic, cell: { text: value, pointer: at(`${percent}%`) } });
  const total = TOTAL.exec(text)?.[1];
  if (total !== undefined) run.requests = { text: total, pointer: at('requests') };
  const bad = BAD.exec(text)?.[1];
  if (bad !== undefined) run.bad = { text: bad, pointer: at('Non-2xx or 3xx responses') };
  for (const [, kind = '', count = ''] of (SOCKETS.exec(text)?.[1] ?? '').matchAll(/\b(connect|read|write|timeout) (\d{1,15})/g))
    run.errors.push({ text: count, pointer: at(`Socket errors ${kind}`) });
}

function percentileOf(percent: number): string | null {
  return percent > 100 ? null : percent === 100 ? 'max' : percent === 50 ? 'median' : `p${percent}`;
}
