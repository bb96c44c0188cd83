import type { Extract } from '../extract.ts';
import { beyondLimit, Refusal } from '../refusal.ts';
import { endsLine, lineAt } from '../text-lines.ts';
import { cellValue } from './llama-bench-csv.ts';
import { readBenchTest } from './llama-bench-test.ts';
import { type SqlValues, sqlNames, sqlValues } from './sql-values.ts';

/** Names of the table that llama-bench has given its results. */
const TABLE = '["`]?(?:llama_bench|test)["`]?';
const CREATE = `\\bCREATE TABLE (?:IF NOT EXISTS )?${TABLE} ?\\(`;
const INSERT = `\\bINSERT INTO ${TABLE} ?(\\(|VALUES ?\\()`;
const DETECTED = new RegExp(`\\b(?:CREATE TABLE (?:IF NOT EXISTS )?|INSERT INTO )${TABLE} ?\\(\\s{0,8}["\`]?build_commit\\b`, 'i');

/** Statements that cannot be read: behind so many the rest is not tried. */
const MOST_BROKEN = 100;

/** Whether a text holds the statements that `llama-bench -o sql` prints. */
export function isBenchSql(text: string): boolean {
  return DETECTED.test(text);
}

/**
 * Reads the tests of `INSERT` statements, be they the tool's own or a dump of the database that they made.
 * A row with more or fewer values than columns is named and left out.
 * @throws Refusal where no row fits its columns, or there are more values than the limits allow
 */
export function readBenchSql(extract: Extract, text: string): void {
  const lines = new LineCounter(text);
  const tally = { fitting: 0, values: 0, broken: 0, misfits: 0, misfit: '' };
  for (const { offset, names, tuples } of statements(text)) {
    if (tuples === null) {
      const line = lines.at(offset);
      tally.broken += 1;
      tally.misfit ||= `line ${line} cannot be read`;
      extract.warnings.add('broken statements', `line ${line} begins a statement that is broken: it was not read`);
      if (tally.broken >= MOST_BROKEN) break;
      continue;
    }
    for (const row of tuples) {
      const line = lines.at(row[0]?.offset ?? offset);
      tally.values += row.length;
      if (tally.values > extract.limits.maxCells)
        throw beyondLimit(`has more than ${extract.limits.maxCells} values (line ${line})`, extract.limits, 'maxCells');
      if (row.length === names.length) {
        tally.fitting += 1;
        readRow(extract, names, row, lines);
        continue;
      }
      tally.misfits += 1;
      tally.misfit ||= `line ${line} has ${row.length} values for ${names.length} columns`;
      extract.warnings.add('ragged rows', `line ${line} has ${row.length} values for ${names.length} columns: it was not read`);
    }
  }
  // A statement that a cut has left out may have begun here.
  if (!endsLine(text) && !text.endsWith(';')) extract.warnings.endsInside();
  const seen = tally.fitting + tally.broken + tally.misfits;
  if (seen > 0 && tally.fitting === 0) throw new Refusal(`none of the ${seen} rows has a value for each of its columns (${tally.misfit})`);
  if (seen === 0) extract.warnings.add('no rows', 'the table is created and nothing is inserted into it');
}

/** An `INSERT`: where it begins, its columns, and its rows; null where they cannot be read. */
type Statement = { offset: number; names: readonly string[]; tuples: readonly SqlValues[] | null };

function* statements(text: string): Generator<Statement> {
  const created = createdColumns(text);
  const insert = new RegExp(INSERT, 'gi');
  for (let match = insert.exec(text); match !== null; match = insert.exec(text)) {
    const listed = match[1] === '(' ? sqlNames(text, insert.lastIndex) : { names: created, end: insert.lastIndex - 1 };
    const rows = listed === null ? null : sqlValues(text, listed.end);
    // What stands within a value begins no statement.
    if (rows !== null) insert.lastIndex = rows.end;
    yield { offset: match.index, names: listed?.names ?? [], tuples: rows?.tuples ?? null };
  }
}

function readRow(extract: Extract, names: readonly string[], row: SqlValues, lines: LineCounter): void {
  const at = `line ${lines.at(row[0]?.offset ?? 0)}`;
  const fields = Object.fromEntries(names.map((name, index) => [name, cellValue(row[index]?.text ?? '')]));
  const places = new Map(names.map((name, index) => [name, lines.at(row[index]?.offset ?? 0)]));
  const pointer = (field: string): string => `line ${places.get(field) ?? 0} column ${field}`;
  readBenchTest(extract, { fields, at, pointer, own: (field) => field });
}

/** The columns of the table that is created first: a dump of a database names them there only. */
function createdColumns(text: string): readonly string[] {
  const create = new RegExp(CREATE, 'i').exec(text);
  return create === null ? [] : (sqlNames(text, create.index + create[0].length)?.names ?? []);
}

/** The lines of ever later offsets, so that a text is counted through once. */
class LineCounter {
  readonly #text: string;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    if (offset < this.#offset) return lineAt(this.#text, offset);
    this.#line += lineAt(this.#text.slice(this.#offset, offset), offset - this.#offset) - 1;
    this.#offset = offset;
    return this.#line;
  }
}
