import type { Content } from '../content.ts';
import { documentsOf, hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldTable, numberOf, textOf } from '../fields.ts';
import { isObject, type JsonObject, LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import type { Format } from './format.ts';

const FIELDS = {
  value: { metric: 'own', statistic: 'value', unit: 'as `unit` says', note: 'the metric is the `name`' },
} as const satisfies FieldTable;

const NEEDED = ['name', 'unit', 'value'] as const;
const KEYS: ReadonlySet<string> = new Set([...NEEDED, 'range', 'extra']);

/** The input of github-action-benchmark's `customSmallerIsBetter` and `customBiggerIsBetter`. */
export const githubActionBenchmark: Format = {
  name: 'github-action-benchmark',
  tool: 'github-action-benchmark (custom)',
  signature: 'a list of nothing but objects with `name`, `unit` and `value`, and at most `range` and `extra`',
  detect: (content) => listsOf(content).length > 0,
  read(content, extract) {
    for (const { at, list } of listsOf(content)) readList(extract, list, at);
  },
  fields: { 'of an entry': FIELDS },
  labels: {},
  notes: [
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
  if (!isObject(value) || !hasKeys(value, ...NEEDED) || !Object.keys(value).every((key) => KEYS.has(key))) return false;
  return (textOf(value.name) ?? '').trim() !== '' && textOf(value.unit) !== null && numberIn(value.value) !== null;
}

/** The action takes numbers that stand in quotes too. */
function numberIn(value: unknown): unknown {
  if (numberOf(value) !== null) return value;
  const text = textOf(value)?.trim() ?? '';
  const read = readCell(text);
  return read.is === 'number' && read.unit === null ? new LiteralNumber(text) : null;
}

function readList(extract: Extract, list: Entries, at: string): void {
  for (const [index, { name, unit, value }] of list.entries()) {
    const symbol = textOf(unit) ?? '';
    const stated = unitOfSymbol(symbol) ?? (excerpt(symbol, 40) || null);
    extract.records += 1;
    const place = { labels: { tool: 'github-action-benchmark' }, pointer: `${at}/${index}/value` };
    addNumber(extract, numberIn(value), { ...FIELDS.value, unit: stated }, place, excerpt(textOf(name) ?? '', 200) || 'value');
  }
}
