import { withoutCutCell } from '../csv-cut.ts';
import { type CsvEnd, type CsvRow, csvRows, isBlank } from '../csv-rows.ts';
import type { Extract } from '../extract.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { Refusal } from '../refusal.ts';
import { columnNames, type Row, type Table } from '../table.ts';
import { lineAt } from '../text-lines.ts';
import { readBenchTest } from './llama-bench-test.ts';

/** Columns without which a table is none of llama-bench. */
const NEEDED = ['build_commit', 'n_prompt', 'n_gen', 'avg_ts'];

/** Lines with the word that are looked at, and their longest. */
const MOST_LINES = 50;
const LINE_CHARS = 10_000;

/** A header of llama-bench's CSV: where its line begins, and what separates its cells. */
export type CsvHeader = { offset: number; delimiter: string };

/** Finds the header in a text, which may stand behind what the tool printed while it loaded; null where there is none. */
export function benchCsvHeader(text: string): CsvHeader | null {
  let at = text.indexOf('build_commit');
  for (let looked = 0; at >= 0 && looked < MOST_LINES; looked += 1) {
    const offset = Math.max(text.lastIndexOf('\n', at), text.lastIndexOf('\r', at)) + 1;
    const ends = [text.indexOf('\n', at), text.indexOf('\r', at)].filter((end) => end >= 0);
    const end = Math.min(text.length, ...ends);
    const line = end - offset <= LINE_CHARS ? text.slice(offset, end) : '';
    const delimiter = [',', ';', '\t'].find((one) => isHeader(line.split(one).map(unquoted)));
    if (delimiter !== undefined) return { offset, delimiter };
    at = text.indexOf('build_commit', end);
  }
  return null;
}

function isHeader(cells: readonly string[]): boolean {
  return NEEDED.every((name) => cells.includes(name));
}

function unquoted(cell: string): string {
  const words = cell.trim();
  return words.length >= 2 && words.startsWith('"') && words.endsWith('"') ? words.slice(1, -1) : words;
}

/**
 * Reads the tests of a CSV text. A row whose cells are not those of the header is named and left out: nothing is ever shifted.
 * @throws Refusal where no row fits its header, or the text is beyond a limit
 */
export function readBenchCsv(extract: Extract, text: string, { offset, delimiter }: CsvHeader): void {
  const { rows, end } = csvRows(text.slice(offset), delimiter, extract.limits);
  const begin = lineAt(text, offset) - 1;
  const tables = new BenchTables(extract, end);
  for (const row of rows) tables.take({ ...row, line: row.line + begin });
  tables.close();
  for (const table of tables.read) for (const row of table.rows) readBenchRow(extract, table.columns, row);
}

/** Divides rows among tables: files that were joined have a header each, and logs have other lines between. */
class BenchTables {
  readonly read: Table[] = [];
  readonly #extract: Extract;
  readonly #end: CsvEnd;
  #header: CsvRow | null = null;
  #rows: Row[] = [];
  #last: CsvRow | undefined;
  #misfit: CsvRow | null = null;
  #seen = 0;
  #fitting = 0;
  /** a blank line or a fence has ended the table: what follows need not be of it */
  #outside = false;

  constructor(extract: Extract, end: CsvEnd) {
    this.#extract = extract;
    this.#end = end;
  }

  take(row: CsvRow): void {
    if (!isBlank(row)) this.#last = row;
    if (isHeader(row.cells.map((cell) => cell.trim()))) this.#begin(row);
    else if (isBlank(row) || (row.cells.length === 1 && row.cells[0]?.startsWith('```') === true)) this.#outside = true;
    else this.#data(row);
  }

  #begin(header: CsvRow): void {
    this.#finish(false);
    this.#header = header;
    this.#rows = [];
    this.#outside = false;
  }

  #data(row: CsvRow): void {
    const width = this.#header?.cells.length ?? 0;
    const { line, cells, broken } = row;
    if (!broken && cells.length === width) {
      this.#seen += 1;
      this.#fitting += 1;
      this.#rows.push(row);
      return;
    }
    if (this.#outside && !broken) return;
    this.#seen += 1;
    this.#misfit ??= row;
    const what = broken ? 'a quote that is not closed' : `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
    this.#extract.warnings.add('ragged rows', `line ${line} has ${what} where the header has ${width} columns: it was not read`);
  }

  /** @throws Refusal where there are rows and none of them fits */
  close(): void {
    this.#finish(true);
    const { warnings } = this.#extract;
    if (this.#end === 'open quote') warnings.endsInside();
    const [misfit, width] = [this.#misfit, this.#header?.cells.length];
    if (this.#fitting === 0 && misfit !== null)
      throw new Refusal(
        `none of the ${this.#seen} rows below the header (line ${this.#header?.line}) has its ${width} cells (line ${misfit.line} has ${misfit.broken ? 'a quote that is not closed' : misfit.cells.length})`,
      );
    if (this.#seen === 0) warnings.add('no rows', `the table has a header (line ${this.#header?.line}) and no rows`);
  }

  /** @param last whether the text ends behind the table */
  #finish(last: boolean): void {
    const [header, end] = [this.#header, this.#end];
    if (header === null) return;
    const columns = columnNames(header.cells);
    const cut = last && (end === 'cell' || end === 'quote');
    const rows = cut ? withoutCutCell({ rows: this.#rows, header, last: this.#last, columns, end }, this.#extract.warnings) : this.#rows;
    this.read.push({ line: header.line, columns, units: columns.map(() => null), rows });
  }
}

/** Reads a row of a table whose columns are llama-bench's fields. */
function readBenchRow(extract: Extract, columns: readonly string[], { line, cells }: Row): void {
  const fields = Object.fromEntries(columns.map((column, index) => [column, cellValue(cells[index] ?? '')]));
  const at = `line ${line}`;
  readBenchTest(extract, { fields, at, pointer: (field) => `${at} column ${field}`, own: (field) => field });
}

/** A cell as a parsed value: a number with its digits as they are, a text, or null for an empty one. */
export function cellValue(cell: string): JsonObject[string] {
  const read = readCell(cell);
  if (read.is === 'number' && read.unit === null) return new LiteralNumber(cell.trim());
  return cell.trim() === '' ? null : cell;
}
