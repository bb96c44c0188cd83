import { guessDelimiter } from '../csv-delimiter.ts';
import { type CsvRow, csvRows, isBlank } from '../csv-rows.ts';
import { faultOf, isComment, readCsv } from '../csv-table.ts';
import type { Limits } from '../limits.ts';
import type { Table } from '../table.ts';
import { RecordedWarnings } from './recorded-warnings.ts';

/** What the first lines of a table say of it. */
export type CsvHead = {
  delimiter: string;
  /** its cells as rows below may repeat them */
  header: CsvRow;
  headerless: boolean;
  /** the rows of the head */
  table: Table;
  /** the line of the row that states units or statistics, or null */
  unitsLine: number | null;
  /** of the header */
  warnings: readonly string[];
  /** the first line of the last row that belongs to the head; one that the head ends in does not */
  lastLine: number;
};

/**
 * Reads the head of a CSV file as the ordinary reader does.
 * @param text whole lines; a quoted cell may be cut at its end
 * @param preferred the delimiter to try first
 * @throws Refusal where it is no table
 */
export function readCsvHead(text: string, preferred: string, limits: Limits): CsvHead {
  const warnings = new RecordedWarnings();
  const delimiter = guessDelimiter(text, preferred, limits.maxColumns);
  // Some rows out of many cannot tell which columns count them, nor whether all of them name their metrics.
  const table = { ...readCsv(text, preferred, limits, warnings), counting: new Set<number>() };
  const { rows } = csvRows(text, delimiter, limits);
  const found = rows.find(({ line }) => line === table.line);
  const cells = found?.cells ?? [];
  const [first = '', ...others] = cells;
  const ofComment = found !== undefined && isComment(found);
  const header: CsvRow = {
    line: table.line,
    cells: ofComment ? [first.trimStart().slice(1).trimStart(), ...others] : cells,
    broken: false,
  };
  const headerless = table.rows[0]?.line === table.line;
  const firstRow = table.rows[0]?.line ?? Number.POSITIVE_INFINITY;
  const isUnits = (row: CsvRow): boolean =>
    row.line > table.line && row.line < firstRow && !isBlank(row) && faultOf(row, header, headerless) === null;
  const units = rows.find(isUnits);
  return {
    delimiter,
    header,
    headerless,
    table,
    unitsLine: units?.line ?? null,
    warnings: warnings.told.flatMap(({ topic, sentence }) => (topic === 'header' ? [sentence] : [])),
    lastLine: rows.findLast(({ broken }) => !broken)?.line ?? table.line,
  };
}
