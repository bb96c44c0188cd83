import { isRowNumber } from '@chimera/shared/domain';
import { isLabelName, isSettingName } from './labels.ts';
import { markOf } from './marks.ts';
import { isPercentileName, isStatisticWord, wordsOf } from './name-words.ts';
import { statisticFromName } from './statistic-from-name.ts';
import { unitFromName } from './unit-from-name.ts';

/**
 * What a column holds where the rows of its table name their metrics: `values`, the metric's numbers, or one statistic of them;
 * `configuration`, those of one engine, build or run, which the column's name tells (`Metric | vLLM | SGLang`); `other`, anything else.
 */
export type NamedColumn = 'values' | 'configuration' | 'other';

/** Headers of columns that say nothing of what is in them, where the row is named. */
const VALUES = new Set(['value', 'values', 'val', 'result', 'results']);

/** Words that alone say which statistic a column holds, and those that say it together. */
const EXTREMES = new Set(['min', 'max', 'minimum', 'maximum']);
const DEVIATION = new Set(['standard', 'deviation', 'dev']);

/** Words that make a column one of what is made of others, or compares, weighs or judges them. */
const MADE_OF_OTHERS = new Set(
  `delta diff diffs difference differences change changes changed improvement improvements gain gains speedup speedups speed up ratio ratios
  reduction saving savings increase decrease faster slower slowdown overhead factor multiplier times vs versus regression impact effect
  advantage lead benefit benefits uplift edge penalty boost percent pct percentage ci confidence interval error errors margin variance var cv
  iqr spread deviation dev sd se sem sigma pvalue pval significance rank ranking weight weights weighting weighted rating grade winner best
  worst importance priority status verdict`.split(/\s+/),
);

/** Words that make a column none of results: what was aimed at, counts, describes, orders or numbers them. */
const NO_RESULTS = new Set(
  `target targets goal goals slo slos sla slas budget limit limits threshold thresholds cutoff cap ceiling floor alert alerts warn warning
  critical requirement requirements required expected estimate estimated projected theoretical ideal maximum minimum range lower upper low
  high bound bounds percentile total sum overall all count counts number quantity frequency freq occurrences n samples sample runs trials
  iterations repeats requests score scores passed pass fail failed failures unit units value values note notes comment comments remark
  remarks description explanation details meaning definition formula source sources reference type kind category direction better date time
  timestamp year age epoch step steps line id`.split(/\s+/),
);

/** Words that make a column one of a quantity of its own: `Metric | Batch | Latency`. */
const QUANTITIES = new Set(
  `latency throughput duration ttft tpot itl e2e memory vram ram power energy utilization usage accuracy tokens tps rps qps size length
  cost price rate`.split(/\s+/),
);

/** Words of what was aimed at, and not measured. */
const AIMED_AT = /^(?:targets?|goals?|sl[oa]s?|requirements?|required|expected|estimated?|projected|budget|thresholds?|limits?)$/;

/** Signs of what is made of other numbers: `Δ`, `% faster`, `±`. */
const SIGNS_OF_OTHERS = /[%Δ∆±×→↑↓]/;

/** Longest name that tells a configuration; a longer one is prose. */
const NAME_CHARS = 64;

/** Whether a word makes a column one of numbers of its own, that are made of others or were measured: no name of what was measured. */
export function saysOtherNumber(word: string): boolean {
  return MADE_OF_OTHERS.has(word) || QUANTITIES.has(word);
}

/** Whether the name of a column, whose cells name metrics, says that the numbers beside them are no results: `Target`, `Change`. */
export function namesNoResults(column: string): boolean {
  return wordsOf(column).some((word) => MADE_OF_OTHERS.has(word) || AIMED_AT.test(word));
}

/** Whether a column has the name that is given where the header is empty. */
export function isUnnamed(column: string): boolean {
  return /^column \d{1,6}$/.test(column);
}

/** Whether a column of such a table says no more than which statistic is in it, or nothing. */
function isOfValues(column: string): boolean {
  const words = wordsOf(column);
  const [only = '', ...others] = words;
  if (isPercentileName(column) || (others.length === 0 && EXTREMES.has(only))) return true;
  // `Max value` may be what is allowed.
  const rest = words.filter((word) => !VALUES.has(word));
  const isStatistic = rest.every((word) => isStatisticWord(word) || DEVIATION.has(word)) && statisticFromName(rest.join(' ')) !== 'value';
  return words.length > 0 && (rest.length === 0 || isStatistic);
}

/**
 * Whether a name may be that of what was measured. Any word that may mean another number than a result speaks against it, and so does
 * a name in whose letters no such word would be found.
 */
function tellsConfiguration(column: string): boolean {
  if (column.length > NAME_CHARS || isUnnamed(column) || SIGNS_OF_OTHERS.test(column)) return false;
  if (isSettingName(column) || isLabelName(column) || isRowNumber(column) || markOf(column) !== undefined) return false;
  const words = wordsOf(column);
  // `Max value`; but not `M3 Max, 64 GB`.
  const isExtreme = (word: string): boolean => words.length < 3 && (word === 'min' || word === 'max');
  const isOther = (word: string): boolean => saysOtherNumber(word) || NO_RESULTS.has(word) || isExtreme(word);
  return words.length > 0 && !words.some(isOther) && unitFromName(column) === null;
}

/**
 * What the columns of a table hold whose rows name their metrics.
 * @param columns the header's names
 * @param at index of the column that names the rows
 */
export function namedColumns(columns: readonly string[], at: number): NamedColumn[] {
  const values = columns.map((column, index) => index !== at && isOfValues(column));
  // Beside a column of values, others say more of these: `metric,value,run`.
  const long = values.includes(true);
  return columns.map((column, index) => {
    if (values[index] === true) return 'values';
    return !long && index > at && tellsConfiguration(column) ? 'configuration' : 'other';
  });
}
