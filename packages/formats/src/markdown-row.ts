import type { Limits } from './limits.ts';
import { readCell } from './number-cell.ts';
import { beyondLimit } from './refusal.ts';

const MARKS = ['**', '__', '*', '_', '`'];

const PIPE = 0x7c;
/** What a row of dashes is made of, beside pipes: dashes, colons, spaces and tabs. */
const DASHES: ReadonlySet<number> = new Set([0x2d, 0x3a, 0x20, 0x09]);

/** Whether a line holds nothing but what a row of dashes is made of, a pipe among it. */
export function isRuler(line: string): boolean {
  let pipe = false;
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === PIPE) pipe = true;
    else if (!DASHES.has(code)) return false;
  }
  return pipe;
}

/** Whether a row ends with a pipe that is no part of a cell, so that its last cell is whole. */
export function closesRow(line: string): boolean {
  const row = line.trimEnd();
  return row.endsWith('|') && !row.endsWith('\\|');
}

/**
 * Splits a line at its pipes, those behind a backslash apart.
 * @param number the line's, for reasons
 * @returns the cells, without the white space around them
 * @throws Refusal where there are too many, or one is too long; no more than the limit are made
 */
export function splitRow(line: string, number: number, limits: Pick<Limits, 'maxColumns' | 'maxCellChars'>): string[] {
  const row = line.trim();
  const end = closesRow(row) ? row.length - 1 : row.length;
  const cells: string[] = [];
  let begin = row.startsWith('|') ? 1 : 0;
  let width = 0;
  for (let at = row.indexOf('|', begin); ; at = row.indexOf('|', at + 1)) {
    const last = at < 0 || at >= end;
    if (!last && row[at - 1] === '\\') continue;
    width += 1;
    if (width <= limits.maxColumns) cells.push(cellOf(row.slice(begin, last ? end : at), number, limits));
    if (last) break;
    begin = at + 1;
  }
  if (width > limits.maxColumns) throw beyondLimit(`has a row of ${width} cells (line ${number})`, limits, 'maxColumns');
  return cells;
}

function cellOf(source: string, line: number, limits: Pick<Limits, 'maxCellChars'>): string {
  const cell = source.trim();
  if (cell.length > limits.maxCellChars)
    throw beyondLimit(`has a cell of ${cell.length} characters (line ${line})`, limits, 'maxCellChars');
  return cell.replaceAll('\\|', '|');
}

/** What authors put behind a number to point at it. */
const POINTERS = /(?:\s*(?:✅|✓|✔|⭐|🏆|🥇|🥈|🥉|🔥|🚀|👑|\ufe0f))+$/u;
/** Longer cells are prose. */
const POINTED_CHARS = 60;

/** A cell's words without the marks around them: `**0.651**` is a number in bold, and so is `**0.651** ✅`. */
export function plainCell(cell: string): string {
  const plain = unmarked(cell);
  if (plain.length > POINTED_CHARS || !/[^\0-\x7f]/.test(plain)) return plain;
  const words = unmarked(plain.replace(POINTERS, ''));
  return readCell(words).is === 'number' ? words : plain;
}

function unmarked(cell: string): string {
  const mark = MARKS.find((one) => cell.length >= 2 * one.length && cell.startsWith(one) && cell.endsWith(one));
  return mark === undefined ? cell : cell.slice(mark.length, -mark.length).trim();
}
