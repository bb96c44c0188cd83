import { type HeldNumber, heldNumber } from './number-literal.ts';
import { unitOfSymbol } from './unit-from-name.ts';

/** What a cell of a table holds. */
export type Cell =
  | ({ is: 'number'; unit: string | null } & HeldNumber)
  /** nothing, or a mark that says so */
  | { is: 'absent' }
  /** digits with commas: 1,234 may be a thousand or one and a bit */
  | { is: 'comma' }
  /** a number that no double holds */
  | { is: 'beyond' }
  | { is: 'text' };

const ABSENT = new Set([
  '',
  '-',
  '--',
  '—',
  '–',
  'n/a',
  'na',
  'null',
  'none',
  'nan',
  '?',
  'tbd',
  '-nan',
  'inf',
  '+inf',
  '-inf',
  'infinity',
  '+infinity',
  '-infinity',
  // Of pandas, of spreadsheets, whose formulas found no value, and of C on Windows.
  '<na>',
  'nat',
  'n.a.',
  '#n/a',
  '#div/0!',
  '#num!',
  '#value!',
  '#ref!',
  '#name?',
  '#null!',
  '1.#inf',
  '-1.#inf',
  '1.#qnan',
  '-1.#ind',
]);
const LONGEST_ABSENT = 9;
const MAY_BE_NUMBER = /^[\d.+-]/;
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?: ?([^\d\s.,+-][^\s]{0,15}))?$/;
const COMMA = /^[+-]?\d[\d.]*(?:,\d[\d.]*)+(?:[eE][+-]?\d+)?(?: ?\D{1,8})?$/;

/** Whether a cell says that there is no value: nothing in it, or a mark. */
export function isAbsent(text: string): boolean {
  const cell = text.trim();
  return cell.length <= LONGEST_ABSENT && ABSENT.has(cell.toLowerCase());
}

/**
 * Reads a cell strictly: a sign, digits, a fraction, an exponent; a known unit may follow. Nothing else is a number.
 * @param text the cell as it is in the file
 */
export function readCell(text: string): Cell {
  const cell = text.trim();
  if (cell.length > 400) return { is: 'text' };
  const match = MAY_BE_NUMBER.test(cell) ? NUMBER.exec(cell) : null;
  if (match === null) return ABSENT.has(cell.toLowerCase()) ? { is: 'absent' } : { is: COMMA.test(cell) ? 'comma' : 'text' };
  const [, literal = '', symbol] = match;
  const unit = symbol === undefined ? null : unitOfSymbol(symbol);
  if (symbol !== undefined && unit === null) return { is: isAbsent(cell) ? 'absent' : 'text' };
  const held = heldNumber(literal);
  return held === null ? { is: 'beyond' } : { is: 'number', unit, value: held.value, text: held.text };
}
