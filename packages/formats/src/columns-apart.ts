import { isRowNumber } from '@chimera/shared/domain';
import { saysMetric } from './canonical-name.ts';
import { mayBeDimension } from './dimensions.ts';
import { isSettingName, labelValue } from './labels.ts';
import { wordsOf } from './name-words.ts';
import { saysOtherNumber } from './named-columns.ts';
import { isAbsent } from './number-cell.ts';
import type { Table } from './table.ts';
import { unitFromName } from './unit-from-name.ts';

/** Words in the names of columns that number or date repeats, which are one configuration. */
const REPEATS = new Set(
  'run runs trial trials attempt attempts repeat repeats repetition iteration iterations iter round try no nr day weekday sample'.split(
    ' ',
  ),
);

/** Words in the names of whole numbers that were counted or scored. */
const COUNTED = new Set(
  `score scores time total count counts generated completed failed passed failures successes errors points correct wins steps
  calls`.split(/\s+/),
);

/** More rows are a log. */
const MOST_ROWS = 1_000;

/**
 * The columns of a page's table that tell rows apart which would have the same labels, from left to right until each row has its own:
 * `| Method | Type | Dataset | TTFT |` where only the dataset repeats, `| Users | TTFT |`. Words do, and the whole numbers that stand
 * in front of all measurements. None where rows stay alike whatever is added: they are repeats.
 * @param numeric indices of the columns of numbers
 * @param labels indices of the columns that label the rows already
 */
export function columnsApart(table: Table, numeric: ReadonlySet<number>, labels: readonly number[]): number[] {
  const { columns, rows } = table;
  if (rows.length < 2 || rows.length > MOST_ROWS) return [];
  const first = columns.findIndex((name, index) => numeric.has(index) && isMeasured(table, name, index));
  const end = first < 0 ? columns.length : first;
  const known = new Set(labels);
  const groups = new Groups(table);
  for (const index of known) groups.part(index);
  const chosen: number[] = [];
  for (const [index, name] of columns.entries()) {
    if (groups.count === rows.length) break;
    if (known.has(index) || numbersRepeats(name) || isMeasured(table, name, index)) continue;
    const tells = numeric.has(index) ? index < end && maySet(name) && isWhole(table, index) : mayName(name) && isOfNames(table, index);
    if (tells && groups.part(index)) chosen.push(index);
  }
  return groups.count === rows.length ? chosen : [];
}

/** The rows of a table, parted by the cells of more and more columns. */
class Groups {
  count = 1;
  readonly #rows: Table['rows'];
  /** by row */
  #group: readonly number[];

  constructor({ rows }: Table) {
    this.#rows = rows;
    this.#group = rows.map(() => 0);
  }

  /** Whether a column parts rows that were not parted before. */
  part(index: number): boolean {
    const groups = new Map<string, number>();
    const parted = this.#rows.map(({ cells }, row) => {
      const key = `${this.#group[row]} ${(cells[index] ?? '').trim()}`;
      const group = groups.get(key) ?? groups.size;
      groups.set(key, group);
      return group;
    });
    if (groups.size === this.count) return false;
    this.count = groups.size;
    this.#group = parted;
    return true;
  }
}

function isMeasured({ units }: Table, name: string, index: number): boolean {
  return (units[index] ?? unitFromName(name)) !== null || saysMetric(name);
}

function numbersRepeats(name: string): boolean {
  const words = wordsOf(name);
  return isRowNumber(name) || name.trim() === '#' || words.includes('metric') || words.some((word) => REPEATS.has(word));
}

/** Whether words in a column of that name may be names, and not what somebody says of a row: `Speedup`, `Status`. */
function mayName(name: string): boolean {
  return mayBeDimension(name) && !wordsOf(name).some(saysOtherNumber);
}

/** Whether whole numbers in a column of that name may have been set, and were not measured or counted: `Time`, `Score`. */
function maySet(name: string): boolean {
  return isSettingName(name) || !wordsOf(name).some((word) => COUNTED.has(word) || (saysOtherNumber(word) && !OF_SIZE.has(word)));
}

/** Words of quantities that are set as often as measured. */
const OF_SIZE = new Set(['size', 'length', 'tokens', 'rate', 'rps', 'qps']);

function isWhole({ rows }: Table, index: number): boolean {
  return rows.every(({ cells }) => /^\d{1,9}$/.test((cells[index] ?? '').trim()));
}

/** Whether each text is a name or absent, and not all are absent. */
function isOfNames({ rows }: Table, index: number): boolean {
  const texts = rows.map(({ cells }) => cells[index] ?? '').filter((text) => !isAbsent(text));
  return texts.length > 0 && texts.every((text) => labelValue(text) !== null);
}
