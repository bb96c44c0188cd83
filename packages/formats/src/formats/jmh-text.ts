import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { isJmhLog, JmhLog, type JmhRun } from './jmh-log.ts';
import { addParameter, jmhMeaning, warnAboutUnit } from './jmh-modes.ts';
import { isJmhTable, type JmhColumns, type JmhRow, JmhRuns, jmhColumns, jmhRow, percentileOfRow } from './jmh-text-table.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

/** Whether a text is what JMH prints: the log of its runs, or the table at its end. */
export function isJmhText(text: string): boolean {
  return isJmhTable(text) || isJmhLog(text);
}

/** Reads the runs of a log, and of the tables what the log does not say. */
export function readJmhText(extract: Extract, text: string): void {
  const log = new JmhLog();
  const rows: JmhRow[] = [];
  let columns: JmhColumns | null = null;
  for (const at of textLines(text)) {
    // What sbt puts before each line.
    const shown = at.text.replace(/^\[info\] /, '').trimEnd();
    if (!at.ended) {
      if (/^(?:Iteration|Result|\s+\(min)\b/.test(shown) || (columns !== null && shown !== '')) warnAboutCutLine(extract, at);
      break;
    }
    const header = jmhColumns(shown);
    const row = columns === null ? null : jmhRow(shown, at.line, columns);
    if (header !== null) log.end();
    if (row !== null) rows.push(row);
    else {
      if (columns !== null && header === null && /[ \t](?:thrpt|avgt|sample|ss)[ \t]/.test(shown))
        extract.warnings.add('rows left out', `line ${at.line}: "${excerpt(shown, 60)}" is no row that is known: it was not read`);
      columns = header ?? (shown === '' ? columns : null);
      log.take({ ...at, text: shown });
    }
  }
  const runs = new JmhRuns(log.runs);
  const listed = new Set(rows.map((row) => (row.secondary === null ? runs.of(row) : undefined)));
  for (const run of log.runs) readRun(extract, run, listed.has(run));
  let count: number | null = null;
  for (const row of rows) {
    if (row.secondary === null) count = row.count;
    readRow(extract, row, { run: runs.of(row), calls: count });
  }
}

/** @param listed whether a row of the table is of the run: of one or two single shots a log prints no other result */
function readRun(extract: Extract, run: JmhRun, listed: boolean): void {
  addLabel(run.labels, 'test', run.test, extract);
  const where = `line ${run.line}`;
  if (!run.hasResult && !(run.iterations.length > 0 && (listed || (run.mode === 'ss' && run.ended && run.failure === null)))) {
    tellNoResult(extract, run, where);
    return;
  }
  // The row counts itself.
  if (run.hasResult || !listed) extract.records += 1;
  if (run.failure !== null)
    extract.warnings.add(
      'failed forks',
      `line ${run.failure.line}: a part of the run failed (${excerpt(run.failure.reason, 80)}): the result is of the rest`,
    );
  const over = run.mode === 'sample' ? 'samples' : 'repetitions';
  const n = run.mode === 'sample' ? run.calls : run.iterations.length > 0 ? run.iterations.length : null;
  // Percentiles over so few iterations are none, save the middle one.
  const told = run.results.filter(({ statistic }) => run.mode === 'sample' || !/^p\d/.test(statistic));
  for (const { statistic, ...cell } of told) addScore(extract, cell, { statistic, mode: run.mode, labels: run.labels, over, n });
  // In mode `sample` a line of an iteration is a summary of its calls.
  if (run.mode === 'sample') return;
  for (const cell of run.iterations) addScore(extract, cell, { statistic: 'value', mode: run.mode, labels: run.labels, over, n: null });
}

function tellNoResult(extract: Extract, run: JmhRun, where: string): void {
  if (run.failure === null && !run.ended) {
    extract.warnings.endsInside();
    extract.warnings.add(
      'runs without a result',
      `${where}: the log ends before the result of "${excerpt(run.test, 60)}": nothing of it was read`,
    );
    return;
  }
  extract.records += 1;
  const why = run.failure === null ? 'it does not say why' : excerpt(run.failure.reason, 80) || 'it does not say why';
  extract.fail({ pointer: where, reason: `the benchmark has no result: ${why} ("${excerpt(run.test, 60)}")` });
}

type Score = {
  statistic: string;
  mode: string;
  labels: Readonly<Record<string, string>>;
  over: 'samples' | 'repetitions';
  n: number | null;
};

function addScore(extract: Extract, cell: { text: string; unit: string; pointer: string }, what: Score): void {
  const { statistic, mode, labels, over, n } = what;
  const meaning = jmhMeaning(mode, cell.unit);
  if (statistic === 'mean' && meaning.metric === 'own') warnAboutUnit(extract, mode, cell.unit, cell.pointer.replace(/ column .*$/, ''));
  const error = statistic === 'error';
  addPrinted(
    extract,
    cell,
    { ...meaning, ...(error ? { metric: 'own' as const } : {}), statistic, over },
    { labels, n, own: error ? 'scoreError' : 'score' },
  );
}

type Place = { labels: Readonly<Record<string, string>>; n: number | null; own: string };

function addPrinted(
  extract: Extract,
  { text, pointer }: { text: string; pointer: string },
  meaning: FieldMeaning,
  { own, ...place }: Place,
): void {
  if (text.startsWith('≈'))
    extract.warnings.add(
      'scores that are rounded away',
      `${pointer}: "${excerpt(text, 20)}" is no number but how large it is at most: it was not read`,
    );
  else if (text !== 'NaN') addNumber(extract, new LiteralNumber(text.replace(',', '.')), meaning, { ...place, pointer }, own);
}

/** Reads a row of the table; of one whose run has a result above only what is secondary. */
function readRow(extract: Extract, row: JmhRow, { run, calls }: { run: JmhRun | undefined; calls: number | null }): void {
  const percentile = percentileOfRow(row);
  if (run?.hasResult && (row.secondary === null || (percentile !== null && run.results.some(({ statistic }) => statistic === 'median'))))
    return;
  const labels = run === undefined ? labelsOfRow(row, extract) : run.labels;
  const secondary = percentile === null ? row.secondary : null;
  // What profilers measured is of iterations, in mode `sample` too.
  const over = row.mode === 'sample' && secondary === null ? 'samples' : 'repetitions';
  const where = `line ${row.line}`;
  const meaning = secondary === null ? jmhMeaning(row.mode, row.unit) : { metric: 'own' as const, unit: excerpt(row.unit, 40) };
  if (row.secondary === null) {
    extract.records += 1;
    if (row.score === 'NaN') extract.fail({ pointer: `${where} column Score`, reason: 'the benchmark has no score' });
    if (meaning.metric === 'own') warnAboutUnit(extract, row.mode, row.unit, where);
  }
  const n = percentile === null ? row.count : calls;
  const own = secondary ?? 'score';
  addPrinted(
    extract,
    { text: row.score, pointer: `${where} column Score` },
    { ...meaning, statistic: percentile ?? 'mean', over },
    { labels, n, own },
  );
  if (row.error !== null)
    addPrinted(
      extract,
      { text: row.error, pointer: `${where} column Error` },
      { metric: 'own', statistic: 'error', unit: meaning.unit, over },
      { labels, n, own: secondary === null ? 'scoreError' : `${secondary} scoreError` },
    );
}

function labelsOfRow({ test, mode, params }: JmhRow, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = { tool: 'jmh' };
  addLabel(labels, 'test', test, extract);
  addLabel(labels, 'mode', mode);
  for (const [key, value] of Object.entries(params)) addParameter(labels, key, value);
  return labels;
}
