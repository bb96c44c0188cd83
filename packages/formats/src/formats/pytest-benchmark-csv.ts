import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';

const STATISTICS = ['min', 'max', 'mean', 'stddev', 'median', 'iqr', 'outliers', 'ops', 'rounds', 'iterations'];
/** None but this tool writes one of them beside the others. */
const TELLING = ['iqr', 'outliers', 'rounds'];
const PARAMETER = 'param:';

/** Whether columns are those of `pytest-benchmark compare --csv`: the name, parameters, and statistics in any order. */
export function isPytestCsv([first, ...others]: readonly string[]): boolean {
  const statistics = others.slice(others.findLastIndex((name) => name.startsWith(PARAMETER)) + 1);
  const parameters = others.slice(0, others.length - statistics.length);
  return (
    first === 'name' &&
    parameters.every((name) => name.startsWith(PARAMETER)) &&
    statistics.length >= 3 &&
    statistics.every((name) => STATISTICS.includes(name)) &&
    TELLING.some((name) => statistics.includes(name))
  );
}

/** Reads such a table: one benchmark a row, times in seconds. */
export function readPytestCsv(extract: Extract, { columns, rows }: Table, fields: FieldTable): void {
  for (const [index, { line, cells }] of rows.entries()) {
    const at = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
    // The reader of CSV empties a last cell that may be cut: without it nobody knows of how many rounds the others are.
    if (index === rows.length - 1 && columns.at(-1) === 'rounds' && at('rounds') === '') {
      extract.warnings.add('last line', `line ${line} has no number of rounds: it was not read`);
      extract.warnings.endsInside();
      break;
    }
    const labels: Record<string, string> = { tool: 'pytest-benchmark' };
    addLabel(labels, 'test', at('name'), extract);
    for (const column of columns.filter((name) => name.startsWith(PARAMETER))) {
      const name = canonicalLabel(column.slice(PARAMETER.length, 64));
      if (name !== '' && !Object.hasOwn(labels, name)) addLabel(labels, name, at(column), extract);
    }
    const rounds = /^\d{1,9}$/.test(at('rounds')) ? Number(at('rounds')) : null;
    extract.records += 1;
    const failed = rounds === 0;
    if (failed) extract.fail({ pointer: `line ${line}`, reason: 'no round was completed' });
    for (const [column, meaning] of Object.entries(fields)) {
      if (!columns.includes(column)) continue;
      const pointer = `line ${line} column ${column}`;
      const read = readCell(at(column));
      if (read.is === 'number' && read.unit === null)
        addNumber(
          extract,
          new LiteralNumber(at(column)),
          meaning,
          { labels, pointer, n: meaning.over === 'runs' ? null : rounds, failed },
          column,
        );
      else if (read.is !== 'absent')
        extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(at(column), 40)}" was not read`);
    }
  }
}
