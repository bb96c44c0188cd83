import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { type Counted, type Counts, outcomeOf, tellFailures } from './oha-outcome.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const latency = (statistic: string): FieldMeaning => ({ metric: 'request_latency', statistic, unit: 's', over: 'requests' });
const ofRun = (metric: FieldMeaning['metric'], unit: string): FieldMeaning => ({ metric, statistic: 'value', unit, over: 'runs' });

/** By the words of the lines; each number in the unit behind it. */
export const CONSOLE_FIELDS: FieldTable = {
  'Success rate': { ...ofRun('own', '%'), note: 'requests that were answered, by whatever status' },
  Total: ofRun('duration', 's'),
  Slowest: latency('max'),
  Fastest: latency('min'),
  Average: latency('mean'),
  'Requests/sec': { ...ofRun('request_throughput', 'req/s'), note: 'own where requests failed, because they are counted in it' },
  'Total data': ofRun('own', 'bytes'),
  'Size/request': { ...ofRun('own', 'bytes'), statistic: 'mean', over: 'requests' },
  'Size/sec': ofRun('own', 'bytes/s'),
  '99.00%': { ...latency('p99'), note: 'and other percentiles' },
};

const NUMBER = String.raw`\d{1,15}(?:\.\d{1,9})?`;
const NAMED = /^(Success rate|Total|Slowest|Fastest|Average|Requests\/sec|Total data|Size\/request|Size\/sec):[ \t]{1,20}(\S.{0,60})$/;
const PERCENTILE = new RegExp(`^(\\d{1,3}(?:\\.\\d{1,4})?)% in (${NUMBER} (?:10 )?\\S{1,4})$`);
const COUNTED = /^\[(\d{1,15})\] (\S.{0,300})$/;
const VALUE = new RegExp(`^(${NUMBER})(?: ?(%|(?:10 )?(?:secs?|min)|ms|us|µs|ns|hr|[KMGTP]i?B|B))?$`, 'u');
/** Where the slowest request took more than 10 s or 10 min, times are printed as so many of these. */
const TENS: ReadonlySet<string> = new Set(['10 sec', '10 min']);
/** Symbols of times that are no others, and all of them in seconds. */
const TIMES: Readonly<Record<string, string>> = { secs: 's', sec: 's', '10 sec': 's', min: 'min', '10 min': 'min', hr: 'h' };
const SECONDS: Readonly<Record<string, number>> = {
  ...{ secs: 1, sec: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9, min: 60, hr: 3600 },
  ...{ '10 sec': 10, '10 min': 600 },
};
/** The second is that of old versions. */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(['Response time distribution:', 'Latency distribution:']);
const HEADING = /^[A-Z][A-Za-z ]{3,60}(?: \([a-z, ]{1,40}\))?:$/;

/** Whether a text holds what oha prints of a run. */
export function isOhaText(text: string): boolean {
  return (
    text.includes('Success rate:') &&
    /^[ \t]{0,40}(?:Summary:|Slowest:[ \t])/m.test(text) &&
    /^[ \t]{0,40}Success rate:[ \t]{1,20}\d/m.test(text) &&
    /^[ \t]{0,40}Requests\/sec:[ \t]{1,20}\d/m.test(text)
  );
}

type Printed = { name: string; text: string; pointer: string };
type Run = { line: number; cells: Printed[]; percentiles: Printed[]; statuses: Counted[]; errors: Counted[]; counted: string };

/** Reads the runs of a text: each begins with its summary. */
export function readOhaText(extract: Extract, text: string): void {
  const runs: Run[] = [];
  let section = '';
  // What follows another heading of a summary is of another tool until it says how many succeeded.
  let open = false;
  for (const line of textLines(text)) {
    const own = line.text.trim();
    if (!line.ended && own !== '') {
      warnAboutCutLine(extract, line);
      break;
    }
    if (own === 'Summary:') open = false;
    if (HEADING.test(own)) section = own;
    else if (own.startsWith('Success rate:')) {
      runs.push({ line: line.line, cells: [], percentiles: [], statuses: [], errors: [], counted: `line ${line.line}` });
      section = 'Summary:';
      open = true;
    }
    const run = open ? runs.at(-1) : undefined;
    if (run !== undefined) see(run, section, own, line);
  }
  for (const [index, run] of runs.entries()) readRun(extract, run, index === runs.length - 1);
}

