import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { BenchstatCell } from './benchstat-cell.ts';
import { cellsInCsv, isBenchstatCsv } from './benchstat-csv.ts';
import { cellsInOldText, isOldBenchstat } from './benchstat-old.ts';
import { cellsInOldCsv, isOldBenchstatCsv } from './benchstat-old-csv.ts';
import { cellsInText, isBenchstatText } from './benchstat-text.ts';
import type { Format } from './format.ts';
import { isBare, isPrinted } from './printed-text.ts';

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
  'time/op': { metric: 'execution_time', statistic: 'mean', unit: 's', over, note: 'before 2023' },
  'alloc/op': { metric: 'own', statistic: 'mean', unit: 'bytes', over, note: 'before 2023' },
  speed: { metric: 'own', statistic: 'mean', unit: 'bytes/s', over, note: 'before 2023' },
};

/** benchstat, which compares results of `go test -bench`: its text and its CSV. */
export const benchstat: Format = {
  name: 'benchstat',
  tool: 'benchstat',
  signature:
    'text with a header of names between `│` and below it one of units (`sec/op`), or with `name  old time/op  new time/op  delta`; CSV with a row `,old,,new` and below it `,sec/op,CI,sec/op,CI,vs base,P`, or with a row `name,time/op (ns/op),±`',
  detect: ({ kind, ...content }) =>
    content.shape === 'text' &&
    ((isPrinted(kind) && (isBenchstatText(content.text) || isOldBenchstat(content.text)) && isBare(content.text)) ||
      (kind !== 'markdown' && (isBenchstatCsv(content.text) || isOldBenchstatCsv(content.text)))),
  read(content, extract) {
    if (content.shape !== 'text') return;
    for (const cell of cellsIn(content.text, extract)) addCell(extract, cell);
  },
  fields: { 'of a cell, by its unit': UNITS },
  labels: { goos: 'os', goarch: 'architecture', pkg: 'package', cpu: 'cpu' },
  notes: [
    'Each number is a median over the repetitions of one benchmark in one column; the column is the label `column`: a file, or whatever benchstat was asked to compare.',
    'How many repetitions there were is taken from `n=…`, which stands beside a comparison only. The intervals, what changed in percent, its p and the rows `geomean` are not read: this project computes its own.',
    'Versions before 2023 (`old time/op`, `delta`) printed means without outliers, and sizes by 1000. Their groups (`pkg:… goos:…`) are labels. Where a row lacks a mean the others are of the columns that they stand below.',
    'Where columns are told apart by several things, each on a line of its own, the label is of all of them: `old.txt / gob`. A unit of a benchmark’s own that ends in `sec` or `bytes` is a time or a size.',
  ],
};

function cellsIn(text: string, extract: Extract): BenchstatCell[] {
  if (isBenchstatCsv(text)) return cellsInCsv(text, extract);
  if (isBenchstatText(text)) return cellsInText(text, extract);
  return isOldBenchstatCsv(text) ? cellsInOldCsv(text, extract) : cellsInOldText(text, extract);
}

function addCell(extract: Extract, cell: BenchstatCell): void {
  const { line, column, test, unit, prefix, literal, n, given, statistic = 'median' } = cell;
  const labels: Record<string, string> = { ...given, tool: 'benchstat' };
  addLabel(labels, 'test', test, extract);
  if (column !== '') addLabel(labels, 'column', column, extract);
  extract.records += 1;
  const known: FieldMeaning = (Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined) ?? {
    metric: 'own',
    statistic,
    unit: baseOf(unit),
    over,
  };
  const scaled = { ...known, statistic, unit: scaledUnit(cell.own ?? known.unit, prefix) };
  addNumber(extract, new LiteralNumber(literal), scaled, { labels, n, pointer: `line ${line} column ${`${column} ${unit}`.trim()}` }, unit);
}

/** What a unit of a benchmark's own is of: benchstat knows `p99-sec` as a time and `heap-bytes` as a size. */
function baseOf(unit: string): string {
  if (/^(?:.{1,60}-)?sec(?:\/op)?$/.test(unit)) return 's';
  if (/^(?:.{1,60}-)?(?:bytes|B)(?:\/op)?$/.test(unit)) return 'bytes';
  return /^.{1,60}-B\/s$/.test(unit) ? 'bytes/s' : excerpt(unit, 40);
}

const SECONDS: Readonly<Record<string, string>> = { n: 'ns', u: 'us', µ: 'us', μ: 'us', m: 'ms' };
const COUNTS: Readonly<Record<string, string>> = {
  ...{ n: 'billionths', u: 'millionths', µ: 'millionths', μ: 'millionths', m: 'thousandths' },
  ...{ k: 'thousands', M: 'millions', G: 'billions', T: 'trillions' },
};

/** The unit behind a prefix: `ns` for n of seconds, `MiB` for Mi of bytes. */
function scaledUnit(unit: string | null, prefix: string): string | null {
  if (prefix === '') return unit;
  if (unit === 's') return SECONDS[prefix] ?? `${prefix}s`;
  const size = prefix === 'k' ? 'K' : prefix;
  if (unit === 'bytes') return `${size}B`;
  if (unit === 'bytes/s') return `${size}B/s`;
  return unit === null ? (COUNTS[prefix] ?? `${prefix} of one`) : `${prefix} ${unit}`;
}
