import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { goDuration } from '../go-duration.ts';
import { LiteralNumber } from '../json-value.ts';
import { heldNumber } from '../number-literal.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import { type PrintedMetric, type PrintedSummary, summariesIn } from './k6-console-lines.ts';
import { COUNTER, type Counts, isSamePart, NUMBER, PrintedBodies, RATE } from './k6-console-parts.ts';
import { NEVER_ZERO, trendStatistic } from './k6-metrics.ts';
import { warnNotMeasured } from './not-measured.ts';
import { isPrinted, warnAboutCutLine } from './printed-text.ts';

const ofRun = { statistic: 'value', over: 'runs' } as const;

const FIELDS: FieldTable = {
  http_req_duration: { metric: 'request_latency', statistic: 'mean, …', unit: 'ms', over: 'requests', note: 'each in the unit behind it' },
  'http_reqs rate': { metric: 'request_throughput', unit: 'req/s', ...ofRun },
  'http_req_failed rate': { metric: 'error_rate', unit: '%', ...ofRun },
  running: { metric: 'duration', unit: 's', ...ofRun, note: 'the line `running (…)` when no user is left' },
};

/** k6, a load generator: the summary that it prints when a test ends. */
export const k6Console: Format = {
  name: 'k6-console',
  tool: '`k6 run`, on the terminal',
  signature: 'text with a line `http_reqs......: 290 9.577/s` or `iterations...: 290 9.577/s`, its dots and its rate',
  detect: (content) => content.shape === 'text' && isPrinted(content.kind) && SOME.test(content.text),
  read(content, extract) {
    if (content.shape !== 'text') return;
    const { summaries, cut } = summariesIn(content.text);
    if (cut !== null) warnAboutCutLine(extract, cut);
    for (const summary of summaries) readSummary(extract, summary);
  },
  fields: { 'by the name of the metric': FIELDS },
  labels: { vus_max: 'concurrency' },
  notes: [
    'Both layouts are read: that of one list, and that with headings (`HTTP`, `EXECUTION`, `NETWORK`). Names, labels and failures are those of [k6](#k6), so that a summary on the terminal and one in a file are of one configuration; the version and the time are not printed.',
    'A time is in the unit that stands behind it; data are bytes of 1000 to the kB. k6 rounds what it prints.',
    'Below the name of a group or a scenario (`--summary-mode=full`) stand its numbers: they have it as the label `group` or `scenario`, and are of the same run.',
    'A threshold that was crossed (`✗`) is a warning; checks of their own are not read, their share is.',
    'A summary that ends before `vus_max`, or before anything else is printed behind it, may be cut: it is not read.',
  ],
};

const SOME = /^ {2,40}(?:[✓✗] )?(?:http_reqs|iterations)\.{1,160}: {1,3}\d{1,15} {1,40}\d{1,15}(?:\.\d{1,15})?\/s *\r?$/mu;

const GAUGE = new RegExp(`^(${NUMBER}) {1,40}min=(${NUMBER}) {1,40}max=(${NUMBER})$`);
const STATISTIC = /(?:^|\s)([a-z]{3,5}|p\(\d{1,2}(?:\.\d{1,6})?\))=(\S{1,40})/g;

type Place = { labels: Labels; failed: boolean };

function readSummary(extract: Extract, summary: PrintedSummary): void {
  const { script, ran, ended, crossed } = summary;
  const metrics = ended ? summary.metrics : withoutLastPart(extract, summary.metrics);
  const bodies = new PrintedBodies(metrics);
  const of = (name: string): string => bodies.of(name);
  const [first] = metrics;
  if (!ended && of('vus_max') === '') {
    extract.warnings.endsInside();
    extract.warnings.add('summaries cut off', `line ${first?.line ?? 1}: the summary may go on where the text ends: it was not read`);
    return;
  }
  const labels: Record<string, string> = { tool: 'k6' };
  addLabel(labels, 'script', script, extract);
  const vus = GAUGE.exec(of('vus_max')) ?? /^(\d{1,9})()()$/.exec(of('vus_max'));
  addLabel(labels, 'concurrency', vus?.[3] || vus?.[1], extract);
  extract.records += 1;
  const failed = tellFailures(extract, metrics, bodies.countsOf());
  for (const metric of metrics) {
    const { part, name } = metric;
    const own = { ...labels };
    addLabel(own, 'group', part?.group, extract);
    addLabel(own, 'scenario', part?.scenario, extract);
    const unlucky = failed || (part !== undefined && bodies.allFailed(part));
    readMetric(extract, metric, { labels: own, failed: unlucky && name.startsWith('http_req') }, bodies.countsOf(part));
  }
  for (const { line, what } of crossed) extract.warnings.add('thresholds', `line ${line}: a threshold was crossed (${excerpt(what, 60)})`);
  const took = ran === undefined ? null : goDuration(ran.text);
  if (ran !== undefined && took !== null)
    addNumber(
      extract,
      took.text === null ? took.value : new LiteralNumber(took.text),
      { metric: 'duration', ...ofRun, unit: took.unit },
      { labels, pointer: `line ${ran.line} column running` },
      'running',
    );
}

/** The metrics without those of the part that the text ends in: more of them may be missing. */
function withoutLastPart(extract: Extract, metrics: readonly PrintedMetric[]): readonly PrintedMetric[] {
  const last = metrics.at(-1);
  if (last?.part === undefined) return metrics;
  extract.warnings.endsInside();
  extract.warnings.add('summaries cut off', `line ${last.line}: the part that the text ends in may go on: it was not read`);
  return metrics.filter(({ part }) => !isSamePart(part, last.part));
}

