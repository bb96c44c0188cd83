import { type Fact, isCampaignCallMetric, isCanonical, isPooled, isRowNumber, isSetting } from '@chimera/shared/domain';
import type { Series } from './artifact-series.ts';
import { countFact, fact, shown } from './fact.ts';
import { type Place, seriesName, sourceOf } from './series.ts';

const DURATION = new Set(['s', 'ms', 'us', 'ns']);
const RATE = new Set(['tok/s', 'req/s', '1/s']);
const LEAST_FOR_CONSTANT = 3;
const LEAST_FOR_SPREAD = 4;
// A first request that loads the model is typically this much slower than the next.
const SPREAD_FACTOR = 5;

/** Why the numbers of a series should not be taken at their word: all equal, far spread, zero. */
export function doubtFacts(series: Series, place: Place): Fact[] {
  // Calls of a campaign wait for nothing, or take what a script says; its runs are what is judged.
  if (isCampaignCallMetric(series.metric)) return [];
  return [...negative(series, place), ...doubtsOfTimes(series, place)];
}

function doubtsOfTimes(series: Series, place: Place): Fact[] {
  if (series.unit === null || !(DURATION.has(series.unit) || RATE.has(series.unit))) return [];
  // Of what a file computed itself only a mean of zero is worth a word: its percentiles would say the same again.
  if (series.statistic === 'mean') return zero(series, place, 'zero of mean');
  if (series.statistic !== 'value') return [];
  return [...constant(series, place), ...(isPooled(series) ? [] : spread(series, place)), ...zero(series, place)];
}

/** How a name ends that says what it counts, such as `completed` or `output_tokens`: a count needs no further unit. */
const COUNTED = /(?:^|[/_ ])(?:counts?|completed|failed|failures|succeeded|errors|requests|tokens|runs|iterations|params)(?:\/\*)*$/i;

/** True for a measured series of which nobody says in which unit it is. */
export function lacksUnit({ unit, metric }: Pick<Series, 'unit' | 'metric'>): boolean {
  return unit === null && !isSetting(metric) && !isRowNumber(metric) && !COUNTED.test(metric.slice(-80));
}

/** How many series state no unit, if any; each is counted once per artifact, metric and statistic. */
export function unitlessFacts(unitless: number): Fact[] {
  if (unitless === 0) return [];
  return [
    countFact({
      kind: 'doubt',
      metric: 'series_without_unit',
      value: unitless,
      selector: 'series outside of Markdown whose name states no unit',
      claim: `${unitless} series of numbers outside of Markdown state no unit: they are in the evidence and are never judged.`,
    }),
  ];
}

function constant(series: Series, place: Place): Fact[] {
  const { n, min, max, unit } = series;
  if (n < LEAST_FOR_CONSTANT || min !== max || min === 0 || (min < 0 && isCanonical(series.metric))) return [];
  const claim = `All ${n} values of ${seriesName(series, place)} are exactly ${shown({ value: min, unit })}: a measured quantity would vary, so it cannot be told what it is.`;
  return [doubt(series, place, { statistic: 'constant', value: min, unit, claim, formula: 'least = greatest' })];
}

function spread(series: Series, place: Place): Fact[] {
  const { n, median, max, unit } = series;
  if (n < LEAST_FOR_SPREAD || median <= 0 || unit === null || !DURATION.has(unit) || max < SPREAD_FACTOR * median) return [];
  const value = max / median;
  if (!Number.isFinite(value)) return [];
  const claim = `The greatest value of ${seriesName(series, place)} is ${shown({ value, unit: 'times' })} its median: a cold start or an outlier is in it, and its mean stands for neither.`;
  return [doubt(series, place, { statistic: 'max over median', value, unit: 'times', claim, formula: 'greatest / median' })];
}

/** Of a metric that cannot be less than nothing: such values count in no group. */
function negative(series: Series, place: Place): Fact[] {
  const { metric, statistic, min, unit } = series;
  if (!isCanonical(metric) || min >= 0) return [];
  const claim = `The least value of ${seriesName(series, place)} is ${shown({ value: min, unit })}: it cannot be less than nothing, so negative values are no results and count nowhere.`;
  const of = statistic === 'value' ? '' : ` of ${statistic}`;
  return [doubt(series, place, { statistic: `negative${of}`, value: min, unit, claim, formula: 'least < 0' })];
}

function zero(series: Series, place: Place, statistic = 'zero'): Fact[] {
  const { n, max, unit } = series;
  if (max !== 0 || n < 2) return [];
  const claim = `${seriesName(series, place)} is exactly zero in every value: nothing takes no time, so it is no result.`;
  return [doubt(series, place, { statistic, value: 0, unit, claim, formula: 'least = greatest = 0' })];
}

function doubt(series: Series, place: Place, own: Pick<Fact, 'statistic' | 'value' | 'unit' | 'claim' | 'formula'>): Fact {
  const { metric, n, labels } = series;
  return fact({ kind: 'doubt', metric, n, labels, scope: place.path, sources: [sourceOf(series, place)], ...own });
}
