import { unitOfSymbol } from './unit-from-name.ts';

/** What the commas of a column do: they group thousands (`1,234.5`), or begin the fraction (`1.234,5`). */
export type Commas = 'groups' | 'fraction';

const UNIT = '(?: ?([^\\d\\s.,+-][^\\s]{0,15}))?';
const GROUPED = new RegExp(`^[+-]?\\d{1,3}(?:,\\d{3})+(\\.\\d+)?${UNIT}$`);
const FRACTION = new RegExp(`^[+-]?(\\d{1,3}(?:\\.\\d{3})+|\\d+),(\\d+)${UNIT}$`);
/** A number with points that may group thousands: `1.234`, and not `0.125`. */
const GROUPED_BY_POINTS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?![\d.])/;

/** No number is longer. */
const LONGEST = 60;

/** A cell whose commas do what those of its column do, with a point for its fraction and nothing else; any other cell as it is. */
export function withoutCommas(cell: string, commas: Commas): string {
  const text = cell.trim();
  if (text.length > LONGEST || !text.includes(',')) return cell;
  if (commas === 'groups') return GROUPED.test(text) ? text.replaceAll(',', '') : cell;
  return FRACTION.test(text) ? text.replaceAll('.', '').replace(',', '.') : cell;
}

/** Whether a number without a comma has points that may group thousands: `1.234`. */
export function mayGroupByPoints(cell: string): boolean {
  return cell.includes('.') && GROUPED_BY_POINTS.test(cell.trim());
}

/** Whether a number without a comma has a point that begins its fraction for certain: `1.5`, `0.125`; not `1.234`. */
export function provesPoint(cell: string): boolean {
  return cell.includes('.') && !mayGroupByPoints(cell);
}

/** What the cells of one column say of its commas. No cell alone tells what the comma of `1,234` is. */
export class CommaEvidence {
  /** whether a number has a point that begins its fraction: then commas beside it can only group */
  points = false;
  #groups = true;
  #fraction = true;
  #proven = false;

  /** Adds a cell of digits and commas; false where it makes both impossible. */
  add(cell: string): boolean {
    const text = cell.trim();
    const grouped = text.length <= LONGEST ? GROUPED.exec(text) : null;
    const fraction = text.length <= LONGEST ? FRACTION.exec(text) : null;
    const [, , unit = ''] = grouped ?? [];
    const [, whole = '', digits = '', own = unit] = fraction ?? [];
    const isNumber = (grouped !== null || fraction !== null) && (own === '' || unitOfSymbol(own) !== null);
    this.#groups &&= isNumber && grouped !== null && !/^[+-]?0/.test(text);
    this.#fraction &&= isNumber && fraction !== null && !this.points;
    this.#proven ||= (grouped === null) !== (fraction === null) || digits.length !== 3 || whole.length > 3 || whole.startsWith('0');
    return this.#groups || this.#fraction;
  }

  /** Adds a number without commas; false where it makes what is known impossible. */
  addPlain(cell: string): boolean {
    if (!cell.includes('.')) return true;
    this.#fraction = false;
    this.points ||= provesPoint(cell);
    return this.#groups;
  }

  /** What the commas do; null where that is not certain. */
  get commas(): Commas | null {
    if (this.#groups && (this.#proven || this.points)) return 'groups';
    return this.#fraction && this.#proven ? 'fraction' : null;
  }
}
