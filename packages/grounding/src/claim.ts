import type { StatedDate } from './date.ts';
import type { Dominance } from './judge-dominance.ts';
import type { Numeral } from './numeral.ts';
import type { Unit } from './units.ts';

/** How a number is weakened: `about 5`, `over 5`, `up to 5`; null where it is stated flatly. */
export type Hedge = 'about' | 'over' | 'under';

/**
 * What a stretch states that may be true or false. `start` and `end` are offsets into the stretch.
 * `number`: one value; `range`: from `low` to `high`; `spread`: the ± beside a value; `part`: N of M; `date`: one date, or the two
 * ends of a span of time; `comparison`: words that say how two things stand to each other; `dominance`: that something is the most of
 * the files; `recency`: within the last days; `name`: a file or folder that is spoken of as one of the artifacts.
 */
export type Claim = {
  start: number;
  end: number;
  /** the words as the page has them, spaces and digits in plain form */
  text: string;
  hedge: Hedge | null;
} & (
  | { kind: 'number'; numeral: Numeral; unit: Unit | null; noun: string; by: 'digits' | 'words' }
  | { kind: 'range'; low: Numeral; high: Numeral; unit: Unit | null; noun: string }
  | { kind: 'spread'; numeral: Numeral; unit: Unit | null }
  | { kind: 'part'; part: Numeral; whole: Numeral; noun: string }
  | { kind: 'sample'; numeral: Numeral; of: 'n' | 'p' }
  | { kind: 'date'; dates: readonly StatedDate[] }
  | { kind: 'dominance'; word: Dominance }
  | { kind: 'recency'; days: number }
  | { kind: 'name'; name: string }
  | { kind: 'comparison'; direction: Direction; word: string }
);

/** Which way a comparing word points: of the metric's value (`higher`, `lower`), or of its worth (`better`, `worse`), or `same`. */
export type Direction = 'higher' | 'lower' | 'better' | 'worse' | 'same';
