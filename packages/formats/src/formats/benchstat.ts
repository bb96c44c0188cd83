import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { type BenchstatCell, cellsInCsv, isBenchstatCsv } from './benchstat-csv.ts';
import { cellsInText, isBenchstatText } from './benchstat-text.ts';
import type { Format } from './format.ts';
import { isPrinted } from './printed-text.ts';

const over = 'repetitions';

const UNITS: FieldTable = {
  'sec/op': {
    metric: 'execution_time',
    statistic: 'median',
    unit: 's',
    over,
    note: 'in text with the prefix that it is printed with: ns, us, ms',
  },
  'B/s': { metric: 'own', statistic: 'median', unit: 'bytes/s', over },
  'B/op': { metric: 'own', statistic: 'median', unit: 'bytes', over },
  'allocs/op': { metric: 'own', statistic: 'median', unit: null, over },
};

/** benchstat, which compares results of `go test -bench`: its text and its CSV. */
export const benchstat: Format = {
  name: 'benchstat',
  tool: 'benchstat',
  signature:
    'text with a header of names between `│` and below it one of units (`sec/op`); CSV with a row `,old,,new` and below it `,sec/op,CI,sec/op,CI,vs base,P`',
  detect: ({ kind, ...content }) =>
    content.shape === 'text' &&
    ((isPrinted(kind) && isBenchstatText(content.text)) || (kind !== 'markdown' && isBenchstatCsv(content.text))),
  read(content, extract) {
    if (content.shape !== 'text') return;
    const csv = isBenchstatCsv(content.text);
    for (const cell of csv ? cellsInCsv(content.text, extract) : cellsInText(content.text, extract)) addCell(extract, cell);
  },
  fields: { 'of a cell, by its unit': UNITS },
  labels: {},
  notes: [
    'Each number is a median over the repetitions of one benchmark in one column; the column is the label `column`: a file, or whatever benchstat was asked to compare.',
    'How many repetitions there were is taken from `n=…`, which stands beside a comparison only. The intervals, what changed in percent, its p and the rows `geomean` are not read: this project computes its own.',
    'The layout of versions before 2023 (`old time/op`, `delta`) is not read.',
  ],
};

function addCell(extract: Extract, { line, column, test, unit, prefix, literal, n, given }: BenchstatCell): void {
  const labels: Record<string, string> = { ...given, tool: 'benchstat' };
  addLabel(labels, 'test', test, extract);
  addLabel(labels, 'column', column, extract);
  extract.records += 1;
  const known: FieldMeaning = (Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined) ?? {
    metric: 'own',
    statistic: 'median',
    unit: excerpt(unit, 40),
    over,
  };
  const scaled = { ...known, unit: scaledUnit(known.unit, prefix) };
  addNumber(extract, new LiteralNumber(literal), scaled, { labels, n, pointer: `line ${line} column ${column} ${unit}` }, unit);
}

const SECONDS: Readonly<Record<string, string>> = { n: 'ns', u: 'us', µ: 'us', μ: 'us', m: 'ms' };
const COUNTS: Readonly<Record<string, string>> = { k: 'thousands', M: 'millions', G: 'billions' };

/** The unit behind a prefix: `ns` for n of seconds, `MiB` for Mi of bytes. */
function scaledUnit(unit: string | null, prefix: string): string | null {
  if (prefix === '') return unit;
  if (unit === 's') return SECONDS[prefix] ?? `${prefix}s`;
  if (unit === 'bytes') return `${prefix}B`;
  if (unit === 'bytes/s') return `${prefix}B/s`;
  return unit === null ? (COUNTS[prefix] ?? prefix) : `${prefix} ${unit}`;
}
