import type { JsonObject } from '../json-value.ts';
import { MarkdownHeadings } from '../markdown-headings.ts';
import type { Row, Table } from '../table.ts';
import { apart, pathAt } from './console-places.ts';

/** A table of llama-bench, with what stands around it. */
export type BenchTable = {
  table: Table;
  /** its own, and those that noise has parted from it */
  rows: readonly Row[];
  /** what the lines around it say of the run: `build_commit`, `build_number`, `gpu_info` */
  around: JsonObject;
};

/**
 * What of the headings above tells tables apart that repeat a row of another one, setting by setting: only the headings tell these
 * runs apart (`GPU 0 only`, `before`).
 * @returns by table; none for one that repeats nothing, or whose headings say no more than those of the others
 */
export function placesOf(tables: readonly BenchTable[], lines: readonly string[]): ReadonlyMap<BenchTable, string> {
  const repeats = new Map<string, BenchTable[]>();
  for (const one of tables)
    for (const key of new Set(one.rows.map((row) => settingsOf(one, row)))) {
      const several = repeats.get(key);
      if (several === undefined) repeats.set(key, [one]);
      else several.push(one);
    }
  const headings = new MarkdownHeadings(lines);
  const paths = new Map(tables.map((one) => [one, pathAt(headings, one.table.line - 1)]));
  const words = (one: BenchTable): string => JSON.stringify(paths.get(one));
  const places = new Map<BenchTable, string>();
  for (const several of repeats.values()) {
    if (new Set(several.map(words)).size < 2) continue;
    // A table may repeat rows of several others, some of which share more of its headings.
    for (const [one, place] of apart(several.map((table) => ({ one: table, path: paths.get(table) ?? [] }))))
      if (place.length > (places.get(one)?.length ?? 0)) places.set(one, place);
  }
  return places;
}

/** All that a row says but its rate. */
function settingsOf({ table, around }: BenchTable, { cells }: Row): string {
  const rate = table.columns.indexOf('t/s');
  return JSON.stringify([table.columns, cells.filter((_, index) => index !== rate), around]);
}
