import type { Extract } from '../extract.ts';
import type { JsonObject } from '../json-value.ts';
import { markdownTables } from '../markdown-tables.ts';
import type { Row, Table } from '../table.ts';
import { readTables } from './generic-table.ts';
import { isHyperfineTable, readHyperfineTable } from './hyperfine-markdown.ts';
import { isBatchedTable, readBatchedTable } from './llama-batched-bench-markdown.ts';
import { gpusAbove } from './llama-bench-devices.ts';
import { buildOf, isBenchTable, readBenchTable, strayRow } from './llama-bench-markdown.ts';
import { type BenchTable, placesOf } from './llama-bench-places.ts';
import { isBenchyTable, readBenchyTable } from './llama-benchy-markdown.ts';
import { isLmEvalTable, readLmEvalTables } from './lm-eval-markdown.ts';
import { isOptimumTable, readOptimumTables } from './optimum-benchmark-markdown.ts';

/** Reads all tables of a Markdown text: those of tools that are known as such, with what stands around them, the others generically. */
export function readMarkdownPage(extract: Extract, text: string): void {
  const tables = markdownTables(text, extract.limits, extract.warnings);
  const lines = text.split(/\r\n?|\n/);
  const benches: BenchTable[] = [];
  for (const [index, table] of tables.entries()) {
    if (isBatchedTable(table.columns)) readBatchedTable(extract, table, lines);
    if (!isBenchTable(table.columns)) continue;
    const below = linesBelow(extract, table, lines, tables[index + 1]?.line ?? lines.length + 1);
    const rows = [...table.rows, ...below.rows];
    const from = index === 0 ? 0 : (tables[index - 1]?.line ?? 0) + 1 + (tables[index - 1]?.rows.length ?? 0);
    const gpus = gpusAbove(lines, { from, header: table.line - 1 }, rows[0]?.cells[table.columns.indexOf('backend')] ?? '');
    benches.push({ table, rows, around: gpus === null ? below.build : { ...below.build, gpu_info: gpus } });
  }
  const places = placesOf(benches, lines);
  for (const one of benches) readBenchTable(extract, one, places.get(one) ?? null);
  readOtherTables(
    extract,
    tables.filter(({ columns }) => !isBenchTable(columns) && !isBatchedTable(columns)),
  );
}

/** Reads tables around which nothing stands that belongs to them. */
export function readOtherTables(extract: Extract, tables: readonly Table[]): void {
  for (const table of tables) {
    if (isHyperfineTable(table.columns)) readHyperfineTable(extract, table);
    else if (isBenchyTable(table.columns)) readBenchyTable(extract, table);
  }
  readLmEvalTables(
    extract,
    tables.filter(({ columns }) => isLmEvalTable(columns)),
  );
  readOptimumTables(extract, tables.filter(isOptimumTable));
  // Together, because what a name means may only be told from all tables of a page.
  readTables(
    tables.filter(
      (table) =>
        !isHyperfineTable(table.columns) && !isBenchyTable(table.columns) && !isLmEvalTable(table.columns) && !isOptimumTable(table),
    ),
    extract,
    false,
  );
}

/** What a run that broke off prints below its table. */
const BROKE_OFF =
  /^(?:terminate called|libc\+\+abi: terminating|Aborted|Segmentation fault|CUDA error|GGML_ASSERT|(?:main|llama[_-]bench): error: |\^C|\S{1,80}: GGML_ASSERT)/;

/**
 * The rows and the build that stand below a table's own rows; a log has other lines between them.
 * @param end the line of the next table's header, or one behind the last line
 */
function linesBelow(extract: Extract, table: Table, lines: readonly string[], end: number): { rows: Row[]; build: JsonObject } {
  const rows: Row[] = [];
  let own = true;
  // A table's line is that of its header; its rows begin two below.
  for (let number = table.line + 2; number < end; number += 1) {
    const line = lines[number - 1] ?? '';
    own &&= line.includes('|');
    if (own || line.length > 4_000) continue;
    const build = buildOf(line);
    if (build !== null) return { rows, build };
    const row = strayRow(line, number, table, extract);
    if (row !== null) rows.push(row);
    else if (number === lines.length && isUnfinished(line)) extract.warnings.endsInside();
    else if (BROKE_OFF.test(line))
      extract.warnings.add('broken runs', `line ${number}: the run broke off below its table: what it would have measured next is missing`);
  }
  return { rows, build: {} };
}

/** Whether a last line without a line end may become a row or the build. */
function isUnfinished(line: string): boolean {
  return line !== '' && (line.trimStart().startsWith('|') || 'build: '.startsWith(line) || line.startsWith('build: '));
}