function see(run: Run, section: string, text: string, { line }: TextLine): void {
  const cell = (name: string, value: string): Printed => ({ name, text: value, pointer: `line ${line} column ${name}` });
  const [, name, value] = (section === 'Summary:' && NAMED.exec(text)) || [];
  if (name !== undefined && value !== undefined) run.cells.push(cell(name, value));
  const [, percent, time] = (DISTRIBUTIONS.has(section) && PERCENTILE.exec(text)) || [];
  if (percent !== undefined && time !== undefined) run.percentiles.push(cell(`${percent}%`, time));
  const [, count, what] = COUNTED.exec(text) ?? [];
  if (count === undefined || what === undefined) return;
  if (section === 'Status code distribution:') {
    if (run.statuses.length === 0) run.counted = `line ${line}`;
    const [, answers] = /^(\d{1,15}) responses$/.exec(what) ?? [];
    run.statuses.push({ what: count, count: answers === undefined ? null : Number(answers) });
  } else if (section === 'Error distribution:') run.errors.push({ what, count: Number(count) });
}

function readRun(extract: Extract, run: Run, last: boolean): void {
  const counts = outcomeOf(run.statuses, run.errors);
  if (!isWhole(run, counts)) {
    if (last) extract.warnings.endsInside();
    extract.warnings.add(
      'broken runs',
      `line ${run.line}: the run does not say what came of all its requests: it may be cut off, and was not read`,
    );
    return;
  }
  extract.records += 1;
  const labels = { tool: 'oha' };
  const failed = tellFailures(extract, counts, { at: `line ${run.line}`, counted: run.counted });
  const rate: FieldMeaning = counts.lost > 0 || counts.bad > 0 ? ofRun('own', 'req/s') : ofRun('request_throughput', 'req/s');
  const add = ({ name, text, pointer }: Printed, meaning: FieldMeaning): void => {
    const [, literal, symbol = ''] = VALUE.exec(text) ?? [];
    const known = meaning.unit === 'req/s' ? (symbol === '' ? 'req/s' : null) : unitOfValue(symbol, name);
    if (literal === undefined || known === null) {
      // Of no answer there is no least, greatest or mean.
      if (!/^(?:NaN|-?inf)\b/.test(text))
        extract.warnings.add('no numbers', `${pointer}: "${excerpt(text, 40)}" is no number in a unit that is known; it was not read`);
      return;
    }
    const n = meaning.over === 'requests' ? counts.answered : null;
    const value = TENS.has(symbol) ? shifted(literal) : literal;
    addNumber(extract, new LiteralNumber(value), { ...meaning, unit: known }, { labels, n, pointer, failed }, name);
  };
  for (const cell of run.cells) {
    const meaning = cell.name === 'Requests/sec' ? rate : CONSOLE_FIELDS[cell.name];
    if (meaning !== undefined) add(cell, meaning);
  }
  for (const cell of run.percentiles) add(cell, latency(statisticOf(Number.parseFloat(cell.name))));
}

/** The unit of a printed value; null where it is none of its line's. */
function unitOfValue(symbol: string, name: string): string | null {
  if (name === 'Success rate') return symbol === '%' ? '%' : symbol === '' ? 'ratio' : null;
  const unit = TIMES[symbol] ?? (symbol === '' ? null : unitOfSymbol(symbol));
  return unit !== null && name === 'Size/sec' ? `${unit}/s` : unit;
}

/** Ten times a printed number, digit by digit. */
function shifted(literal: string): string {
  const [whole = '', part = ''] = literal.split('.');
  const digits = `${whole}${part.slice(0, 1) || '0'}`.replace(/^0{1,15}(?=\d)/, '');
  return part.length > 1 ? `${digits}.${part.slice(1)}` : digits;
}

function statisticOf(percent: number): string {
  return percent === 50 ? 'median' : percent === 100 ? 'max' : `p${percent}`;
}

/**
 * Whether the statuses and errors are as many as the rate and the time say there were requests: what is cut off could say that
 * some failed. Both are printed with four decimals.
 */
function isWhole({ cells, errors, statuses }: Run, counts: Counts): boolean {
  const of = (name: string): RegExpExecArray | null => VALUE.exec(cells.find((cell) => cell.name === name)?.text ?? '');
  const [rate, total] = [of('Requests/sec'), of('Total')];
  const factor = SECONDS[total?.[2] ?? ''];
  if (counts.answered === null || (statuses.length === 0 && errors.length === 0)) return false;
  if (rate === null || total === null || factor === undefined) return false;
  const [perSecond, time] = [Number(rate[1]), Number(total[1])];
  const expected = perSecond * time * factor;
  const slack = 0.5 + expected * (1e-4 / Math.max(perSecond, 1e-4) + 1e-4 / Math.max(time, 1e-4));
  return Math.abs(expected - (counts.answered + counts.lost + counts.late)) <= slack;
}
