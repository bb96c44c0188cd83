import { addParameter, jvmArguments } from './jmh-modes.ts';
import type { TextLine } from './printed-text.ts';

/** A number as it is printed, with its unit and the way to it. */
export type JmhPrinted = { text: string; unit: string; pointer: string };

/** One benchmark with one set of parameters, as its log tells it. */
export type JmhRun = {
  line: number;
  test: string;
  /** thrpt, avgt, sample, ss; empty where the log does not say */
  mode: string;
  params: Readonly<Record<string, string>>;
  labels: Record<string, string>;
  iterations: JmhPrinted[];
  /** what was printed of a failure, with its line */
  failure: { line: number; reason: string } | null;
  /** the statistics below `Result`: none where there is no result */
  results: (JmhPrinted & { statistic: string })[];
  hasResult: boolean;
  /** how many single calls were timed, in mode `sample` */
  calls: number | null;
  /** the log went on with something else behind it */
  ended: boolean;
};

const MODES: readonly (readonly [begin: string, mode: string])[] = [
  ['Throughput', 'thrpt'],
  ['Average time', 'avgt'],
  ['Sampling time', 'sample'],
  ['Single shot', 'ss'],
];

/** Digits as JMH prints them: it never groups thousands, so that a comma is the sign of the fraction, whatever follows it. */
export const JMH_NUMBER = String.raw`-?\d{1,18}(?:[.,]\d{1,12})?`;
/** A score that is rounded away is printed as a power of ten, or as zero. */
export const JMH_SCORE = `(?:${JMH_NUMBER}|≈ ?(?:10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,5}|0)|NaN)`;
/** Where the terminal has no ±, another sign stands there; where UTF-8 was taken for another encoding, two. */
export const JMH_SIGN = String.raw`(?:\u00c2?[±?\ufffd]|\+\/-)`;

