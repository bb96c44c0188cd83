import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { addParameter, jmhMeaning, warnAboutUnit } from './jmh-modes.ts';
import { percentileOfRow } from './jmh-text-table.ts';

const COLUMNS = ['Benchmark', 'Mode', 'Threads', 'Samples', 'Score'];
const PARAMETER = 'Param: ';

/** Whether columns are those of `-rf csv`. */
export function isJmhCsv(columns: readonly string[]): boolean {
  return COLUMNS.every((name, index) => columns[index] === name) && columns.includes('Unit');
}

/** Reads a table of `-rf csv`: one benchmark, or one secondary metric of it, a row. */
export function readJmhCsv(extract: Extract, { columns, rows }: Table): void {
  const errorColumn = columns.find((name) => name.startsWith('Score Error'));
  // `Score Error (99,9%)`: the machine writes commas, and a semicolon between the cells.
  const comma = errorColumn !== undefined && /\d,\d/.test(errorColumn);
  const last = columns.at(-1) ?? '';
  /** of how many calls the last mean was, and what it was of: its percentiles stand below it */
  let calls: { of: string; n: number | null } = { of: '', n: null };
  for (const [index, { line, cells }] of rows.entries()) {
    const at = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
    // The reader of CSV empties a last cell that may be cut: without it nobody knows what was run, or in which unit.
    if (index === rows.length - 1 && (last === 'Unit' || last.startsWith(PARAMETER)) && at(last) === '') {
      extract.warnings.add('last line', `line ${line} has no value for ${last}: it was not read`);
      extract.warnings.endsInside();
      break;
    }
    const [, test = '', behind] = /^([^:]{0,400}):·?(.{1,100})$/s.exec(at('Benchmark')) ?? [null, at('Benchmark')];
    const labels: Record<string, string> = { tool: 'jmh' };
    addLabel(labels, 'test', test, extract);
    addLabel(labels, 'mode', at('Mode'));
    addLabel(labels, 'threads', at('Threads'));
    for (const column of columns) if (column.startsWith(PARAMETER)) addParameter(labels, column.slice(PARAMETER.length), at(column));
    const unit = at('Unit');
    // In mode `sample` the percentiles of the calls stand below their mean.
    const percentile = percentileOfRow({ mode: at('Mode'), secondary: behind ?? null });
    const secondary = percentile === null ? behind : undefined;
    const meaning = secondary === undefined ? jmhMeaning(at('Mode'), unit) : { metric: 'own' as const, unit: excerpt(unit, 40) || null };
    if (secondary === undefined && meaning.metric === 'own') warnAboutUnit(extract, at('Mode'), unit, `line ${line}`);
    const stated = /^\d{1,9}$/.test(at('Samples')) ? Number(at('Samples')) : null;
    const of = JSON.stringify(labels);
    const samples = percentile === null ? stated : calls.of === of ? calls.n : null;
    if (behind === undefined) calls = { of, n: stated };
    // What profilers measured is of iterations, in mode `sample` too.
    const over = at('Mode') === 'sample' && secondary === undefined ? 'samples' : 'repetitions';
    if (percentile === null) extract.records += 1;
    const failed = at('Score') === 'NaN';
    if (failed && behind === undefined) extract.fail({ pointer: `line ${line} column Score`, reason: 'the benchmark has no score' });
    const add = (column: string, own: string, what: FieldMeaning): void => {
      const cell = comma && /^-?\d{1,18},\d{1,18}$/.test(at(column)) ? at(column).replace(',', '.') : at(column);
      const read = readCell(cell);
      const pointer = `line ${line} column ${column}`;
      if (read.is === 'number' && read.unit === null)
        addNumber(extract, new LiteralNumber(cell), what, { labels, pointer, n: samples, failed }, own);
      else if (read.is !== 'absent')
        extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(at(column), 40)}" was not read`);
    };
    add('Score', secondary ?? 'score', { ...meaning, statistic: percentile ?? 'mean', over });
    const own = secondary === undefined ? 'scoreError' : `${secondary} scoreError`;
    if (errorColumn !== undefined) add(errorColumn, own, { metric: 'own', statistic: 'error', unit: meaning.unit, over });
  }
}
