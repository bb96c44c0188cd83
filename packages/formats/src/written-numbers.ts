/**
 * How a cell writes a number in a way that is not read: `spread`, with how far it spreads behind it (`12.5 ± 0.3`); `groups`, with
 * blanks or apostrophes that may group thousands (`1 234,5`, `1'234`); `points`, with points that do (`1.234.567`);
 * `sign`, behind a sign that is not read (`~12`, `<1 ms`, `−3`, `$0.02`); `multiple`, with a factor or a unit that is not known (`1.5K`,
 * `45 fps`, `1m23s`); `several`, more than one (`94 / 6`, `18.0–18.2`, `35.9<br>40.1`). A speedup of `2.1x` is made of other numbers.
 */
export type Writing = 'spread' | 'groups' | 'points' | 'sign' | 'multiple' | 'several';

/** Those that say no more than that a column of nothing else is not read: beside numbers they are words. */
export const OF_WHOLE_COLUMNS: ReadonlySet<Writing> = new Set(['sign', 'multiple', 'several']);

/** No number is longer. */
const LONGEST = 60;

const NUMBER = String.raw`[+-]?\d[\d.,]{0,30}(?:[eE][+-]?\d{1,3})?`;
const UNIT = String.raw`(?: ?[^\d\s.,+±-][^\s±]{0,15})?`;
/** The sign is written wrongly by consoles that know no UTF-8. */
const SPREAD = new RegExp(String.raw`^${NUMBER}${UNIT} ?(?:±|Â±|┬▒|\+/-) ?${NUMBER}${UNIT}$`);
const GROUPS = new RegExp(String.raw`^[+-]?[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d{1,12})?${UNIT}$`);
const POINTS = new RegExp(String.raw`^[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,8}${UNIT}$`);
/** Also the minus of printers, which is no hyphen. */
const SIGN = new RegExp(String.raw`^(?:[~≈<>≤≥±]=? ?|[\u2212$€£])${NUMBER}${UNIT}$`);
const MULTIPLE = new RegExp(
  `^${NUMBER}(?: ?[kKMGT]| ?[A-Za-z]{1,12}/(?:s|sec|min|h|op|req|tok|token)| ?[A-Za-z]{0,4}(?:fps|FPS|bps|FLOPS|FLOPs|OPS|ops))$`,
);
/** Bounds or parts; not what may be a date or a version. */
const SEVERAL = new RegExp(`^${NUMBER}${UNIT}(?: ?(?:[–—…]|<br ?/?>) ?| [/-] | to )${NUMBER}${UNIT}$`);
const DURATION = /^(?:\d{1,4}h ?)?\d{1,4}m ?\d{1,2}(?:\.\d{1,9})?s$/;

/** How a cell writes a number in a way that is not read; null where it does not. */
function writingOf(text: string): Writing | null {
  const cell = text.trim();
  if (cell.length > LONGEST) return null;
  if (SPREAD.test(cell)) return 'spread';
  if (GROUPS.test(cell)) return 'groups';
  if (POINTS.test(cell)) return 'points';
  if (SIGN.test(cell)) return 'sign';
  if (MULTIPLE.test(cell) || DURATION.test(cell)) return 'multiple';
  return SEVERAL.test(cell) ? 'several' : null;
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
