import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { GIVEN_KEYS, warnAboutGiven } from './google-benchmark-rows.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

/** One cell of a row: its digits, and the unit that stands behind them. */
export type ConsoleValue = { column: string; literal: string; unit: string | null };

/** What is said of the machine above a table. */
export type ConsoleRun = { timestamp: string | null /** what was given with `--benchmark_context` */; given: Record<string, string> };

/** One row of a table. */
export type ConsoleRow = {
  line: number;
  name: string;
  /** the digits under `Iterations` */
  iterations: string;
  values: ConsoleValue[];
  /** what a benchmark says of itself, behind its numbers */
  label: string | null;
  failure: { what: string; why: string } | null;
  /** the same object for all rows below one description of the machine */
  began: ConsoleRun;
};

const HEADER = /^Benchmark[ \t]{1,2000}Time[ \t]{1,40}CPU[ \t]{1,40}Iterations(?:[ \t].{0,2000})?$/;
const SOME = /^Benchmark[ \t]{1,2000}Time[ \t]{1,40}CPU[ \t]{1,40}Iterations(?:[ \t][^\r\n]{0,2000})?(?:\r\n|\r|\n)-{30,4000}[ \t]{0,40}$/m;

/** Whether a text holds a table that the library prints on a terminal: its header above a line of dashes. */
export function isGoogleConsole(text: string): boolean {
  return text.includes('Iterations') && SOME.test(text);
}

const NUMBER = String.raw`-?\d{1,20}(?:\.\d{1,12})?(?:e[+-]?\d{1,3})?`;
/** What was measured may be no number. */
const MEASURED = `(?:${NUMBER}|-?nan|-?inf)`;
const TIMES = new RegExp(
  String.raw`[ \t](${MEASURED}) (ns|us|ms|s|%)[ \t]{1,40}(${MEASURED}) (ns|us|ms|s|%)[ \t]{1,40}(\d{1,19})(?=[ \t]|$)`,
);
const COMPLEXITY = new RegExp(String.raw`_(?:BigO|RMS)[ \t]{1,2000}${NUMBER} \S{1,10}[ \t]{1,40}${NUMBER} \S{1,10}[ \t]{0,40}$`);
const BROKEN = /[ \t](ERROR OCCURRED|SKIPPED): '(.{0,2000}?)'?[ \t]{0,40}$/;
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[+-]\d{2}:\d{2}|Z)?$/;
/** Below the description of the machine; its own lines have no value, blanks in their names, or stand further right. */
const CONTEXT = /^([A-Za-z][\w.-]{0,63}): (\S.{0,400})$/;
const WARNING = /^\*\*\*WARNING\*\*\* (.{1,400})$/;

type Column = { name: string; end: number };

