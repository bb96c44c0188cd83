import type { JmhRun } from './jmh-log.ts';
import { JMH_NUMBER, JMH_SCORE, JMH_SIGN, percentileName } from './jmh-log.ts';

/** One row of the table at the end: a benchmark, or behind a colon a secondary result of it. */
export type JmhRow = {
  line: number;
  /** shortened as JMH shortens it: `Maps.get`, `o.e.Maps.get` */
  test: string;
  secondary: string | null;
  params: Readonly<Record<string, string>>;
  mode: string;
  count: number | null;
  score: string;
  error: string | null;
  unit: string;
};

export type JmhColumns = readonly { name: string; end: number }[];

const BEGIN = String.raw`Benchmark(?:[ \t]{1,2000}\([^()\s]{1,200}\)){0,60}[ \t]{1,2000}Mode[ \t]{1,60}(?:Cnt|Samples)[ \t]{1,60}Score[ \t]{1,60}(?:Error|Score error)[ \t]{1,60}Units?`;
const SOME = new RegExp(String.raw`^(?:\[info\] )?${BEGIN}[ \t]{0,40}$`, 'm');
const HEADER = new RegExp(`^${BEGIN}$`);

/** Whether a text holds such a table. */
export function isJmhTable(text: string): boolean {
  return text.includes('Score') && SOME.test(text);
}

/** The parameters that a header names, each with where its cells end; null where the line is no header. */
export function jmhColumns(line: string): JmhColumns | null {
  if (!HEADER.test(line)) return null;
  return [...line.matchAll(/\(([^()\s]{1,200})\)/g)].map(({ 0: all, 1: name = '', index }) => ({ name, end: index + all.length }));
}

const ROW = new RegExp(
  String.raw`[ \t](thrpt|avgt|sample|ss)[ \t]{1,60}(?:(\d{1,15})[ \t]{1,60})?(${JMH_SCORE})(?:[ \t]{1,60}(?:${JMH_SIGN}[ \t]{0,60})?(${JMH_NUMBER}|NaN))?[ \t]{1,60}(\S{1,60})$`,
);

/** A row below a header, or null. */
export function jmhRow(text: string, line: number, columns: JmhColumns): JmhRow | null {
  const found = ROW.exec(text);
  const [name] = /^\S{1,600}/.exec(text) ?? [];
  if (found === null || name === undefined || found.index < name.length) return null;
  const left = text.slice(0, found.index);
  const words = left
    .trim()
    .split(/[ \t]+/)
    .slice(1);
  const params: Record<string, string> = {};
  let from = name.length;
  for (const [index, column] of columns.entries()) {
    // Values with blanks in them stand below the end of their heading.
    const value =
      words.length === columns.length ? words[index] : left.slice(from, index === columns.length - 1 ? undefined : column.end).trim();
    if (value !== undefined && value !== '' && value !== 'N/A') params[column.name] = value;
    from = column.end;
  }
  const colon = name.indexOf(':');
  const [, mode = '', count, score = '', error = null, unit = ''] = found;
  return {
    line,
    test: colon < 0 ? name : name.slice(0, colon),
    secondary: colon < 0 ? null : name.slice(colon + 1).replace(/^·/, ''),
    params,
    mode,
    count: count === undefined ? null : Number(count),
    score,
    error,
    unit,
  };
}

/** Most runs of one class, method, mode and parameters, in packages of different names. */
const NAMESAKES = 100;

/** The runs of a log, by what the rows of its table say of them. */
export class JmhRuns {
  readonly #known = new Map<string, JmhRun[]>();

  constructor(runs: readonly JmhRun[]) {
    for (const run of runs) {
      const key = keyOf(run);
      const known = this.#known.get(key) ?? [];
      if (known.length < NAMESAKES) known.push(run);
      this.#known.set(key, known);
    }
  }

  /** The run that a row is of: the same mode and parameters, and a name that is shortened to that of the row. */
  of(row: JmhRow): JmhRun | undefined {
    return this.#known.get(keyOf(row))?.find(({ test }) => isShortened(row.test, test));
  }
}

function keyOf({ test, mode, params }: Pick<JmhRun, 'test' | 'mode' | 'params'>): string {
  const method = test.split('.').slice(-2).join('.');
  return JSON.stringify([method, mode, Object.entries(params).sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** `Maps.get` and `o.e.Maps.get` are of `org.example.Maps.get`: class and method are whole, packages left out or cut. */
function isShortened(dense: string, full: string): boolean {
  const short = dense.split('.').reverse();
  const whole = full.split('.').reverse();
  return short.length <= whole.length && short.every((part, at) => (at < 2 ? part === whole[at] : (whole[at] ?? '').startsWith(part)));
}

/** What a secondary result of mode `sample` is: `get·p0.99` and `p0.99` are `p99`; null where it is another. */
export function percentileOfRow({ mode, secondary }: Pick<JmhRow, 'mode' | 'secondary'>): string | null {
  const [, share] = /^(?:.{0,200}[·?\ufffd])?p([01][.,]\d{1,9})$/.exec(secondary ?? '') ?? [];
  if (mode !== 'sample' || share === undefined || Number(share.replace(',', '.')) > 1) return null;
  // 0.999 times a hundred is 99.9 to the last digit only as text.
  return percentileName(Number(`${share.replace(',', '.')}e2`));
}
