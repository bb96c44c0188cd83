import type { Extract } from '../extract.ts';
import { type TextLine, warnAboutCutLine } from './printed-text.ts';

/** A cell with the way to it. */
export type Printed = { text: string; pointer: string };

/** A time of a run. */
export type WrkLatency = {
  statistic: string;
  cell: Printed;
  /** wrk2: the address of the part that it stands in, where a run asks several */
  url: string | null;
};

/** A run as wrk prints it. */
export type WrkRun = {
  /** of its first line that was found */
  line: number;
  url: string | null;
  threads: string | null;
  connections: string | null;
  /** wrk2: latencies count from when a request was due */
  corrected: boolean;
  latencies: readonly WrkLatency[];
  /** nothing was timed: its times stand as 0, and the share of those within one deviation as `nan%` */
  untimed: boolean;
  requests: Printed | null;
  /** how many of them the times are over: wrk2 leaves out those of its calibration. Null where that is not printed */
  timed: number | null;
  /** responses that were errors */
  bad: Printed | null;
  /** by their kind: connect, read, write, timeout */
  errors: readonly Printed[];
  rate: Printed | null;
};

/** The columns of the first table: wrk2 may print the percentile in the place of the greatest. */
const THREAD_STATS = /^Thread Stats[ \t]{1,20}Avg[ \t]{1,20}Stdev[ \t]{1,20}(?:99%|(?:99%[ \t]{1,20})?Max)(?:[ \t]{1,20}\+\/- Stdev)?$/;

/** Whether a text holds what wrk prints of a run. */
export function isWrkText(text: string): boolean {
  if (!text.includes('Requests/sec:') || !/^[ \t]{0,40}Requests\/sec:[ \t]{1,20}\S/m.test(text)) return false;
  return (
    /^[ \t]{0,40}Thread Stats[ \t]{1,20}Avg[ \t]{1,20}Stdev[ \t]{1,20}(?:99%|Max)/m.test(text) ||
    /^[ \t]{0,40}\d{1,18} requests in \d{1,9}(?:\.\d{1,3})?(?:us|ms|s|m|h), \S{1,20} read[ \t]{0,20}$/m.test(text)
  );
}

// What is pasted elsewhere may be indented, so the patterns are of lines without their margins.
const RUNNING = /^Running \S{1,20} test @ (\S{1,400})/;
const PART = /^Test Results @ (\S{1,400})$/;
const THREADS = /^(\d{1,9}) threads? and (\d{1,9}) connections?/;
const LATENCY = /^Latency((?:[ \t]{1,20}\S{1,30}){3,5})$/;
const DISTRIBUTION = /^Latency Distribution/;
const PERCENTILE = /^(\d{1,3}(?:\.\d{1,6})?)%[ \t]{1,20}(\S{1,30})$/;
const TOTAL = /^(\d{1,18}) requests in /;
const COUNT = /^#\[Max {1,10}= {1,20}\S{1,20}, Total count {1,10}= {1,20}(\d{1,15})\]$/;
const SOCKETS = /^Socket errors: (.{1,200})$/;
const BAD = /^Non-2xx or 3xx responses: (\S{1,30})$/;
const RATE = /^Requests\/sec:[ \t]{1,20}(\S{1,30})$/;

const STATISTICS: Readonly<Record<string, string>> = { Avg: 'mean', Stdev: 'stddev', '99%': 'p99', Max: 'max' };

type Draft = { -readonly [Key in keyof WrkRun]: WrkRun[Key] } & {
  latencies: WrkLatency[];
  errors: Printed[];
  part: string | null;
  /** statistics that there are, by the address of their part */
  seen: Set<string>;
  columns: readonly string[];
  calibrated: boolean;
};

const fresh = (line: number): Draft => ({
  line,
  url: null,
  threads: null,
  connections: null,
  corrected: false,
  latencies: [],
  untimed: false,
  part: null,
  seen: new Set(),
  columns: [],
  calibrated: false,
  requests: null,
  timed: null,
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
    const text = line.text.trim();
    const rate = RATE.exec(text)?.[1];
    if (!line.ended && /^(?:Requests\/sec|Latency|\d{1,18} requests|Non-2xx|Socket)/.test(text)) {
      warnAboutCutLine(extract, line);
      break;
    }
    if (rate !== undefined && run.requests === null && run.latencies.length === 0) {
      // Other load generators name their rate so too.
      extract.warnings.add('other rates', `line ${line.line}: the rate has no run of wrk above it: it was not read`);
      continue;
    }
    if (rate !== undefined) {
      const { part, seen, columns, calibrated, ...whole } = run;
      const timed = run.timed ?? (calibrated || run.requests === null ? null : Number(run.requests.text));
      runs.push({ ...whole, timed, rate: { text: rate, pointer: `line ${line.line} column Requests/sec` } });
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
    else if (text !== '' && !PERCENTILE.test(text)) inDistribution = false;
    see(run, line, text, inDistribution);
    if (isOddTable(text, run.columns))
      extract.warnings.add('other columns', `line ${line.line}: these latencies have no header with as many columns: they were not read`);
  }
  if (begun) warnAboutBrokenRun(extract, run.line);
  return runs;
}

function warnAboutBrokenRun(extract: Extract, line: number): void {
  extract.warnings.add('broken runs', `line ${line}: the run that begins here has no rate: it broke off, and was not read`);
}

function isOddTable(text: string, columns: readonly string[]): boolean {
  const cells =
    LATENCY.exec(text)?.[1]
      ?.trim()
      .split(/[ \t]{1,20}/) ?? [];
  return cells.length > 0 && cells.every((cell) => /^\d/.test(cell)) && cells.length !== columns.length + 1;
}

function see(run: Draft, { line }: TextLine, text: string, inDistribution: boolean): void {
  const at = (column: string): string => `line ${line} column ${column}`;
  if (text.startsWith('Thread calibration:')) run.calibrated = true;
  if (text.includes('HdrHistogram') || run.calibrated) run.corrected = true;
  // The first of them is of the distribution that is read.
  const counted = COUNT.exec(text)?.[1];
  if (counted !== undefined) run.timed ??= Number(counted);
  const [, threads, connections] = THREADS.exec(text) ?? [];
  if (threads !== undefined) Object.assign(run, { threads, connections });
  run.part = PART.exec(text)?.[1] ?? run.part;
  // `+/- Stdev` is one column.
  if (THREAD_STATS.test(text))
    run.columns = text
      .slice('Thread Stats'.length)
      .replace('+/- Stdev', '')
      .trim()
      .split(/[ \t]+/);
  if (run.columns.includes('99%')) run.corrected = true;
  const add = (statistic: string, value: string, column: string): void => {
    const cell = { text: value, pointer: at(column) };
    const key = `${statistic} ${run.part}`;
    if (!run.seen.has(key)) run.latencies.push({ statistic, cell, url: run.part });
    run.seen.add(key);
  };
  const cells =
    LATENCY.exec(text)?.[1]
      ?.trim()
      .split(/[ \t]+/) ?? [];
  if (cells.length === run.columns.length + 1) {
    run.untimed ||= /nan%$/i.test(cells.at(-1) ?? '') && cells.slice(0, -1).every((cell) => Number.parseFloat(cell) === 0);
    for (const [index, column] of run.columns.entries()) add(STATISTICS[column] ?? column, cells[index] ?? '', `Latency ${column}`);
  }
  const [, percent, value] = (inDistribution && PERCENTILE.exec(text)) || [];
  const statistic = percent === undefined ? null : percentileOf(Number(percent));
  if (statistic !== null && value !== undefined) add(statistic, value, `${percent}%`);
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