/** The rows of all tables of a text. What the library warns of is a warning. */
export function rowsInConsole(text: string, extract: Extract): ConsoleRow[] {
  const rows: ConsoleRow[] = [];
  const undescribed: ConsoleRun = { timestamp: null, given: {} };
  let began = undescribed;
  let timestamp: string | null = null;
  let columns: Column[] | null = null;
  for (const at of textLines(text)) {
    const shown = withoutColours(at.text).trimEnd();
    if (DATE.test(shown)) timestamp = shown;
    if (/^Run on \(\d/.test(shown)) [began, timestamp, columns] = [{ timestamp, given: {} }, null, null];
    const [, key, value] = (columns === null && began !== undescribed && CONTEXT.exec(shown)) || [];
    if (key !== undefined && value !== undefined) takeGiven(extract, began.given, { key, value, where: `line ${at.line}` });
    const [, sentence] = WARNING.exec(shown) ?? [];
    if (sentence !== undefined) extract.warnings.add('context', `line ${at.line}: ${excerpt(sentence, 120)}`);
    if (HEADER.test(shown)) columns = columnsOf(shown);
    else if (columns !== null) {
      const row = rowOf(shown, columns);
      if (row !== null && !at.ended) warnAboutCutLine(extract, at);
      else if (row !== null) rows.push({ line: at.line, began, ...row });
      else if (COMPLEXITY.test(shown))
        extract.warnings.add('aggregates', `line ${at.line}: an aggregate of complexity (BigO, RMS) was not read`);
    }
  }
  return rows;
}

function takeGiven(
  extract: Extract,
  given: ConsoleRun['given'],
  { key, value, where }: { key: string; value: string; where: string },
): void {
  if (Object.hasOwn(given, key) || Object.keys(given).length < GIVEN_KEYS) given[key] = value;
  else warnAboutGiven(extract, where);
}

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals set colours with them
  return line.includes('\u001b') ? line.replace(/\u001b\[[\d;]{0,20}[mK]/g, '') : line;
}

/** Narrowest cell of a counter, with the blank before it. */
const WIDTH = 11;

/** The counters that have columns of their own, each with the place where its cells end. */
function columnsOf(header: string): Column[] {
  const columns: Column[] = [];
  let from = header.indexOf('Iterations') + 'Iterations'.length;
  if (header.slice(from).trim() === 'UserCounters...') return [];
  while (from < header.length) {
    // A name that fills its cell goes on to the next blank; a shorter one stands at the right of it.
    const behind = /^\S/.test(header.slice(from + 1)) ? header.slice(from + WIDTH).search(/\s|$/) : 0;
    const end = Math.min(from + WIDTH + behind, header.length);
    const name = header.slice(from, end).trim();
    if (name !== '') columns.push({ name, end });
    from = end;
  }
  return columns;
}

function rowOf(shown: string, columns: readonly Column[]): Omit<ConsoleRow, 'line' | 'began'> | null {
  const broken = BROKEN.exec(shown);
  if (broken !== null) {
    const name = shown.slice(0, broken.index).trimEnd();
    const what = broken[1] === 'SKIPPED' ? 'the benchmark was skipped' : 'the benchmark had an error';
    if (name === '' || /^\s/.test(shown)) return null;
    return { name, iterations: '', values: [], label: null, failure: { what, why: broken[2] ?? '' } };
  }
  const times = TIMES.exec(shown);
  if (times === null || /^\s/.test(shown)) return null;
  const [all, time = '', unit = '', cpu = '', cpuUnit = '', iterations = ''] = times;
  const name = shown.slice(0, times.index).trimEnd();
  const values: ConsoleValue[] = [
    { column: 'Time', literal: time, unit },
    { column: 'CPU', literal: cpu, unit: cpuUnit },
  ];
  if (name === '' || COMPLEXITY.test(shown)) return null;
  const from = times.index + all.length;
  const label = columns.length > 0 ? readColumns(shown, from, columns, values) : readPairs(shown.slice(from), values);
  return { name, iterations, values, label: label === '' ? null : label, failure: null };
}

const VALUE = String.raw`(${MEASURED})((?:[kMGTPEZY]i?|[munpfazy])?)(\/s|s|%)?`;
const CELL = new RegExp(`^${VALUE}$`);

/** Cells below the ends of their columns; what stands below none is the label. */
function readColumns(shown: string, from: number, columns: readonly Column[], values: ConsoleValue[]): string {
  const words: string[] = [];
  for (const { 0: word, index } of shown.slice(from).matchAll(/\S{1,400}/g)) {
    const column = columns.find(({ end }) => end === from + index + word.length);
    const cell = column === undefined ? null : CELL.exec(word);
    if (column === undefined || cell === null) words.push(word);
    else values.push({ column: column.name, literal: cell[1] ?? '', unit: unitOf(column.name, cell[2] ?? '', cell[3] ?? '') });
  }
  return words.join(' ');
}

const PAIR = new RegExp(String.raw`^[ \t]{1,200}([^=]{1,200}?)=${VALUE}(?=[ \t]|$)`);
/** In early versions rates had no names. */
const BYTES = new RegExp(String.raw`^[ \t]{1,200}(${NUMBER})([kMGTPEZY]?)B\/s(?=[ \t]|$)`);
const ITEMS = new RegExp(String.raw`^[ \t]{1,200}(${NUMBER})([kMGTPEZY]?) items\/s(?=[ \t]|$)`);

/** `name=value` behind the iterations, then rates without a name; the rest is the label. */
function readPairs(behind: string, values: ConsoleValue[]): string {
  let rest = behind;
  for (;;) {
    const pair = PAIR.exec(rest);
    const bytes = BYTES.exec(rest);
    const items = ITEMS.exec(rest);
    if (pair !== null) {
      const column = (pair[1] ?? '').trim();
      values.push({ column, literal: pair[2] ?? '', unit: unitOf(column, pair[3] ?? '', pair[4] ?? '') });
    } else if (bytes !== null) values.push({ column: 'bytes_per_second', literal: bytes[1] ?? '', unit: sized(bytes[2] ?? '', 'B/s') });
    else if (items !== null)
      values.push({ column: 'items_per_second', literal: items[1] ?? '', unit: scaled(binary(items[2] ?? ''), 'items/s') });
    const found = pair ?? bytes ?? items;
    if (found === null) return rest.trim();
    rest = rest.slice(found[0].length);
  }
}

/** The unit of a counter: the letter in front says by how much it was divided. */
function unitOf(column: string, prefix: string, suffix: string): string | null {
  if (suffix === '%') return '%';
  if (column === 'bytes_per_second' && suffix === '/s' && !/^[munpfazy]$/.test(prefix)) return sized(prefix, 'B/s');
  if (column === 'items_per_second' && suffix === '/s') return scaled(prefix, 'items/s');
  if (suffix === 's') return `${prefix}s`;
  if (suffix === '/s') return prefix === '' ? '1/s' : `${prefix}/s`;
  return prefix === '' ? null : prefix;
}

/** The library divides bytes by 1024, whichever letters it prints: `k` in early versions, `Ki` now. */
function sized(prefix: string, unit: string): string {
  return prefix === '' ? 'bytes/s' : `${binary(prefix)}${unit}`;
}

function binary(prefix: string): string {
  return prefix === '' || prefix.endsWith('i') ? prefix : `${prefix.toUpperCase()}i`;
}

function scaled(prefix: string, unit: string): string {
  return prefix === '' ? unit : `${prefix} ${unit}`;
}
