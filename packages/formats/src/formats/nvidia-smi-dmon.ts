import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import { FAULT, NO_VALUE } from './nvidia-smi-fields.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const sample = (unit: string | null, note?: string, metric: FieldMeaning['metric'] = 'own'): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'samples',
  ...(note === undefined ? {} : { note }),
});
const MEBIBYTES = 'MiB, though the line of units says MB';

/** Columns whose meaning is more than the unit that stands below their name. */
const FIELDS: FieldTable = {
  pwr: sample('W', undefined, 'power'),
  sm: sample('%', 'share of the time in which any kernel ran', 'gpu_utilization'),
  gtemp: sample('°C'),
  mtemp: sample('°C'),
  ...Object.fromEntries(['mem', 'enc', 'dec', 'jpg', 'ofa', 'pviol'].map((name) => [name, sample('%')])),
  ...Object.fromEntries(['mclk', 'pclk', 'cclk'].map((name) => [name, sample('MHz')])),
  ...Object.fromEntries(['fb', 'bar1', 'ccpm'].map((name) => [name, sample('MiB', MEBIBYTES)])),
  ...Object.fromEntries(['rxpci', 'txpci'].map((name) => [name, sample('MB/s')])),
};

/** `nvidia-smi dmon`: what the GPUs did, a line a second and GPU. */
export const nvidiaSmiDmon: Format = {
  name: 'nvidia-smi-dmon',
  tool: '`nvidia-smi dmon`',
  signature: 'text or CSV with a line `# gpu pwr …`, a line `# Idx W …` of units below it, and no column `pid`',
  // A page that quotes such lines is no sample of it.
  detect: (content) => content.shape === 'text' && content.kind !== 'markdown' && isDmon(content.text),
  read(content, extract) {
    if (content.shape === 'text') readDmon(extract, content.text);
  },
  fields: { 'of a sample of one GPU': FIELDS },
  labels: {},
  notes: [
    'Context for other results, and samples of a clock: rows are no repetitions of each other.',
    'The label `gpu_index` tells the GPUs apart; date and time (`-o DT`) are no labels.',
    'The two header lines come again and again, and may change between runs of one log. Columns that are not in the table keep their name and the unit below it.',
    '`-` is no value, never 0. Memory in use is a sample: it is no peak.',
    'A row that has other cells than its header has columns is not read.',
  ],
};

/** A line of header: names of columns between blanks, or commas with `--format csv`. */
const HEADER = /^#[ \t]{0,8}(?:Date[ \t,]{1,20})?(?:Time[ \t,]{1,20})?gpu(?:[ \t,]{1,20}[a-z][a-z0-9_]{0,15}){1,60}[ \t,]{0,20}$/;
const SOME = new RegExp(HEADER.source.replace(/\$$/, String.raw`\r?$`), 'm');
const UNITS = /^#[ \t]{0,8}(?:YYYYMMDD[ \t,]{1,20})?(?:HH:MM:SS[ \t,]{1,20})?Idx[ \t,]/;

function isDmon(text: string): boolean {
  const found = SOME.exec(text);
  if (found === null || /\bpid\b/.test(found[0])) return false;
  const [, below = ''] = text.slice(found.index, found.index + 2_000).split(/\r\n?|\n/);
  return UNITS.test(below);
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^#/, ' ')
    .trim()
    .split(/[ \t]*,[ \t]*|[ \t]+/)
    .filter((cell) => cell !== '');
}

type Column = { name: string; meaning: FieldMeaning };

function readDmon(extract: Extract, text: string): void {
  const lines = textLines(text);
  const gpus = new Map<string, Labels>();
  let columns: readonly Column[] = [];
  for (const [index, line] of lines.entries()) {
    const { text: row } = line;
    if (row.startsWith('#')) {
      const below = lines[index + 1];
      if (HEADER.test(row))
        columns = below?.ended === true && UNITS.test(below.text) && !/\bpid\b/.test(row) ? columnsOf(row, below.text) : [];
      continue;
    }
    if (columns.length === 0 || !/^[ \t]*\d/.test(row)) continue;
    if (line.ended) readRow(extract, columns, line, gpus);
    else warnAboutCutLine(extract, line);
  }
}

function columnsOf(header: string, below: string): Column[] {
  const units = cellsOf(below);
  return cellsOf(header).map((name, index) => {
    const symbol = units[index] ?? '';
    const stated = symbol === 'C' ? '°C' : unitOfSymbol(symbol);
    const known = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (known === undefined) return { name, meaning: sample(stated) };
    // Of what is known another unit would be another thing.
    const isOwn = stated === null || stated === known.unit || (known.unit === 'MiB' && stated === 'MB');
    return { name, meaning: isOwn ? known : sample(stated) };
  });
}

function readRow(extract: Extract, columns: readonly Column[], { line, text }: TextLine, gpus: Map<string, Labels>): void {
  const cells = cellsOf(text);
  const index = cells[columns.findIndex(({ name }) => name === 'gpu')] ?? '';
  if (cells.length !== columns.length || !/^\d{1,5}$/.test(index)) {
    const sentence = `line ${line} has ${cells.length} cells where the header has ${columns.length}, or names no GPU: it was not read`;
    extract.warnings.add('ragged rows', sentence);
    return;
  }
  const labels = gpus.get(index) ?? { tool: 'nvidia-smi', gpu_index: index };
  gpus.set(index, labels);
  extract.records += 1;
  for (const [at, { name, meaning }] of columns.entries()) {
    const cell = cells[at] ?? '';
    if (name === 'gpu' || name === 'Date' || name === 'Time') continue;
    const read = readCell(cell);
    const pointer = `line ${line} column ${name}`;
    if (FAULT.test(cell)) extract.warnings.add('faults', `${pointer}: "${excerpt(cell, 40)}": the GPU gave no value`);
    if (read.is === 'absent' || NO_VALUE.test(cell) || FAULT.test(cell)) continue;
    if (read.is === 'number' && read.unit === null) addNumber(extract, new LiteralNumber(cell), meaning, { labels, pointer }, name);
    else extract.warnings.add('cells that were not read', `${pointer}: "${excerpt(cell, 40)}" is no number: it was not read`);
  }
}
