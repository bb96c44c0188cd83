import type { Content } from '../content.ts';
import { documentsOf, hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldTable, numberOf, textOf } from '../fields.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import { type HistoryRun, isHistory, runsOfHistory } from './github-action-benchmark-history.ts';

const FIELDS = {
  value: { metric: 'own', statistic: 'value', unit: 'as `unit` says', note: 'the metric is the `name`' },
} as const satisfies FieldTable;

const NEEDED = ['name', 'unit', 'value'] as const;
const KEYS: ReadonlySet<string> = new Set([...NEEDED, 'range', 'extra']);

/** github-action-benchmark: its input `customSmallerIsBetter` and `customBiggerIsBetter`, and what it keeps of all runs (`data.js`). */
export const githubActionBenchmark: Format = {
  name: 'github-action-benchmark',
  tool: 'github-action-benchmark (custom, `data.js`)',
  signature:
    'a list of nothing but objects with `name`, `unit` and `value`, and at most `range` and `extra`; `window.BENCHMARK_DATA = …`, or an object with `lastUpdate` and `entries` by suite, with `commit` and `benches`',
  detect: (content) => listsOf(content).length > 0 || isHistory(content),
  read(content, extract) {
    for (const { at, list } of listsOf(content)) readList(extract, list, { at, labels: { tool: 'github-action-benchmark' } });
    if (isHistory(content)) for (const run of runsOfHistory(content, extract)) readRun(extract, run);
  },
  fields: { 'of an entry': FIELDS },
  labels: { 'commit.id': 'commit', date: 'timestamp' },
  notes: [
    'In `data.js` each run of a suite has its commit, its time (milliseconds since 1970) and the harness whose output was taken (`harness`); the suite is the label `suite`. Early versions kept further numbers of Go behind the unit: they are not read, and a warning says so.',
    'Whether smaller or bigger is better is said in the workflow, not in the file: nothing is judged.',
    '`range` is whatever somebody wrote there (`± 3`, `5%`), and `extra` is prose: they are not read.',
  ],
};

type Entries = readonly JsonObject[];

function listsOf(content: Content): { at: string; list: Entries }[] {
  if (content.shape !== 'json') return [];
  return documentsOf(content).flatMap(({ at, value }) => {
    const list: Entries = Array.isArray(value) ? value.filter(isEntry) : [];
    return Array.isArray(value) && list.length > 0 && list.length === value.length ? [{ at, list }] : [];
  });
}

function isEntry(value: unknown): value is JsonObject {
  return isObject(value) && isBench(value) && Object.keys(value).every((key) => KEYS.has(key));
}

function isBench(value: unknown): value is JsonObject {
  if (!isObject(value) || !hasKeys(value, ...NEEDED)) return false;
  return (textOf(value.name) ?? '').trim() !== '' && textOf(value.unit) !== null && numberIn(value.value) !== null;
}

/** The action takes numbers that stand in quotes too. */
function numberIn(value: unknown): unknown {
  if (numberOf(value) !== null) return value;
  const text = textOf(value)?.trim() ?? '';
  const read = readCell(text);
  return read.is === 'number' && read.unit === null ? new LiteralNumber(text) : null;
}

type Around = { at: string; labels: Readonly<Record<string, string>> };

function readRun(extract: Extract, { at, benches, labels }: HistoryRun): void {
  for (const [index, one] of benches.entries())
    if (!isBench(one)) extract.warnings.add('others', `${at}/${index}: no name, unit and number: it was not read`);
  readList(extract, benches, { at, labels });
}

function readList(extract: Extract, list: readonly unknown[], { at, labels }: Around): void {
  for (const [index, one] of list.entries()) {
    if (!isBench(one)) continue;
    const [symbol = '', ...more] = (textOf(one.unit) ?? '').split(/[\t\n]/);
    if (more.length > 0)
      extract.warnings.add('units', `${at}/${index}/unit: "${excerpt(more.join(' ').trim(), 60)}" behind the unit was not read`);
    const stated = unitOfSymbol(symbol) ?? (excerpt(symbol, 40) || null);
    extract.records += 1;
    const place = { labels, pointer: `${at}/${index}/value` };
    addNumber(extract, numberIn(one.value), { ...FIELDS.value, unit: stated }, place, excerpt(textOf(one.name) ?? '', 200) || 'value');
  }
}
