import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable, type Labels, listAt, plainNumber, type RecordPlace, textOf } from '../fields.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { unitOfSymbol } from '../unit-from-name.ts';

const NAMED = ['group', 'function', 'value'];
const TOTAL = 'sample_measured_value';
/** Of early versions, which had no column for the unit. */
const NANOSECONDS = 'sample_time_nanos';
const ITERATIONS = 'iteration_count';
/** Of a line of `cargo criterion`. */
const VALUES = 'measured_values';

/** What docs/formats.md prints. */
export const SAMPLES: FieldTable = {
  [`${TOTAL} ÷ ${ITERATIONS}`]: {
    metric: 'execution_time',
    statistic: 'value',
    unit: 'as `unit` says',
    over: 'repetitions',
    note: `early versions: \`${NANOSECONDS}\`, in nanoseconds`,
  },
  [`${VALUES} ÷ ${ITERATIONS}`]: { metric: 'execution_time', statistic: 'value', unit: 'as `unit` says', over: 'repetitions' },
};

const TIMES: ReadonlySet<string> = new Set(['ps', 'ns', 'us', 'ms', 's']);

/** Whether columns are those of `raw.csv`: a row for each sample, which took so long for so many iterations. */
export function isCriterionRaw(columns: readonly string[]): boolean {
  const timed = columns.includes(NANOSECONDS) || (columns.includes(TOTAL) && columns.includes('unit'));
  return timed && columns.includes(ITERATIONS) && NAMED.every((name, index) => columns[index] === name);
}

/** Reads the samples of such a table, an iteration each. */
export function readCriterionRaw(extract: Extract, { columns, rows }: Table): void {
  const total = columns.includes(TOTAL) ? TOTAL : NANOSECONDS;
  for (const { line, cells } of rows) {
    const at = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
    const labels: Record<string, string> = { tool: 'criterion' };
    const id = NAMED.map((_, index) => cells[index] ?? '').filter((part) => part !== '');
    addLabel(labels, 'test', id.join('/'), extract);
    extract.records += 1;
    const [whole, count] = [numberIn(at(total)), numberIn(at(ITERATIONS))];
    const pointer = `line ${line} column ${total} ÷ line ${line} column ${ITERATIONS}`;
    addSample(extract, { whole, count, symbol: total === TOTAL ? at('unit') : 'ns' }, { labels, pointer });
  }
}

/** Reads the samples of a line of `cargo criterion`, which took so long for so many iterations each. */
export function readCriterionValues(extract: Extract, message: JsonObject, { at, labels }: RecordPlace): void {
  const counts = listAt(message, ITERATIONS);
  for (const [index, value] of listAt(message, VALUES).entries()) {
    const pointer = `${at}/${VALUES}/${index} ÷ ${at}/${ITERATIONS}/${index}`;
    const sample = { whole: plainNumber(value), count: plainNumber(counts[index]), symbol: textOf(message.unit) ?? '' };
    addSample(extract, sample, { labels, pointer });
  }
}

type Sample = { whole: number | null; count: number | null; symbol: string };

function addSample(extract: Extract, { whole, count, symbol }: Sample, place: { labels: Labels; pointer: string }): void {
  if (whole === null || count === null || count <= 0) {
    extract.warnings.add('samples left out', `${place.pointer}: it is no time of an iteration, and was not read`);
    return;
  }
  const unit = TIMES.has(symbol) ? symbol : (unitOfSymbol(symbol) ?? (excerpt(symbol, 40) || null));
  const metric = unit !== null && TIMES.has(unit) ? 'execution_time' : 'own';
  const value = new LiteralNumber(String(whole / count));
  addNumber(extract, value, { metric, statistic: 'value', unit, over: 'repetitions' }, place, 'sample of an iteration');
}

function numberIn(cell: string): number | null {
  const read = readCell(cell);
  return read.is === 'number' && read.unit === null ? read.value : null;
}
