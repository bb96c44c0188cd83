import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import { unitFromName, unitOfSymbol } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import { FAULT, NO_VALUE, SMI_FIELDS, SMI_IDENTITY, smiColumn } from './nvidia-smi-fields.ts';

/** `nvidia-smi --query-gpu=… --format=csv`: what the GPUs did while something else was measured. */
export const nvidiaSmi: Format = {
  name: 'nvidia-smi',
  tool: '`nvidia-smi --query-gpu=… --format=csv`',
  signature:
    'CSV whose header has two fields of a query, one of them measured: `timestamp`, `utilization.gpu [%]`, `memory.used [MiB]`, `power.draw [W]`',
  detect: (content) => content.shape === 'table' && content.tables.some(({ columns }) => isQuery(columns)),
  read(content, extract) {
    if (content.shape !== 'table') return;
    for (const table of content.tables) if (isQuery(table.columns)) new QueryReader(extract, table).read();
  },
  fields: { 'of a sample of one GPU': SMI_FIELDS },
  labels: { name: 'gpu', gpu_name: 'gpu' },
  notes: [
    'Context for other results, and samples of a clock: rows are no repetitions of each other.',
    'A GPU is told from others by the labels `gpu_index`, `gpu_uuid` or `gpu_bus_id`, whichever the file has; `gpu` is its name.',
    'Units are those of the header or the cells; where neither states one, nvidia-smi’s own are taken, and a warning says so.',
    '`[N/A]`, `[Not Supported]` and the like are no value, never 0.',
    'The time of a sample is no label; the pointer leads to its row. The clock is local and has no zone, unless somebody wrote one.',
    'Memory in use is a sample: it is no peak.',
    'Files without a header (`noheader`) cannot be told from other numbers and are not read as this format.',
  ],
};

function isQuery(columns: readonly string[]): boolean {
  const parts = columns.map(smiColumn);
  const measured = parts.filter((part) => part !== null && Object.hasOwn(SMI_FIELDS, part.field));
  const others = parts.filter((part) => part !== null && (part.field === 'timestamp' || Object.hasOwn(SMI_IDENTITY, part.field)));
  // One field alone is told by its brackets: nobody else writes `power.draw [W]`.
  return measured.length > 0 && (measured.length + others.length > 1 || measured.some((part) => part?.unit !== null));
}

/** A column of numbers: the field that it is, and what it means. */
type Measured = { index: number; column: string; field: string; meaning: FieldMeaning; stated: boolean };

/** Columns that hold a GPU's number where the header was written by hand. */
const DEVICE_COLUMNS = ['gpu', 'gpu_index', 'gpu_id', 'device', 'device_id'];

/** Texts that change from sample to sample, or say when it was taken: no configurations. */
const MOMENTARY = /^(?:timestamp|time|date|datetime|pstate)$|reasons/;

/** Different rows of labels that are remembered, so that the samples of one GPU share them. */
const REMEMBERED = 10_000;

class QueryReader {
  readonly #extract: Extract;
  readonly #table: Table;
  readonly #measured: readonly Measured[];
  /** label → column */
  readonly #labels: ReadonlyMap<string, number>;
  readonly #known = new Map<string, Labels>();

  constructor(extract: Extract, table: Table) {
    this.#extract = extract;
    this.#table = table;
    const labels = labelColumns(table, extract);
    const used = new Set(labels.values());
    this.#labels = labels;
    this.#measured = table.columns.flatMap((column, index) => (used.has(index) ? [] : measuredColumn(table, column, index)));
  }

  read(): void {
    const assumed = new Set<string>();
    const identity = [...this.#labels].flatMap(([label, index]) => (label.startsWith('gpu') ? [index] : []));
    for (const row of this.#table.rows) {
      // nvidia-smi never leaves one empty; a last cell that may be cut is emptied.
      if (identity.some((index) => (row.cells[index] ?? '').trim() === '')) {
        this.#extract.warnings.add('rows of no GPU', `line ${row.line} does not say which GPU it is of: it was not read`);
        continue;
      }
      const labels = this.#labelsOf(row);
      this.#extract.records += 1;
      for (const column of this.#measured) this.#add(row, column, labels, assumed);
    }
    if (assumed.size === 0) return;
    const fields = [...assumed].join(', ');
    this.#extract.warnings.add(
      'units',
      `the header (line ${this.#table.line}) states no unit for ${fields}: those of nvidia-smi were taken`,
    );
  }

  #add({ line, cells }: Row, { index, column, field, meaning, stated }: Measured, labels: Labels, assumed: Set<string>): void {
    const cell = (cells[index] ?? '').trim();
    const pointer = `line ${line} column ${column}`;
    const read = readCell(cell);
    if (FAULT.test(cell)) this.#extract.warnings.add('faults', `${pointer}: "${excerpt(cell, 40)}": the GPU gave no value`);
    if (read.is === 'absent' || NO_VALUE.test(cell) || FAULT.test(cell)) return;
    const unit = read.is === 'number' ? (read.unit ?? meaning.unit) : null;
    if (read.is !== 'number' || (stated && read.unit !== null && read.unit !== meaning.unit)) {
      const why = read.is === 'number' ? `is not in ${meaning.unit ?? 'the unit of its column'}` : 'is no number';
      this.#extract.warnings.add('cells that were not read', `${pointer}: "${excerpt(cell, 40)}" ${why}: it was not read`);
      return;
    }
    if (!stated && read.unit === null && unit !== null && unit !== '°C') assumed.add(`${field} (${unit})`);
    addNumber(
      this.#extract,
      read.text === null ? read.value : new LiteralNumber(read.text),
      { ...meaning, unit },
      { labels, pointer },
      field,
    );
  }

