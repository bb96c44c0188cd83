import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

/** One row of a table that pytest prints. */
export type PytestRow = {
  line: number;
  name: string;
  /** of which saved run it is, where runs are compared: `NOW`, `0001_abc` */
  source: string | null;
  group: string | null;
  /** the unit of its times */
  unit: string;
  /** by the words of the header; numbers may have commas between groups of three digits */
  cells: { column: string; text: string }[];
  /** the same output says that the test failed */
  failed: boolean;
};

const UNITS: Readonly<Record<string, string>> = { '': 's', m: 'ms', u: 'us', n: 'ns' };
const WORDS = String.raw`(?:Min|Max|Mean|StdDev|Median|IQR|Outliers(?:\(\*\))?|OPS(?: \([KM]?ops\/s\))?|Rounds|Iterations)`;
const HEADER = new RegExp(String.raw`^Name \(time in ([mun]?)s\)((?:[ \t]{1,2000}${WORDS}){1,12})$`);
const SOME = new RegExp(String.raw`^Name \(time in [mun]?s\)(?:[ \t]{1,2000}${WORDS}){1,12}[ \t]{0,40}$`, 'm');
const GROUP = /^-{1,2000} benchmark(?: u?(?:'(.{0,400})'|"(.{0,400})"))?: (\d{1,6}) tests?(?:, min .{0,200})? -{1,2000}$/;
const RULER = /^-{20,4000}$/;

/** Whether a text holds a table of pytest-benchmark: a header with the unit of its times. */
export function isPytestConsole(text: string): boolean {
  return text.includes('Name (time in ') && SOME.test(text.includes('\u001b') ? withoutColours(text) : text);
}

type Table = { unit: string; columns: string[]; row: RegExp; group: string | null; wanted: number | null; rows: number; line: number };

/** The rows of all tables of a text. */
export function rowsInPytest(text: string, extract: Extract): PytestRow[] {
  const rows: PytestRow[] = [];
  const failures = new Set<string>();
  let above: { group: string | null; wanted: number } | null = null;
  let table: Table | null = null;
  for (const at of textLines(text)) {
    const shown = withoutColours(at.text).trimEnd();
    const failure = failureIn(shown);
    if (failure !== null && table === null) failures.add(failure);
    const [, one, other, wanted] = GROUP.exec(shown) ?? [];
    const header = HEADER.exec(shown);
    if (wanted !== undefined) above = { group: one ?? other ?? null, wanted: Number(wanted) };
    else if (header !== null) {
      table = tableOf(header, above, at.line);
      above = null;
    } else if (table !== null && (shown === '' || (RULER.test(shown) && table.rows > 0))) {
      tellMissing(extract, table);
      table = null;
    } else if (table !== null && !RULER.test(shown)) {
      table.rows += 1;
      readLine(extract, { ...at, text: shown }, table, rows);
    }
  }
  if (table !== null) tellMissing(extract, table);
  // What is printed around the table is of this run, not of the saved ones that it is compared with.
  const isOfThisRun = ({ source }: PytestRow): boolean => source === null || source === 'NOW';
  const hasFailed = (name: string): boolean => failures.has(name) || failures.has(`test_${name}`);
  return rows.map((row) => ({ ...row, failed: isOfThisRun(row) && hasFailed(plainName(row.name)) }));
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals set colours with them
  return text.includes('\u001b') ? text.replace(/\u001b\[[\d;]{0,20}[mK]/g, '') : text;
}

const NUMBER = String.raw`(\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,18}(?:\.\d{1,9})?|inf|nan)`;
const RELATIVE = String.raw`(?: \((?:>?[\d.,]{1,20}|inf)\))?`;

function tableOf(header: RegExpExecArray, above: { group: string | null; wanted: number } | null, line: number): Table {
  const columns = [...(header[2] ?? '').matchAll(new RegExp(WORDS, 'g'))].map(([word]) => word);
  const cells = columns.map(
    (column) => `[ \\t]{1,200}${column.startsWith('Outliers') ? String.raw`(\d{1,9};\d{1,9})` : NUMBER + RELATIVE}`,
  );
  return {
    unit: UNITS[header[1] ?? ''] ?? 's',
    columns,
    row: new RegExp(`^(\\S.{0,1000}?)${cells.join('')}$`),
    group: above?.group ?? null,
    wanted: above?.wanted ?? null,
    rows: 0,
    line,
  };
}

/** Where one name is compared between runs, each row says of which run it is. */
const SOURCE = /^(.{1,1000}?) \((NOW|(?:[^()]{0,200}\/)?\d{4}(?:_[^()]{0,200})?)\)$/;

function readLine(extract: Extract, at: TextLine, { row, columns, unit, group }: Table, rows: PytestRow[]): void {
  if (!at.ended) {
    warnAboutCutLine(extract, at);
    return;
  }
  const [all, printed = '', ...texts] = row.exec(at.text) ?? [];
  if (all === undefined) {
    extract.warnings.add('rows left out', `line ${at.line}: "${excerpt(at.text, 60)}" is no row of its table: it was not read`);
    return;
  }
  const [, name = printed, source = null] = SOURCE.exec(printed) ?? [];
  const cells = columns.map((column, index) => ({ column, text: texts[index] ?? '' }));
  rows.push({ line: at.line, name, source, group, unit, cells, failed: false });
}

function tellMissing(extract: Extract, { wanted, rows, line }: Table): void {
  if (wanted === null || rows >= wanted) return;
  extract.warnings.endsInside();
  extract.warnings.add('rows that are missing', `line ${line}: the table has ${rows} rows where it says ${wanted}: it may be cut`);
}

/** The name of a test that failed: in the heading of its trace, behind its progress, or in the summary at the end. */
function failureIn(shown: string): string | null {
  const heading = /^_{2,400} (?:ERROR at \w{1,20} of )?(\S.{0,400}?) _{2,400}$/.exec(shown)?.[1];
  if (heading !== undefined) return heading.replace(/^(?:\w{1,200}\.){1,20}/, '');
  const progress = /^(\S{1,200}::.{1,400}?) (?:FAILED|ERROR)(?:[ \t]|$)/.exec(shown)?.[1];
  const summary = /^(?:FAILED|ERROR) (\S{1,200}::.{1,400}?)(?: - .{0,2000})?$/.exec(shown)?.[1];
  const node = progress ?? summary;
  return node === undefined ? null : plainName(node);
}

/** A test's own name: what follows the file and the class. */
function plainName(node: string): string {
  const bracket = node.indexOf('[');
  const path = bracket < 0 ? node : node.slice(0, bracket);
  return node.slice(path.lastIndexOf('::') < 0 ? 0 : path.lastIndexOf('::') + 2);
}
