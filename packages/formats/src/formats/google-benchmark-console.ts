import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { type ConsoleRow, type ConsoleValue, isGoogleConsole, rowsInConsole } from './google-benchmark-console-rows.ts';
import { aggregateOf, basesOf, CV, isUndecided, meaningOf, warnAboutAggregate } from './google-benchmark-rows.ts';

export { isGoogleConsole };

/** What holds for all rows below one description of the machine. */
type Run = { labels: Readonly<Record<string, string>>; repeated: Map<string, Repeated> };

/** A benchmark: its rows so far, and how many iterations its first aggregate stood for. */
type Repeated = { rows: number; closed: string | null };

/** Reads what the library prints on a terminal. */
export function readGoogleConsole(extract: Extract, text: string): void {
  const rows = rowsInConsole(text, extract);
  const names = rows.map(({ name }) => name);
  const bases = basesOf(names);
  let run: Run = { labels: {}, repeated: new Map() };
  for (const [index, row] of rows.entries()) {
    if (row.began !== rows[index - 1]?.began) run = { labels: labelsOfRun(row, extract), repeated: new Map() };
    if (isUndecided(names, index)) {
      const why = 'nobody can say whether it is a benchmark or an aggregate of one, because nothing follows';
      extract.warnings.add('aggregates', `line ${row.line}: "${excerpt(row.name, 60)}" was not read: ${why}`);
    } else readRow(extract, row, run, bases);
  }
}

/** What rows say themselves. */
const OWN: ReadonlySet<string> = new Set(['tool', 'test', 'label', 'timestamp']);

function labelsOfRun({ began }: ConsoleRow, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = { tool: 'google-benchmark' };
  for (const [key, value] of Object.entries(began.given)) {
    const name = canonicalLabel(key);
    if (!OWN.has(name)) addLabel(labels, name, value, extract);
  }
  if (began.timestamp !== null) addLabel(labels, 'timestamp', began.timestamp, extract);
  return labels;
}

function readRow(extract: Extract, row: ConsoleRow, run: Run, bases: ReadonlySet<string>): void {
  const where = `line ${row.line}`;
  const kind = aggregateOf({ name: row.name, type: null, aggregate: null }, bases);
  const percents = row.values.some(({ column, unit }) => column === 'Time' && unit === '%');
  // What is printed in percent is a share, and a share in nanoseconds is a mistake of early versions.
  if (kind === 'unknown' || percents !== (kind.statistic === CV) || isOwnAggregate(row, run)) {
    if (row.failure === null) {
      warnAboutAggregate(extract, row.name.slice(row.name.lastIndexOf('_') + 1), where);
      return;
    }
  }
  const { statistic, base } = kind === 'unknown' ? { statistic: 'value', base: row.name } : kind;
  const labels: Record<string, string> = { ...run.labels };
  addLabel(labels, 'test', base, extract);
  addLabel(labels, 'label', row.label, extract);
  extract.records += 1;
  if (row.failure !== null) {
    extract.fail({ pointer: where, reason: `${row.failure.what}: ${excerpt(row.failure.why, 80)} ("${excerpt(row.name, 60)}")` });
    return;
  }
  const [time] = row.values;
  const failed = statistic === 'value' && time !== undefined && !isNumber(time);
  if (failed) extract.fail({ pointer: where, reason: `the benchmark has no time ("${excerpt(row.name, 60)}")` });
  const n = countOf(base, { statistic, iterations: row.iterations }, run);
  for (const value of row.values.filter(isNumber)) {
    const meaning = meaningOfCell(value, statistic);
    const own = FIELDS.get(value.column) ?? value.column;
    const name = meaning.statistic === CV ? `${own} cv` : own;
    addNumber(extract, new LiteralNumber(value.literal), meaning, { labels, n, pointer: `${where} column ${value.column}`, failed }, name);
  }
}

/** `inf` and `nan` are none. */
const isNumber = ({ literal }: ConsoleValue): boolean => /\d/.test(literal);

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['Time', 'real_time'],
  ['CPU', 'cpu_time'],
]);

function meaningOfCell({ column, unit }: ConsoleValue, statistic: string): FieldMeaning {
  const meaning = meaningOf(FIELDS.get(column) ?? column, statistic, unit);
  return { ...meaning, unit };
}

/**
 * How many repetitions are behind an aggregate: those that stand above it, or as many as its name says.
 * What stands under `Iterations` is not it: early versions wrote the iterations of one repetition there.
 */
function countOf(base: string, { statistic, iterations }: { statistic: string; iterations: string }, { repeated }: Run): number | null {
  const known = repeated.get(base) ?? { rows: 0, closed: null };
  if (statistic === 'value') {
    repeated.set(base, { rows: known.closed === null ? known.rows + 1 : 1, closed: null });
    return null;
  }
  repeated.set(base, { ...known, closed: known.closed ?? iterations });
  const [, stated] = /\/repeats:(\d{1,9})(?:\/|$)/.exec(base) ?? [];
  return known.rows > 0 ? known.rows : stated === undefined ? null : Number(stated);
}

/** Most words behind a name that may be those of an aggregate. */
const WORDS = 8;

/** Whether a row is an aggregate that a user made: its name goes on from one whose aggregates stand above, of as many repetitions. */
function isOwnAggregate({ name, iterations }: ConsoleRow, { repeated }: Run): boolean {
  let at = name.lastIndexOf('_');
  for (let words = 0; at > 0 && words < WORDS; words += 1) {
    const closed = repeated.get(name.slice(0, at))?.closed;
    if (closed !== undefined && closed !== null)
      return closed === iterations && !/^_(?:mean|median|stddev|min|max|cv)$/.test(name.slice(at));
    at = name.lastIndexOf('_', at - 1);
  }
  return false;
}
