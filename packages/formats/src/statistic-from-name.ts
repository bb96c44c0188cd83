import { isPercentileName, NAME_CHARS, STATISTICS, wordsOf } from './name-words.ts';
import { remembered } from './remembered.ts';
import { unitFromName } from './unit-from-name.ts';

/** Percentiles that tools write; `p40` is a GPU. */
const PERCENTILES = new Set([0.1, 1, 5, 10, 20, 25, 30, 50, 60, 70, 75, 80, 85, 90, 95, 97.5, 98, 99, 99.5, 99.9, 99.95, 99.99, 99.999]);

/** Behind `standard`. */
const DEVIATION = new Set(['deviation', 'dev']);

const EXTREMES = [
  ['min', 'min'],
  ['minimum', 'min'],
  ['max', 'max'],
  ['maximum', 'max'],
] as const;

/** Words beside which `min` and `max` are statistics and not settings (`max_tokens`, `min_p`). */
const QUANTITIES = new Set([
  'latency',
  'time',
  'duration',
  'ttft',
  'tpot',
  'itl',
  'e2e',
  'throughput',
  'utilization',
  'usage',
  'memory',
  'power',
  'rate',
]);

/**
 * The statistic that a name states.
 * @param name a column's header or a JSON key: `mean_ttft_ms`, `P95 TTFT (s)`, `eval_s_mean`
 * @returns `mean`, `median`, `stddev`, `stderr`, `min`, `max`, `p95` and the like; `value` where it states none, or two
 */
export const statisticFromName: (name: string) => string = remembered((name) => {
  // As k6 writes them: `p(95)`, `med`.
  const [, inBrackets] = /^p\((\d{1,2}(?:\.\d{1,3})?)\)$/.exec(name) ?? [];
  if (inBrackets !== undefined) return percentileOf(Number(inBrackets)) ?? 'value';
  if (name === 'med') return 'median';
  if (isPercentileName(name)) return percentileOf(Number.parseFloat(name)) ?? 'value';
  const words = wordsOf(name);
  const found = new Set<string>(/p\d/i.test(name) ? percentilesOf(name) : []);
  for (const word of words) {
    const statistic = STATISTICS.get(word);
    if (statistic !== undefined) found.add(statistic);
  }
  if (words.some((word, at) => (word === 'standard' || word === 'std') && DEVIATION.has(words[at + 1] ?? ''))) found.add('stddev');
  for (const [word, extreme] of EXTREMES) if (isExtreme(words, word, name)) found.add(extreme);
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : 'value';
});

function percentilesOf(name: string): string[] {
  const spaced = name.slice(0, NAME_CHARS).replace(/([a-z]{2})(P\d)/g, '$1 $2');
  // Where a key may hold no point, `p99_9` is the percentile 99.9.
  return [...spaced.matchAll(/(?<![a-z0-9])p(\d{1,2})(?:\.(\d{1,3})|_(9{1,3}|95|5))?(?![a-z0-9])/gi)]
    .map(([, whole, behindPoint, behindLine]) => Number(`${whole}.${behindPoint ?? behindLine ?? 0}`))
    .flatMap((percentile) => percentileOf(percentile) ?? []);
}

function percentileOf(percentile: number): string | null {
  if (!PERCENTILES.has(percentile)) return null;
  return percentile === 50 ? 'median' : `p${percentile}`;
}

function isExtreme(words: readonly string[], extreme: string, name: string): boolean {
  const at = words.indexOf(extreme);
  if (at < 0 || words[at - 1] === 'per') return false;
  if (words.length === 1) return true;
  // A last `min` behind a quantity could be minutes (`duration_min`): only behind a unit is it a minimum.
  if (extreme === 'min' && at === words.length - 1) return unitFromName(name) !== null;
  return unitFromName(name) !== null || words.some((word) => QUANTITIES.has(word));
}
