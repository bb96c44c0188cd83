import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { DCGM_FIELDS, dcgmMeaning, isBlank } from './dcgm-fields.ts';

/** Longest line that is looked at. */
const LINE_CHARS = 4_000;

const HEADER = /^# ?Entity[ \t]+([A-Z][A-Z0-9]{1,9}(?:[ \t]+[A-Z][A-Z0-9]{1,9}){0,100})[ \t]*\r?$/;
const ANY_HEADER = new RegExp(HEADER.source, 'm');
const ROW = /^[ \t]*([A-Z][A-Za-z-]{1,8}) (\d{1,5})(?:[ \t]+(\S.*))?$/;
const UNITS = /^[ \t]*I[Dd](?:[ \t]|$)/;

/** Whether a text is what `dcgmi dmon` prints: its header, with a field that is known, and a row of a GPU. */
export function isDmon(text: string): boolean {
  const [, names] = ANY_HEADER.exec(text) ?? [];
  if (names === undefined || !names.split(/[ \t]+/).some((name) => Object.hasOwn(DCGM_FIELDS, name))) return false;
  return /^[ \t]*GPU \d{1,5}[ \t]+\S/m.test(text);
}

/** A column: its name, where it begins, and the unit that the line below states. */
type Column = { name: string; begin: number; unit: string | null };

/** Reads the samples of GPUs. The header comes again and again, and may change between runs of one log. */
export function readDmon(extract: Extract, text: string): void {
  const gpus = new Map<string, Labels>();
  const lines = text.split('\n');
  let columns: readonly Column[] = [];
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    if (line.length > LINE_CHARS) continue;
    const [, names] = HEADER.exec(line) ?? [];
    if (names !== undefined) columns = columnsOf(line, lines[index + 1] ?? '');
    const [, kind = '', number, rest = ''] = ROW.exec(line) ?? [];
    if (number === undefined || columns.length === 0 || !kind.startsWith('GPU')) continue;
    // Only what stands behind a number says that it is whole.
    if (index === lines.length - 1) {
      extract.warnings.endsInside();
      extract.warnings.add(
        'last line',
        `line ${index + 1}, the last one, has no line end and cannot be told from a cut one: it was not read`,
      );
      continue;
    }
    const entity = kind === 'GPU' ? number : `${kind} ${number}`;
    const labels = gpus.get(entity) ?? { tool: 'dcgm', gpu_index: entity };
    gpus.set(entity, labels);
    readRow(extract, columns, rest.split(/[ \t]+/), index + 1, labels);
  }
}

function columnsOf(header: string, below: string): Column[] {
  const columns = [...header.matchAll(/[A-Z][A-Z0-9]{1,9}(?=\s|$)/g)].map(({ 0: name, index }) => ({ name, begin: index }));
  const units = UNITS.test(below) && below.length <= LINE_CHARS ? [...below.matchAll(/\S+/g)].slice(1) : [];
  return columns.map(({ name, begin }, at) => {
    const end = columns[at + 1]?.begin ?? Number.POSITIVE_INFINITY;
    const stated = units.filter(({ index }) => index >= begin && index < end);
    const symbol = stated.length === 1 ? (stated[0]?.[0] ?? '').replace(/^\((.*)\)$/, '$1') : '';
    return { name, begin, unit: symbol === 'C' ? '°C' : unitOfSymbol(symbol) };
  });
}

function readRow(extract: Extract, columns: readonly Column[], cells: readonly string[], line: number, labels: Labels): void {
  if (cells.length !== columns.length) {
    extract.warnings.add('ragged rows', `line ${line} has ${cells.length} values where the header has ${columns.length}: it was not read`);
    return;
  }
  extract.records += 1;
  for (const [index, { name, unit }] of columns.entries()) {
    const cell = cells[index] ?? '';
    const read = readCell(cell);
    const pointer = `line ${line} column ${name}`;
    if (read.is === 'absent' || (read.is === 'number' && isBlank(read.value))) continue;
    if (read.is !== 'number' || read.unit !== null) {
      extract.warnings.add('cells that were not read', `${pointer}: "${excerpt(cell, 40)}" is no number: it was not read`);
      continue;
    }
    const meaning = dcgmMeaning(name);
    addNumber(extract, new LiteralNumber(cell), { ...meaning, unit: unit ?? meaning.unit }, { labels, pointer }, name);
  }
}
