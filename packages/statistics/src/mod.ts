export { adjustBenjaminiHochberg } from './benjamini-hochberg.ts';
export { type BootstrapOptions, bootstrapRatio, type RatioInterval } from './bootstrap-ratio.ts';
export { coefficientOfVariation, medianAbsoluteDeviation } from './dispersion.ts';
export {
  type ChangePoint,
  type ChangePointOptions,
  ChangePointSearch,
  changePoints,
  LEAST_FOR_CHANGE_POINTS,
  type Level,
} from './e-divisive.ts';
export { geometricMean } from './geometric-mean.ts';
export { hodgesLehmann, type Shift } from './hodges-lehmann.ts';
export type { Interval } from './interval.ts';
export { leastPerSide } from './least-per-side.ts';
export { type MannWhitney, MOST_EXACT_PAIRS, mannWhitney, mannWhitneyApproximation } from './mann-whitney.ts';
export { leastForMedianInterval, medianInterval } from './median-interval.ts';
export { meanOfSorted, stddevOfSorted } from './moments.ts';
export { type Better, paretoFront, paretoFrontOfRanges, type Range } from './pareto.ts';
export { preciseMean, preciseStddev } from './precise-moments.ts';
export { quantile, quantileOfSorted, quantilePlace, weighed } from './quantile.ts';
export { RankSelection, type SelectionOf, selectRanks } from './rank-selection.ts';
export type { Values } from './sample.ts';
export { scaleFor } from './scale.ts';
export { sortFinite } from './sort-finite.ts';
export { cliffsDelta, superiority } from './superiority.ts';
export { joinedParts, type PartMoments, TwoPassMoments } from './two-pass-moments.ts';
