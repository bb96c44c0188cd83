import type { Extract } from '../extract.ts';
import { addLabel } from '../fields.ts';
import { textLines, warnAboutCutLine } from './printed-text.ts';

const RUNNING = /^Running \S{1,20}(?: requests)? test @ (\S{1,400})$/;
const CONNECTIONS = /^(\d{1,9}) connections(?: with (\d{1,9}) pipelining factor)?$/;
const WORKERS = /^(\d{1,9}) workers$/;
const RESPONSES = /^(\d{1,15}) 2xx responses, (\d{1,15}) non 2xx responses$/;
const COUNT = String.raw`\d{1,15}(?:\.\d{1,3})?[kMG]?`;
const TOTAL = new RegExp(`^(${COUNT}) requests in (\\d{1,9}(?:\\.\\d{1,6})?)s, (\\d\\S{0,20} ?[kMGTP]?B) read$`);
/** Early versions say nothing of timeouts. */
const ERRORS = new RegExp(`^(${COUNT}) errors(?: \\(${COUNT} timeouts\\))?$`);
const MISMATCHES = new RegExp(`^(${COUNT}) requests with mismatched body$`);
const SAMPLED = /^Req\/Bytes counts sampled every (\d{1,9}(?:\.\d{1,6})?) seconds\.$/;
/** A cell: whole part, fraction, unit. */
export const CELL = /^(\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(\.\d{1,6})? ?(ms|[kMGTP]?B)?$/;

/** Whether a text holds the tables that autocannon prints of a run. */
export function isAutocannonText(text: string): boolean {
  return text.includes('│') && /^[ \t]{0,40}│ Latency {1,20}│ \d/m.test(text) && /^[ \t]{0,40}│ Req\/Sec {1,20}│ \d/m.test(text);
}

/** A printed value with the way to it. */
type Printed = { key: string; text: string; pointer: string };
/** A run as autocannon prints it. */
export type AutocannonRun = {
  /** of its first line */
  line: number;
  /** how many requests there were, as it stands there */
  total: string;
  /** it prints requests that were sent, not those that were answered */
  sent: boolean;
  /** how long its rates are counted, where it is not a second */
  sampled: string | null;
  /** nothing was answered: no byte was read */
  silent: boolean;
  mismatches: string | null;
  labels: Record<string, string>;
  columns: string[];
  cells: Printed[];
  good: number | null;
  bad: Printed | null;
  errors: Printed | null;
  /** the line of its requests by second, where their numbers are not written as in English */
  foreign: number | null;
};

const fresh = (line: number): AutocannonRun => ({
  line,
  total: '',
  sent: false,
  sampled: null,
  silent: false,
  mismatches: null,
  labels: { tool: 'autocannon' },
  columns: [],
  cells: [],
  good: null,
  bad: null,
  errors: null,
  foreign: null,
});

/** The runs of a text: each ends with how many requests there were, and its errors on the next line. */
export function runsIn(extract: Extract, text: string): AutocannonRun[] {
  const runs: AutocannonRun[] = [];
  let run = fresh(1);
  // Its errors may stand on the next lines.
  let done: AutocannonRun | null = null;
  for (const { line, text: own, ended } of textLines(text)) {
    const content = own.trim();
    if (!ended && content !== '') {
      warnAboutCutLine(extract, { line, text: own, ended });
      break;
    }
    const errors = ERRORS.exec(content)?.[1];
    if (done !== null && errors !== undefined) done.errors = { key: 'errors', text: errors, pointer: `line ${line} column errors` };
    const mismatches = MISMATCHES.exec(content)?.[1];
    if (done !== null && mismatches !== undefined) done.mismatches = mismatches;
    // Another line that speaks of errors is of something else.
    if (content !== '' && errors === undefined && mismatches === undefined) done = null;
    const url = RUNNING.exec(content)?.[1];
    if (url !== undefined) {
      warnWhereBroken(extract, run);
      run = fresh(line);
      addLabel(run.labels, 'url', url, extract);
    }
    see(run, content, line);
    const [, total, seconds, bytes] = TOTAL.exec(content) ?? [];
    if (total === undefined || seconds === undefined || run.cells.length === 0) continue;
    run.cells.push({ key: 'requests in', text: seconds, pointer: `line ${line} column requests in` });
    run.silent = bytes === '0 B';
    run.total = total;
    runs.push(run);
    done = run;
    run = fresh(line + 1);
  }
  if (run.cells.length > 0) extract.warnings.endsInside();
  warnWhereBroken(extract, run);
  return runs;
}

function warnWhereBroken(extract: Extract, { line, cells }: AutocannonRun): void {
  if (cells.length > 0)
    extract.warnings.add(
      'broken runs',
      `line ${line}: the run that begins here does not say how many requests there were: it was not read`,
    );
}

function see(run: AutocannonRun, text: string, line: number): void {
  const [, connections, pipelining] = CONNECTIONS.exec(text) ?? [];
  addLabel(run.labels, 'concurrency', connections);
  addLabel(run.labels, 'pipelining', pipelining);
  addLabel(run.labels, 'workers', WORKERS.exec(text)?.[1]);
  const [, good, bad] = RESPONSES.exec(text) ?? [];
  if (good !== undefined && bad !== undefined) {
    run.good = Number(good);
    run.bad = { key: 'non 2xx responses', text: bad, pointer: `line ${line} column non 2xx responses` };
  }
  // Since there is this line, the last one counts what was sent.
  if (text.startsWith('# of samples:')) run.sent = true;
  run.sampled ??= SAMPLED.exec(text)?.[1] ?? null;
  if (!text.startsWith('│')) return;
  const [row = '', ...cells] = text
    .split('│', 20)
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (row === 'Stat') run.columns = cells;
  else if (cells.length === run.columns.length) {
    // Counts are printed as it is done where the run took place: `1.234` may be more than a thousand.
    if (row === 'Req/Sec') run.foreign = cells.some((cell, index) => !isCount(cell, run.columns[index] ?? '')) ? line : null;
    if (row === 'Req/Sec' && run.foreign !== null) return;
    for (const [index, column] of run.columns.entries()) {
      const key = `${row} ${column}`;
      run.cells.push({ key, text: cells[index] ?? '', pointer: `line ${line} column ${key}` });
    }
  }
}

/** Whether a cell of requests is written as in English: all but their mean and deviation are whole. */
function isCount(cell: string, column: string): boolean {
  const [, whole, part, symbol] = CELL.exec(cell) ?? [];
  return whole !== undefined && symbol === undefined && (part === undefined || column === 'Avg' || column === 'Stdev');
}
