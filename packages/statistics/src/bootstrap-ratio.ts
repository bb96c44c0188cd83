import { quantileOfSorted } from './quantile.ts';
import { seededWords } from './random.ts';
import { middleOfWords } from './resampled-middle.ts';
import { ascending, requireConfidence, type Values } from './sample.ts';

/** `ratio` is median(b) / median(a); `low` and `high` are of its interval. */
export type RatioInterval = { ratio: number; low: number; high: number; confidence: number; resamples: number };

/** From so many values on the middle of a resample is drawn by itself: the same distribution, in a sixteenth of the time. */
const MANY_VALUES = 256;

/** Below this, so few different resamples exist that their quantiles say nothing. */
const LEAST_VALUES = 4;

export type BootstrapOptions = { seed: number; resamples?: number; confidence?: number };

/**
 * The bootstrap interval of median(b) / median(a), one value for each independent run (Kalibera & Jones, "Rigorous benchmarking in
 * reasonable time", 2013: a ratio with its interval, resampled where the variance arises). Percentile intervals, not BCa: BCa
 * takes its acceleration from a jackknife, which does not work for a median (Efron & Tibshirani, "An introduction to the
 * bootstrap", section 11.6), while percentile intervals do for medians, ties included (Wilcox, "Introduction to robust
 * estimation and hypothesis testing", section 5.4). Tried on normal, log-normal, exponential and bimodal noise, 0.95 asked held in
 * 93 % of the samples of 4 values per side, and in 95 to 97 % from 5 on.
 *
 * The same seed (an integer from 0 to 2^53 - 1) and the same values, in any order, give the same interval on every machine.
 * null where either side has fewer than 4 values, or a ratio says nothing: the median of a, or of a resample of a, is 0 or of the
 * other sign. Throws RangeError for values that are not finite, a confidence outside of (0, 1) and fewer than 100 resamples.
 */
export function bootstrapRatio(a: Values, b: Values, options: BootstrapOptions): RatioInterval | null {
  const { seed, resamples = 2_000, confidence = 0.95 } = options;
  requireConfidence(confidence);
  if (!(Number.isInteger(resamples) && resamples >= 100))
    throw new RangeError(`A bootstrap takes at least 100 resamples, not ${resamples}.`);
  const [inA, inB] = [ascending(a), ascending(b)];
  const word = seededWords(seed);
  if (inA.length < LEAST_VALUES || inB.length < LEAST_VALUES) return null;
  const base = quantileOfSorted(inA, 0.5);
  const ratios = new Float64Array(resamples);
  const [drawA, drawB] = [medianOfResample(inA, word), medianOfResample(inB, word)];
  for (let i = 0; i < resamples; i += 1) {
    const below = drawA();
    if (!(below * Math.sign(base) > 0)) return null;
    ratios[i] = drawB() / below;
  }
  ratios.sort();
  const tail = (1 - confidence) / 2;
  const [low, high] = [quantileOfSorted(ratios, tail), quantileOfSorted(ratios, 1 - tail)];
  return { ratio: quantileOfSorted(inB, 0.5) / base, low, high, confidence, resamples };
}

/**
 * Draws as many of the ascending values as there are, with replacement, and gives their median. Only how often each was drawn is
 * kept, so nothing needs sorting. A word maps to an index by its share of 2^32: uneven by less than n / 2^32.
 */
function medianOfResample(values: Float64Array, word: () => number): () => number {
  const n = values.length;
  const scale = n / 2 ** 32;
  if (n >= MANY_VALUES) {
    return () => {
      const middle = middleOfWords(n, word);
      const [low, high] = [values[Math.floor(middle.low * scale)] ?? Number.NaN, values[Math.floor(middle.high * scale)] ?? Number.NaN];
      return low === high ? low : low / 2 + high / 2;
    };
  }
  const drawn = new Uint32Array(n);
  return () => {
    drawn.fill(0);
    for (let i = 0; i < n; i += 1) {
      const index = Math.floor(word() * scale);
      drawn[index] = (drawn[index] ?? 0) + 1;
    }
    let at = 0;
    let seen = drawn[0] ?? 0;
    while (seen < Math.ceil(n / 2)) seen += drawn[++at] ?? 0;
    const low = values[at] ?? Number.NaN;
    while (seen < Math.floor(n / 2) + 1) seen += drawn[++at] ?? 0;
    const high = values[at] ?? Number.NaN;
    return low === high ? low : low / 2 + high / 2;
  };
}
