import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels, type LabelTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import { isDmon, readDmon } from './dcgm-dmon.ts';
import { DCGM_FIELDS, DCGM_TABLE, dcgmMeaning, dcgmName, isBlank } from './dcgm-fields.ts';
import type { Format } from './format.ts';

/** Columns that say which GPU a row is of. */
const IDENTITY: Readonly<Record<string, string>> = {
  GPUId: 'gpu_index',
  'GPU-Id': 'gpu_index',
  gpu_id: 'gpu_index',
  gpu: 'gpu_index',
  uuid: 'gpu_uuid',
  UUID: 'gpu_uuid',
  modelName: 'gpu',
  Hostname: 'host',
  hostname: 'host',
  pod: 'pod_name',
  namespace: 'namespace',
};
const LABELS: LabelTable = { modelName: 'gpu', Hostname: 'host' };

/** NVIDIA's data centre GPU manager: what GPUs did while something else was measured. */
export const dcgm: Format = {
  name: 'dcgm',
  tool: 'NVIDIA DCGM (`dcgmi dmon`, `dcgm-exporter`)',
  signature:
    'text with a line `#Entity GPUTL POWER …` and rows `GPU 0 …`; CSV of `GPUId`, `TimeStampUs`, `Field` and `Values`, of `metric_name` (`DCGM_FI_…`) and `value`, or with a column for each `DCGM_FI_…`',
  detect(content) {
    // A page that quotes such lines, as a manual does, is no sample of it.
    if (content.shape === 'text') return content.kind !== 'markdown' && isDmon(content.text);
    return content.shape === 'table' && content.tables.some((table) => shapeOf(table) !== null);
  },
  read(content, extract) {
    if (content.shape === 'text') readDmon(extract, content.text);
    if (content.shape === 'table') for (const table of content.tables) readTable(extract, table);
  },
  fields: { 'of a sample of one GPU: `dcgmi dmon`, tag, exporter': DCGM_TABLE },
  labels: LABELS,
  notes: [
    'Context for other results, and samples of a clock: rows are no repetitions of each other.',
    'The line below the header of `dcgmi dmon` states some units; where none is stated those of DCGM are taken, and of CSV a warning says so. What is not known keeps its name and has no unit.',
    'Energy is a counter that runs since the driver was loaded: no energy of a run.',
    'N/A, and the numbers that DCGM writes for it (2147483632, 140737488355328 and the like), are no value.',
    'Instances of a GPU (MIG) have a label `gpu_index` of their own. Other entities, such as switches, are passed over.',
  ],
};

type Shape = { of: 'long'; name: string; value: string } | { of: 'wide' };

/** How a table holds the values of fields; null where it is none of DCGM. */
function shapeOf({ columns, rows }: Table): Shape | null {
  const has = (...names: string[]): boolean => names.every((name) => columns.includes(name));
  if (has('GPUId', 'TimeStampUs', 'Field', 'Values')) return { of: 'long', name: 'Field', value: 'Values' };
  if (has('metric_name', 'value')) {
    const at = columns.indexOf('metric_name');
    return rows.some(({ cells }) => cells[at]?.startsWith('DCGM_FI_') === true)
      ? { of: 'long', name: 'metric_name', value: 'value' }
      : null;
  }
  return columns.some((name) => name.startsWith('DCGM_FI_') && Object.hasOwn(DCGM_FIELDS, name)) ? { of: 'wide' } : null;
}

function readTable(extract: Extract, table: Table): void {
  const shape = shapeOf(table);
  if (shape === null) return;
  const { columns, rows } = table;
  const labelsOf = gpuLabels(extract, table);
  const names = shape.of === 'long' ? columns.indexOf(shape.name) : -1;
  const values = columns.flatMap((column, index) => {
    const holds = shape.of === 'long' ? column === shape.value : column.startsWith('DCGM_FI_');
    return holds ? [{ column, index }] : [];
  });
  for (const row of rows) {
    extract.records += 1;
    const labels = labelsOf(row);
    const named = shape.of === 'long' ? excerpt((row.cells[names] ?? '').trim(), 64) : null;
    for (const { column, index } of values)
      addCell(extract, (row.cells[index] ?? '').trim(), named ?? column, { labels, pointer: `line ${row.line} column ${column}` });
  }
  const unit = `the table (line ${table.line}) states no units: those of DCGM were taken`;
  if (rows.length > 0) extract.warnings.add('units', unit);
}

/** The labels of a row, each set of them made once. */
function gpuLabels(extract: Extract, { columns }: Table): (row: Row) => Labels {
  const identity = columns.flatMap((column, index): [string, number][] => {
    const label = Object.hasOwn(IDENTITY, column) ? IDENTITY[column] : undefined;
    return label === undefined ? [] : [[label, index]];
  });
  const known = new Map<string, Labels>();
  return ({ cells }) => {
    const key = identity.map(([, index]) => cells[index] ?? '').join('\0');
    const found = known.get(key);
    if (found !== undefined) return found;
    const labels: Record<string, string> = { tool: 'dcgm' };
    for (const [label, index] of identity) if (!Object.hasOwn(labels, label)) addLabel(labels, label, cells[index], extract);
    known.set(key, labels);
    return labels;
  };
}

function addCell(extract: Extract, cell: string, field: string, place: { labels: Labels; pointer: string }): void {
  const read = readCell(cell);
  if (field === '' || read.is === 'absent' || (read.is === 'number' && isBlank(read.value))) return;
  if (read.is === 'number' && read.unit === null) addNumber(extract, new LiteralNumber(cell), dcgmMeaning(field), place, dcgmName(field));
  // Some fields are words: names, versions, reasons.
  else if (Object.hasOwn(DCGM_FIELDS, field))
    extract.warnings.add('cells that were not read', `${place.pointer}: "${excerpt(cell, 40)}" is no number: it was not read`);
}
