import { type CsvRow, csvRows, isBlank } from '../csv-rows.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { readCell } from '../number-cell.ts';
import { heldNumber } from '../number-literal.ts';
import { columnNames } from '../table.ts';

/** What the tables of one CSV file are told apart by: each begins with a header of its own. */
export type PerfTableKind = 'requests' | 'system' | 'gpu' | 'gpu constants' | 'timeslices';

export type PerfCell = { value: number; text: string | null };

/** One row of one of the tables. */
export type PerfRow = {
  kind: PerfTableKind;
  /** 1-based */
  line: number;
  /** the texts of the columns that are no statistics, by column */
  texts: Readonly<Record<string, string>>;
  /** the numbers, by column */
  numbers: ReadonlyMap<string, PerfCell>;
};

/** The kind of the table that a header begins; null where it is none. */
export function perfTableKind(header: readonly string[]): PerfTableKind | null {
  const names = header.map((name) => name.trim());
  const [first, second] = names;
  const distribution = ['avg', 'min', 'max'].every((name) => names.includes(name));
  if (first === 'Metric' && second === 'GPU') return distribution ? 'gpu' : names.includes('Value') ? 'gpu constants' : null;
  if (first === 'Metric') return distribution ? 'requests' : names.length === 2 && second === 'Value' ? 'system' : null;
  if (first === 'Endpoint' && names.includes('GPU_Index') && names.includes('Metric')) return 'gpu';
  return names.join() === 'Timeslice,Metric,Unit,Stat,Value' ? 'timeslices' : null;
}

/** Columns of words; all others hold numbers. */
const WORDS = new Set(
  'Metric,Unit,Stat,Timeslice,Endpoint,GPU,GPU_Index,GPU_Name,GPU_UUID,Platform,Hostname,Namespace,Pod Name'.split(','),
);

/** `1,234.56`: a tool that always writes two decimals leaves no doubt what the commas are. */
const THOUSANDS = /^-?\d{1,3}(?:,\d{3})+\.\d{2}$/;

type Header = { kind: PerfTableKind; columns: readonly string[] };

/**
 * The rows of all tables of a text. What fits no table is named in a warning.
 * @param text with commas between the cells; lines end with CRLF, LF or CR
 */
export function perfRows(extract: Extract, text: string): PerfRow[] {
  const { rows, end } = csvRows(text, ',', extract.limits);
  if (end === 'open quote') extract.warnings.endsInside();
  const untold = end === 'cell' || end === 'open quote' ? rows.at(-1) : undefined;
  const found: PerfRow[] = [];
  let header: Header | null = null;
  let blank = false;
  for (const row of rows) {
    if (isBlank(row)) {
      blank = true;
      continue;
    }
    const kind = row.broken ? null : perfTableKind(row.cells);
    if (kind !== null) header = { kind, columns: columnNames(row.cells) };
    else if (header === null || (blank && row.cells.length !== header.columns.length)) {
      if (header !== null || found.length === 0) warnAboutTable(extract, row);
      header = null;
    } else {
      const whole = row === untold && !row.broken ? withoutLastCell(extract, row, header) : row;
      const read = whole === null ? null : perfRow(extract, whole, header);
      if (read !== null) found.push(read);
    }
    blank = false;
  }
  return found;
}

function warnAboutTable(extract: Extract, { line, cells }: CsvRow): void {
  const shown = excerpt(cells[0] ?? '', 40);
  extract.warnings.add('other tables', `line ${line} ("${shown}") begins a table that is not known here: it was not read`);
}

/** A last line without a line end cannot be told from a cut one: what its last cell holds may be the beginning of another number. */
function withoutLastCell(extract: Extract, row: CsvRow, { columns }: Header): CsvRow | null {
  const { line, cells } = row;
  const name = columns.at(-1) ?? '';
  const untold = `line ${line}, the last one, has no line end and cannot be told from a cut one`;
  if (cells.length !== columns.length || WORDS.has(name)) {
    extract.warnings.endsInside();
    extract.warnings.add('last line', `${untold}: it was not read`);
    return null;
  }
  extract.warnings.add('last line', `${untold}: its last cell, "${excerpt(cells.at(-1) ?? '', 40)}" in column "${name}", was not read`);
  return { ...row, cells: [...cells.slice(0, -1), ''] };
}

function perfRow(extract: Extract, { line, cells, broken }: CsvRow, { kind, columns }: Header): PerfRow | null {
  if (broken || cells.length !== columns.length) {
    const why = broken ? 'has a quote that is not closed' : `has ${cells.length} cells where the header has ${columns.length}`;
    const what = broken ? 'the row, and what the quote swallows,' : 'it';
    extract.warnings.add('ragged rows', `line ${line} ${why}: ${what} was not read`);
    return null;
  }
  const texts: Record<string, string> = {};
  const numbers = new Map<string, PerfCell>();
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (WORDS.has(column)) texts[column] = cell.trim();
    else {
      const number = numberIn(extract, cell, line, column);
      if (number !== null) numbers.set(column, number);
    }
  }
  return { kind, line, texts, numbers };
}

function numberIn(extract: Extract, text: string, line: number, column: string): PerfCell | null {
  const plain = text.trim();
  const held = THOUSANDS.test(plain.slice(0, 40)) ? heldNumber(plain.replaceAll(',', '')) : null;
  if (held !== null) return held;
  const cell = readCell(plain);
  if (cell.is === 'number' && cell.unit === null) return { value: cell.value, text: cell.text };
  if (cell.is !== 'absent')
    extract.warnings.add(
      'no numbers',
      `line ${line} column ${column}: "${excerpt(plain, 40)}" is no number that can be told; it was not read`,
    );
  return null;
}

/** A row's label without its unit, and the unit: what the last brackets hold. `HTTP Duration (excl. conn) (ms)` is in ms. */
export function labelAndUnit(label: string): { name: string; unit: string | null } {
  const text = label.trim();
  const open = text.endsWith(')') ? text.lastIndexOf('(') : -1;
  if (open < 0) return { name: text, unit: null };
  return { name: text.slice(0, open).trim(), unit: text.slice(open + 1, -1).trim() };
}
