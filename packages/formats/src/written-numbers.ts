/**
 * How a cell writes a number in a way that is not read: `spread`, with how far it spreads behind it (`12.5 ± 0.3`); `groups`, with
 * blanks or apostrophes that may group thousands (`1 234,5`, `1'234`).
 */
export type Writing = 'spread' | 'groups';

/** No number is longer. */
const LONGEST = 60;

const NUMBER = String.raw`[+-]?\d[\d.,]{0,30}(?:[eE][+-]?\d{1,3})?`;
const UNIT = String.raw`(?: ?[^\d\s.,+±-][^\s±]{0,15})?`;
/** The sign is written wrongly by consoles that know no UTF-8. */
const SPREAD = new RegExp(String.raw`^${NUMBER}${UNIT} ?(?:±|Â±|┬▒|\+/-) ?${NUMBER}${UNIT}$`);
const GROUPS = new RegExp(String.raw`^[+-]?[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d{1,12})?${UNIT}$`);

/** How a cell writes a number in a way that is not read; null where it does not. */
function writingOf(text: string): Writing | null {
  const cell = text.trim();
  if (cell.length > LONGEST) return null;
  return SPREAD.test(cell) ? 'spread' : GROUPS.test(cell) ? 'groups' : null;
}

/** More words of a column are not looked at: what the first rows show holds for all, however many come. */
const LOOKED_AT = 50;

/** The words of a column, in which numbers may be written so. */
export class WrittenNumbers {
  #first: Writing | null = null;
  #words = 0;
  #others = false;

  add(word: string): void {
    if (this.#words === LOOKED_AT || this.#others) return;
    this.#words += 1;
    const writing = writingOf(word);
    this.#first ??= writing;
    this.#others = writing === null;
  }

  /** How the first of them is written, where all are numbers; else null. */
  get writing(): Writing | null {
    return this.#others ? null : this.#first;
  }
}
