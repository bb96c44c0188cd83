import { isStatisticWord, wordsOf } from './name-words.ts';
import { isOfOtherPhase } from './namesakes.ts';
import { statisticFromName } from './statistic-from-name.ts';

/** What a row's own words say of its numbers. */
export type RowKind = {
  /** `value`, or the statistic that the row is of: a row named `Mean`, or `p95` */
  statistic: string;
  /** the row holds no results, but what is made of others or was aimed at: `Improvement`, `Target` */
  aside: boolean;
  /** a bare rate in it is not that of generation */
  otherPhase: boolean;
};

/** Longest title of a row; a longer one is prose. */
const TITLE_CHARS = 40;

/** Words that make a row none of results. */
const ASIDE = new Set(
  `delta diff difference change improvement gain speedup ratio reduction target goal slo sla threshold limit expected estimate estimated
  total sum all overall vs`.split(/\s+/),
);

/**
 * What the words of a row say of its numbers.
 * @param cells the row's
 * @param texts indices of the columns of words that may tell rows apart, in their order
 */
export function kindOfRow(cells: readonly string[], texts: readonly number[]): RowKind {
  const title = (cells[texts[0] ?? -1] ?? '').trim();
  const words = title.length <= TITLE_CHARS ? wordsOf(title) : [];
  const statistics = new Set(texts.map((index) => statisticOf(cells[index] ?? '')).filter((one) => one !== 'value'));
  const [statistic = 'value'] = statistics.size === 1 ? statistics : [];
  return {
    statistic,
    aside: title.startsWith('Δ') || words.some((word) => ASIDE.has(word)),
    otherPhase: isOfOtherPhase(texts.map((index) => cells[index] ?? '')),
  };
}

/** The statistic of a cell that says nothing else. */
function statisticOf(cell: string): string {
  const text = cell.trim();
  const words = text.length <= TITLE_CHARS ? wordsOf(text) : [];
  const only = words.length > 0 && words.every((word) => isStatisticWord(word) || word === 'min' || word === 'max');
  return only ? statisticFromName(text) : 'value';
}