  #labelsOf({ cells }: Row): Labels {
    const key = [...this.#labels.values()].map((index) => cells[index] ?? '').join('\0');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels: Record<string, string> = { tool: 'nvidia-smi' };
    for (const [label, index] of this.#labels) {
      const cell = (cells[index] ?? '').trim();
      if (!NO_VALUE.test(cell) && !FAULT.test(cell)) addLabel(labels, label, cell, this.#extract);
    }
    if (this.#known.size < REMEMBERED) this.#known.set(key, labels);
    return labels;
  }
}

function measuredColumn(table: Table, column: string, index: number): Measured[] {
  const part = smiColumn(column);
  const field = part?.field ?? column;
  if (Object.hasOwn(SMI_IDENTITY, field)) return [];
  const known = Object.hasOwn(SMI_FIELDS, field) ? SMI_FIELDS[field] : undefined;
  const bracket = part?.unit ?? null;
  const stated = bracket === null ? (table.units[index] ?? null) : bracket === 'C' ? '°C' : unitOfSymbol(bracket);
  if (known !== undefined)
    return [
      { index, column, field, meaning: bracket === null && stated === null ? known : { ...known, unit: stated }, stated: bracket !== null },
    ];
  const numbers = table.rows.some((row) => readCell(row.cells[index] ?? '').is === 'number');
  const words = table.rows.some((row) => isWord(row.cells[index] ?? ''));
  if (!numbers || words) return [];
  return [
    {
      index,
      column,
      field,
      meaning: { metric: 'own', statistic: 'value', unit: stated ?? unitFromName(column), over: 'samples' },
      stated: bracket !== null,
    },
  ];
}

function isWord(text: string): boolean {
  const cell = text.trim();
  return readCell(cell).is === 'text' && !NO_VALUE.test(cell) && !FAULT.test(cell);
}

/** Which columns are labels: those that say which GPU it is, and words that somebody added. */
function labelColumns(table: Table, extract: Extract): Map<string, number> {
  const labels = new Map<string, number>();
  for (const [index, column] of table.columns.entries()) {
    const field = smiColumn(column)?.field ?? column;
    const label = Object.hasOwn(SMI_IDENTITY, field) ? SMI_IDENTITY[field] : undefined;
    if (label !== undefined && !labels.has(label)) labels.set(label, index);
    else if (!Object.hasOwn(SMI_FIELDS, field) && isLabelOfRun(table, index, field)) labels.set(canonicalLabel(field), index);
  }
  const device = deviceColumn(table, labels, extract);
  if (device !== null) labels.set('gpu_index', device);
  return labels;
}

function isLabelOfRun({ rows }: Table, index: number, field: string): boolean {
  if (MOMENTARY.test(field)) return false;
  const cells = rows.map((row) => (row.cells[index] ?? '').trim());
  if (!cells.some(isWord) || cells.some((cell) => /^\d{4}[-/]\d\d?[-/]\d\d?|\d\d:\d\d/.test(cell))) return false;
  // Words under nvidia-smi's own names are states of the GPU; those that somebody added say what was run.
  return !field.includes('.');
}

/** The column that tells the GPUs apart where a header written by hand has it under another name; null where `index` does. */
function deviceColumn(table: Table, labels: ReadonlyMap<string, number>, extract: Extract): number | null {
  const at = table.columns.findIndex((name) => DEVICE_COLUMNS.includes(name.toLowerCase()));
  const cells = at < 0 ? [] : table.rows.map((row) => (row.cells[at] ?? '').trim());
  // Percentages are numbers too: there are never so many GPUs.
  if (cells.length === 0 || !cells.every((cell) => /^[0-5]?\d$/.test(cell)) || new Set(cells).size > 16) return null;
  const index = labels.get('gpu_index');
  if (index === undefined) return at;
  const [first, ...others] = table.rows.map((row) => (row.cells[index] ?? '').trim());
  if (others.some((cell) => cell !== first) || cells.every((cell) => cell === cells[0])) return null;
  extract.warnings.add(
    'header',
    `column index is ${first} in every row while ${table.columns[at]} differs: the GPUs are told apart by ${table.columns[at]}`,
  );
  return at;
}
