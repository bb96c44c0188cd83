import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { type TextLine, warnAboutCutLine } from './printed-text.ts';

/** A cell with the way to it. */
export type Printed = { text: string; pointer: string };

/** A run as ab prints it. */
export type AbRun = {
  /** of its first line that was found */
  line: number;
  version: string | null;
  /** why it ended without a report, as ab says it */
  aborted: string | null;
  /** whether its head is whole: labels and failures are known before the first number is read */
  reported: boolean;
  /** the lines with a name and a colon, by their names, without their units; each by its first place */
  cells: ReadonlyMap<string, Printed>;
  /** cells of the table of times and of the percentages, by `Total mean` and `90%` */
  times: ReadonlyMap<string, Printed>;
};

/** Whether a text holds what ab prints: its first line, or a report that somebody cut out. */
export function isAbText(text: string): boolean {
  return (
    /^[ \t]{0,40}This is ApacheBench, Version \S/m.test(text) ||
    [/^[ \t]{0,40}Concurrency Level:/m, /^[ \t]{0,40}Time taken for tests:/m, /^[ \t]{0,40}Complete requests:/m].every((one) =>
      one.test(text),
    )
  );
}

// What is pasted elsewhere may be indented, so the patterns are of lines without their margins.
const BANNER = /^This is ApacheBench, Version (\S{1,20})/;
/** What stands in the head of a report, once each: a name that comes again begins another run. */
const HEAD = new Set([
  'Server Software',
  'Server Hostname',
  'Server Port',
  'SSL/TLS Protocol',
  'Document Path',
  'Document Length',
  'Number of workers',
  'Concurrency Level',
  'Time taken for tests',
  'Number of requests',
  'Complete requests',
  'Failed requests',
  'Write errors',
  'Non-2xx responses',
  'Keep-Alive requests',
]);
/** The first line behind all that tells of failures. */
const HEAD_ENDS = 'Total transferred';
const UNITS: Readonly<Record<string, RegExp>> = {
  'Time taken for tests': /^(\S{1,30}) seconds$/,
  'Total transferred': /^(\S{1,30}) bytes$/,
  'HTML transferred': /^(\S{1,30}) bytes$/,
  'Requests per second': /^(\S{1,30}) \[#\/sec\] \(mean\)$/,
  'Transfer rate': /^(\S{1,30}) \[Kbytes\/sec\] received$/,
};
const NAMED = /^([A-Z][A-Za-z0-9/ -]{2,30}):[ \t]{0,40}(.{0,400})$/;
const KINDS = /^\((Connect: .{1,120})\)$/;
const PER_REQUEST = /^(\S{1,30}) \[ms\] \((mean(?:, across all concurrent requests)?)\)$/;
const SENT = /^(\S{1,30}) kb\/s (sent|total)$/;
const ABORTED = /^(?:apr_\w{1,40}(?:\(\))?: .{1,200}|Test aborted after .{1,80}|Server timed out|Total of \d{1,15} requests completed)$/;
// Version 1.3 writes the first of these words with a third n.
const TABLE = /^Con{2,3}ection Times \((.{1,20})\)$/;
const PERCENTAGES = /^Percentage of the requests served within a certain time \((.{1,20})\)$/;
const ROW = /^(Connect|Processing|Waiting|Total):((?:[ \t]{1,20}\S{1,30}){1,5})$/;
const PERCENTAGE = /^(\d{1,3}%)[ \t]{1,20}(\S{1,30})(?: \(longest request\))?$/;
const COLUMNS: readonly (readonly [heading: RegExp, columns: readonly string[]])[] = [
  [/^min[ \t]{1,9}mean\[\+\/-sd\][ \t]{1,9}median[ \t]{1,9}max$/, ['min', 'mean', '+/-sd', 'median', 'max']],
  // With -S.
  [/^min[ \t]{1,9}avg[ \t]{1,9}max$/, ['min', 'avg', 'max']],
];

type Draft = Omit<AbRun, 'cells' | 'times'> & {
  cells: Map<string, Printed>;
  times: Map<string, Printed>;
  columns: readonly string[];
  table: 'times' | 'percentages' | null;
};

const fresh = (line: number, version: string | null = null): Draft => ({
  line,
  version,
  aborted: null,
  reported: false,
  cells: new Map(),
  times: new Map(),
  columns: [],
  table: null,
});

/** The runs of a text. One whose head is not whole, and that does not say why, broke off and is left out. */
export function runsIn(lines: readonly TextLine[], extract: Extract): AbRun[] {
  const runs: AbRun[] = [];
  let run = fresh(1);
  const end = (): void => {
    if (run.reported || run.aborted !== null) runs.push(run);
    else if (run.version !== null || run.cells.size > 0)
      extract.warnings.add('broken runs', `line ${run.line}: the run that begins here has no whole report: it broke off, and was not read`);
  };
  for (const line of lines) {
    const text = line.text.trim();
    if (!line.ended && text !== '') {
      warnAboutCutLine(extract, line);
      break;
    }
    const version = BANNER.exec(text)?.[1];
    const name = NAMED.exec(text)?.[1];
    if (version !== undefined || (name !== undefined && HEAD.has(name) && (run.reported || run.cells.has(name)))) {
      end();
      run = fresh(line.line, version);
    }
    see(run, line.line, text, extract);
  }
  end();
  return runs;
}

function see(run: Draft, line: number, text: string, extract: Extract): void {
  const cell = (name: string, value: string): Printed => ({ text: value, pointer: `line ${line} column ${name}` });
  const [, name = '', value = ''] = NAMED.exec(text) ?? [];
  // The first line of a paste may not be there: then the run begins with what is.
  if (run.version === null && run.cells.size === 0) run.line = line;
  if (HEAD.has(name)) run.aborted = null;
  if (HEAD.has(name) || Object.hasOwn(UNITS, name)) put(run.cells, name, cell(name, unitless(name, value)));
  if (name === HEAD_ENDS) run.reported = true;
  const [, each, which] = (name === 'Time per request' && PER_REQUEST.exec(value)) || [];
  if (each !== undefined) put(run.cells, `${name} (${which})`, cell(`${name} (${which})`, each));
  const [, rate, direction] = SENT.exec(text) ?? [];
  if (rate !== undefined) put(run.cells, `Transfer rate ${direction}`, cell(`Transfer rate ${direction}`, rate));
  for (const [, kind = '', count = ''] of (KINDS.exec(text)?.[1] ?? '').matchAll(/\b(Connect|Receive|Length|Exceptions): (\d{1,15})\b/g))
    put(run.cells, `Failed requests ${kind}`, cell(`Failed requests ${kind}`, count));
  if (!run.reported && run.aborted === null && ABORTED.test(text)) run.aborted = excerpt(text, 120);
  if (/^(?:WARNING|ERROR): The median and mean for the total time /.test(text))
    extract.warnings.add('told by the tool', `line ${line}: ab says of its own times: "${excerpt(text, 120)}"`);
  seeTimes(run, line, text, extract);
}

/** The table of times and the percentages: they have their unit in the heading. */
function seeTimes(run: Draft, line: number, text: string, extract: Extract): void {
  const [table, percentages] = [TABLE.exec(text)?.[1], PERCENTAGES.exec(text)?.[1]];
  const unit = table ?? percentages;
  if (unit !== undefined) {
    run.table = unit !== 'ms' ? null : table === undefined ? 'percentages' : 'times';
    run.columns = [];
    if (unit !== 'ms') extract.warnings.add('units', `line ${line}: times in "${excerpt(unit, 20)}" are not known; they were not read`);
    return;
  }
  // Behind it, a line `Total:` is somebody else's.
  if (text === '') run.table = null;
  const columns = COLUMNS.find(([heading]) => heading.test(text))?.[1];
  if (columns !== undefined) run.columns = columns;
  const pointer = (column: string): string => `line ${line} column ${column}`;
  const [, row, cells = ''] = (run.table === 'times' && ROW.exec(text)) || [];
  if (row !== undefined) {
    const values = cells.trim().split(/[ \t]+/);
    // With -S, ab leaves no blank between two wide numbers.
    if (values.length !== run.columns.length)
      extract.warnings.add(
        'broken rows',
        `line ${line}: the row ${row} has ${values.length} cells, not one below each heading; it was not read`,
      );
    else
      for (const [index, column] of run.columns.entries())
        put(run.times, `${row} ${column}`, { text: values[index] ?? '', pointer: pointer(`${row} ${column}`) });
  }
  const [, percent, value] = (run.table === 'percentages' && PERCENTAGE.exec(text)) || [];
  if (percent !== undefined && value !== undefined) put(run.times, percent, { text: value, pointer: pointer(percent) });
}

function put(cells: Map<string, Printed>, name: string, cell: Printed): void {
  if (!cells.has(name)) cells.set(name, cell);
}

/** A number without the unit that is known to stand behind it; as it is where another one stands there. */
function unitless(name: string, value: string): string {
  return (Object.hasOwn(UNITS, name) && UNITS[name]?.exec(value)?.[1]) || value;
}