const ITERATION = new RegExp(String.raw`^Iteration {1,6}(\d{1,9}): (${JMH_SCORE})(?: ${JMH_SIGN}\(99[.,]9%\) ${JMH_SCORE})? (\S{1,40})$`);
const FAILURE = /^(?:# Warmup Iteration|Iteration) {1,6}\d{1,9}: (?:.{0,200})<failure>/;
const FORK_FAILURE = /^(<forked VM failed with exit code .{1,20}>)/;
const MEAN = new RegExp(
  String.raw`^(?:Result(?: ".{0,400}")?: |Run result: |[ \t]{1,20}(?:mean = {1,20})?)(${JMH_SCORE})(?: ${JMH_SIGN}\(99[.,]9%\) (${JMH_SCORE}))? (\S{1,40})(?: \[\w{1,20}\]| \(<= 2 samples\))?$`,
);
const SPREAD = new RegExp(
  String.raw`^[ \t]{1,20}(?:Statistics: )?\(min, avg, max\) = \((${JMH_SCORE}), ${JMH_SCORE}, (${JMH_SCORE})\), stdev = (${JMH_SCORE})$`,
);
const CALLS = /^[ \t]{1,20}(?:Samples, )?N = (\d{1,15})$/;
const PERCENTILE = new RegExp(String.raw`^[ \t]{1,20}p\( {0,10}(\d{1,3}[.,]\d{1,9})\) = {1,20}(${JMH_SCORE}) (\S{1,40})$`);

/** Whether a text holds the log of a run. */
export function isJmhLog(text: string): boolean {
  return /^(?:\[info\] )?# Benchmark mode: [A-Z]/m.test(text) && /^(?:\[info\] )?# Benchmark: \S/m.test(text);
}

/** Collects the runs of a log, line by line. */
export class JmhLog {
  readonly runs: JmhRun[] = [];
  #settings: Record<string, string> = {};
  #mode = '';
  #inResult = false;
  #failing = false;

  /** Takes a line that ended; `text` is without what a build tool puts before it. */
  take({ line, text }: TextLine): void {
    if (/^# JMH (?:version: )?\d/.test(text)) {
      this.end();
      this.#settings = {};
      this.#mode = '';
    }
    this.#readSetting(text);
    const [, test] = /^# Benchmark: (\S.{0,400})$/.exec(text) ?? [];
    if (test !== undefined) this.#begin(line, test);
    else if (/^# Run complete\b|^REMEMBER: /.test(text)) this.end();
    const run = this.#open();
    if (run !== null) this.#readRun(run, line, text);
  }

  /** Says that something else follows the run that is open. */
  end(): void {
    const run = this.#open();
    if (run !== null) run.ended = true;
  }

  #open(): JmhRun | null {
    const run = this.runs.at(-1);
    return run === undefined || run.ended ? null : run;
  }

  #begin(line: number, test: string): void {
    this.end();
    this.#inResult = false;
    this.#failing = false;
    const labels = { tool: 'jmh', ...this.#settings, ...(this.#mode === '' ? {} : { mode: this.#mode }) };
    const none = { iterations: [], failure: null, results: [], hasResult: false, calls: null, ended: false };
    this.runs.push({ line, test, mode: this.#mode, params: {}, labels, ...none });
  }

  #readSetting(text: string): void {
    const [, name, value = ''] =
      /^# (JMH version|JMH|VM version|VM options|Threads|Measurement|Benchmark mode):? (\S.{0,2000})$/.exec(text) ?? [];
    const first = value.split(/[\s,]/, 1)[0] ?? '';
    if (name === 'JMH' || name === 'JMH version') this.#settings.tool_version = first;
    else if (name === 'Threads') this.#settings.threads = first;
    else if (name === 'VM options' && value !== '<none>') this.#settings.jvm_args = jvmArguments(value);
    else if (name === 'Measurement') {
      const [, calls] = /, (\d{1,9}) calls per op$/.exec(value) ?? [];
      if (calls !== undefined) this.#settings.batch = calls;
    } else if (name === 'VM version') {
      const [, jdk, vm] = /^JDK ([^,\s]{1,60}), ([^,]{1,100}?)(?:,|$)/.exec(value) ?? [];
      if (jdk !== undefined) this.#settings.jdk_version = jdk;
      if (vm !== undefined) this.#settings.vm = vm;
    } else if (name === 'Benchmark mode') this.#mode = MODES.find(([begin]) => value.startsWith(begin))?.[1] ?? '';
  }

  #readRun(run: JmhRun, line: number, text: string): void {
    const [, parameters] = /^# Parameters: \((.{1,2000})\)$/.exec(text) ?? [];
    if (parameters !== undefined) {
      const params: Record<string, string> = {};
      for (const part of parameters.split(/, (?=[\w$]{1,100} = )/)) {
        const at = part.indexOf(' = ');
        if (at > 0) params[part.slice(0, at)] = part.slice(at + 3);
      }
      run.params = params;
      for (const [key, value] of Object.entries(params)) addParameter(run.labels, key, value);
    }
    this.#readFailure(run, line, text);
    if (/^(?:Result(?: ".{0,400}"|:)|Run result: )/.test(text)) this.#inResult = true;
    else if (/^(?:Secondary result|# )/.test(text)) this.#inResult = false;
    const [, , score, unit = ''] = ITERATION.exec(text) ?? [];
    if (score !== undefined) run.iterations.push({ text: score, unit, pointer: `line ${line} column Iteration` });
    else if (this.#inResult) readResult(run, line, text);
  }

  /** A failure, and below it what was thrown. */
  #readFailure(run: JmhRun, line: number, text: string): void {
    const fork = FORK_FAILURE.exec(text)?.[1];
    if (FAILURE.test(text) || fork !== undefined) {
      run.failure ??= { line, reason: fork ?? '' };
      this.#failing = true;
    } else if (this.#failing && text.trim() !== '') {
      if (run.failure?.reason === '') run.failure.reason = text.trim();
      this.#failing = false;
    }
  }
}

function readResult(run: JmhRun, line: number, text: string): void {
  const add = (statistic: string, score: string | undefined, unit: string): void => {
    if (score !== undefined) run.results.push({ statistic, text: score, unit, pointer: `line ${line} column ${statistic}` });
  };
  const [, mean, error, unit = ''] = MEAN.exec(text) ?? [];
  const [, calls] = CALLS.exec(text) ?? [];
  const spread = SPREAD.exec(text);
  const [, percent, score, ofPercentile = ''] = PERCENTILE.exec(text) ?? [];
  if (calls !== undefined) run.calls = Number(calls);
  else if (percent !== undefined) add(percentileName(Number(percent.replace(',', '.'))), score, ofPercentile);
  else if (mean !== undefined && !run.hasResult) {
    run.hasResult = true;
    add('mean', mean, unit);
    add('error', error, unit);
  } else if (spread !== null && run.hasResult) {
    const stated = run.results[0]?.unit ?? '';
    add('min', spread[1], stated);
    add('max', spread[2], stated);
    add('stddev', spread[3], stated);
  }
}

/** `min` for 0, `median` for 50, `max` for 100. */
export function percentileName(percent: number): string {
  return percent === 0 ? 'min' : percent === 50 ? 'median' : percent === 100 ? 'max' : `p${percent}`;
}
