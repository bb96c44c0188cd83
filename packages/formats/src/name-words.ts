import { remembered } from './remembered.ts';

/** Characters of a name that are looked at. */
export const NAME_CHARS = 400;

/**
 * The words of a metric's name, in lower case: of a column's header, or of a JSON key.
 * Snake, kebab and camel case are taken apart, a slash becomes `per`, a percent sign is a word.
 * `Tokens per Second`, `tokens/second` and `tokensPerSecond` give the same words.
 */
export const wordsOf: (name: string) => readonly string[] = remembered((name) => {
  const plain = plainLetters(name.slice(0, NAME_CHARS));
  return plain
    .replace(/([a-z]{2}|\d)([A-Z])/g, '$1 $2')
    .replaceAll('/', ' per ')
    .replaceAll('%', ' % ')
    .toLowerCase()
    .split(/[^a-z0-9%°]+/)
    .filter((word) => word !== '');
});

/** Letters in the form in which they are compared. Most names are ASCII, and have it. */
function plainLetters(name: string): string {
  // One sign may stand for a word of eighteen letters.
  return /[^\0-\x7f]/.test(name) ? name.normalize('NFKC').slice(0, NAME_CHARS).replace(/μ/g, 'u') : name;
}

/** Words that name a statistic wherever they stand. */
export const STATISTICS: ReadonlyMap<string, string> = new Map([
  ['mean', 'mean'],
  ['avg', 'mean'],
  ['average', 'mean'],
  ['median', 'median'],
  ['std', 'stddev'],
  ['stdev', 'stddev'],
  ['stddev', 'stddev'],
  ['stderr', 'stderr'],
]);

/** Whether a word is a statistic's, wherever it stands: `mean`, `p95`. */
export function isStatisticWord(word: string): boolean {
  return STATISTICS.has(word) || /^p\d{1,2}$/.test(word);
}

/** Whether a name is no more than a percentile, as load generators and pandas write it: `50%`, `99.9%`. Its numbers are no shares. */
export function isPercentileName(name: string): boolean {
  return name.length <= 8 && /^\d{1,2}(?:\.\d{1,3})?%$/.test(name.trim());
}