/** @returns whether all requests failed, or there was none */
function tellFailures(extract: Extract, metrics: readonly PrintedMetric[], { requests, iterations }: Counts): boolean {
  const pointer = `line ${metrics[0]?.line ?? 1}`;
  if (requests === 0 && (iterations ?? 0) === 0) {
    extract.fail({ pointer, reason: 'no request was sent, and no iteration completed' });
    return true;
  }
  const rate = metrics.find(({ name, tags, part }) => name === 'http_req_failed' && tags === undefined && part === undefined);
  const [, share = '0', passes, fails, part, whole] = RATE.exec(rate?.body ?? '') ?? [];
  // `✓` counts what the metric is of: of http_req_failed the requests that failed.
  const failed = Number(passes ?? part ?? 0);
  const all = fails === undefined ? Number(whole ?? 0) : failed + Number(fails);
  if (rate === undefined || all === 0) return false;
  const place = `line ${rate.line} column http_req_failed rate`;
  if (failed >= all) {
    extract.fail({ pointer: place, reason: `no request succeeded of ${all}` });
    return true;
  }
  if (failed > 0)
    extract.warnings.add(
      'failed requests',
      `${place}: ${failed} of ${all} requests failed (${share} %); the statistics of http_req_duration are over all requests`,
    );
  return false;
}

function readMetric(extract: Extract, metric: PrintedMetric, { labels, failed }: Place, counts: Counts): void {
  const { line, name, tags, body } = metric;
  const place = { labels: tags === undefined ? labels : { ...labels, tags }, failed };
  const add = (literal: string, meaning: FieldMeaning, column: string, n: number | null = null, own = column): void => {
    addNumber(extract, new LiteralNumber(literal), meaning, { ...place, n, pointer: `line ${line} column ${column}` }, own);
  };
  const [, share, passes, fails, part, whole] = RATE.exec(body) ?? [];
  const [, count, size, rate, rateSize] = COUNTER.exec(body) ?? [];
  const [, level, low, high] = GAUGE.exec(body) ?? [];
  if (share !== undefined) {
    if (Number(whole ?? Number(passes) + Number(fails)) === 0 || (part === undefined && passes === undefined)) return;
    add(share, { ...ofRun, metric: name === 'http_req_failed' ? 'error_rate' : 'own', unit: '%' }, `${name} rate`);
  } else if (count !== undefined && rate !== undefined) {
    add(count, { ...ofRun, metric: 'own', unit: sizeUnit(size) }, name);
    if (name === 'http_reqs' && Number(count) === 0) return;
    const unit = rateSize === undefined ? (name === 'http_reqs' ? 'req/s' : '1/s') : `${sizeUnit(rateSize)}/s`;
    add(rate, { ...ofRun, metric: name === 'http_reqs' ? 'request_throughput' : 'own', unit }, `${name} rate`);
  } else if (level !== undefined && low !== undefined && high !== undefined) {
    add(level, { ...ofRun, metric: 'own', unit: null }, `${name} value`);
    add(low, { ...ofRun, statistic: 'min', metric: 'own', unit: null }, `${name} min`);
    add(high, { ...ofRun, statistic: 'max', metric: 'own', unit: null }, `${name} max`);
  } else readTrend(extract, metric, place, counts);
}

function sizeUnit(symbol: string | undefined): string | null {
  return symbol === undefined ? null : unitOfSymbol(symbol);
}

function readTrend(extract: Extract, { line, name, tags, body }: PrintedMetric, place: Place, counts: Counts): void {
  const of = name.startsWith('http_req_') ? counts.requests : name === 'iteration_duration' ? counts.iterations : null;
  const n = tags === undefined ? of : null;
  const values = [...body.matchAll(STATISTIC)].flatMap(([, field = '', text = '']) => {
    const statistic = trendStatistic(field);
    return statistic === null ? [] : [{ field, statistic, text, read: goDuration(text) ?? sizeOrNumber(text) }];
  });
  if (values.length === 0) {
    extract.warnings.add(
      'lines of unknown form',
      `line ${line}: "${excerpt(body, 60)}" is no metric of a form that is known: it was not read`,
    );
    return;
  }
  if (n === 0 || (NEVER_ZERO.has(name) && values.every(({ read }) => read?.value === 0))) {
    warnNotMeasured(extract, tags === undefined ? name : `${name}{${tags}}`, `line ${line}`);
    return;
  }
  for (const { field, statistic, text, read } of values) {
    const pointer = `line ${line} column ${name} ${field}`;
    if (read === null) {
      extract.warnings.add('no numbers', `${pointer}: "${excerpt(text, 40)}" is no number that is known; it was not read`);
      continue;
    }
    const over = name.startsWith('http_req_') ? { over: 'requests' as const } : {};
    const metric = name === 'http_req_duration' && read.unit !== null ? 'request_latency' : 'own';
    const value = read.text === null ? read.value : new LiteralNumber(read.text);
    addNumber(extract, value, { metric, statistic, unit: read.unit, ...over }, { ...place, n, pointer }, name);
  }
}

/** A value of a trend of the script's own: `12.5`, or `3.3` `kB` without the blank between them. */
function sizeOrNumber(text: string): { value: number; text: string | null; unit: string | null } | null {
  const [, literal, symbol] = new RegExp(`^(${NUMBER})([kMGTP]?B)?$`).exec(text) ?? [];
  const held = literal === undefined ? null : heldNumber(literal);
  return held === null ? null : { ...held, unit: sizeUnit(symbol) };
}
