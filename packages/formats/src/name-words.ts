/**
 * The words of a metric's name, in lower case: of a column's header, or of a JSON key.
 * Snake, kebab and camel case are taken apart, a slash becomes `per`, a percent sign is a word.
 * `Tokens per Second`, `tokens/second` and `tokensPerSecond` give the same words.
 */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, 400)
    .normalize('NFKC')
    .replace(/μ/g, 'u')
    .replace(/([a-z]{2}|\d)([A-Z])/g, '$1 $2')
    .replaceAll('/', ' per ')
    .replaceAll('%', ' % ')
    .toLowerCase()
    .split(/[^a-z0-9%°]+/)
    .filter((word) => word !== '');
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
