import { isCanonical, METRICS } from '@chimera/shared/domain';
import type { Direction, Hedge } from './claim.ts';
import { claimsIn } from './find-claims.ts';
import type { Setting } from './frame.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Numeral } from './numeral.ts';
import { comparisonsOf, mediansOf, sidesOf } from './pairs.ts';
import { boundsOf } from './stated-value.ts';
import type { Truth } from './truth.ts';
import type { Unit } from './units.ts';

const MORE =
  /^[\s)*"'`]*(?:times\s+)?(?:higher|faster|more|greater|larger|better|longer|quicker|up|above|increase|gain|improvement|speed-?up)\b/i;
const LESS = /^[\s)*"'`]*(?:times\s+)?(?:lower|slower|less|smaller|fewer|worse|shorter|down|below|decrease|drop|reduction|loss)\b/i;
const OF = /^[\s)*"'`]*(?:times\s+)?(?:that of|as\s+\w+\s+as|of (?:that|the)|the\s+[\w\s]{2,40}\s+of)\b/i;

/**
 * Judges `52 % higher` and `1.6 times that of` by the ratio of the medians of the two that are compared; null where the sentence
 * compares nothing that was compared here.
 */
export function judgeRatio(
  stated: { start: number; end: number; numeral: Numeral; unit: Unit; hedge: Hedge | null },
  setting: Setting,
  metrics: ReadonlySet<number> | null,
  truth: Truth,
): Judgement | null {
  const { numeral, unit, hedge, end } = stated;
  const after = setting.text.slice(end);
  const how = MORE.test(after) ? 'more' : LESS.test(after) ? 'less' : OF.test(after) ? 'of' : null;
  if (how === null) return null;
  const sides = sidesOf(stated, setting);
  if (sides === null)
    return how === 'of' ? null : unsupported('the two that are compared are not named so that the artifacts tell them apart');
  const { low, high } = boundsOf({ numeral, hedge });
  const scale = unit.dimension === 'ratio' ? 100 : 1;
  const isRight = (mine: number, theirs: number, metric: string) =>
    amounts(mine / theirs, how, unit, directionIn(after), metric).some((amount) => amount * scale >= low && amount * scale <= high);
  const compared = comparisonsOf(sides.pairs, metrics, setting, truth);
  const fits = compared.find(({ fact, turned }) => {
    const [first = Number.NaN, second = Number.NaN] = fact.comparison?.medians ?? [];
    return turned ? isRight(second, first, fact.metric) : isRight(first, second, fact.metric);
  });
  if (fits) return supported(fits.fact.claim, [fits.fact.id]);
  // It may be a ratio of means, or of two that were measured and not compared.
  let against: Judgement | null = null;
  for (const metric of metrics ?? new Set(compared.map(({ fact }) => truth.metricNumbers.get(fact.metric) ?? -1)))
    for (const statistic of ['median', 'mean'] as const) {
      const [mine, ...moreOfMine] = mediansOf(sides.of, metric, setting, truth, statistic);
      const [theirs, ...moreOfTheirs] = mediansOf(sides.to, metric, setting, truth, statistic);
      if (!mine || !theirs || moreOfMine.length > 0 || moreOfTheirs.length > 0) continue;
      const words = `${mine.fact?.claim ?? ''} ${theirs.fact?.claim ?? ''}`;
      if (isRight(mine.value, theirs.value, truth.metrics[metric] ?? '')) return supported(words, factsOf([mine, theirs]), [mine, theirs]);
      against ??= contradicted(words, factsOf([mine, theirs]), [mine, theirs]);
    }
  const [fact] = compared.map((one) => one.fact);
  if (fact) return contradicted(fact.claim, [fact.id]);
  return against ?? unsupported('the two were not compared, and which of their values are meant cannot be told');
}

function directionIn(after: string): Direction | null {
  const [first] = claimsIn(after.slice(0, 60)).filter((claim) => claim.kind === 'comparison');
  return first?.kind === 'comparison' ? first.direction : null;
}

const BY =
  /\b(?:by|difference of|drop of|gain of|sav(?:es?|ed|ing)|cut of|improvement of|increase of|decrease of|reduction of|gap of)\s*(?:about|around|some|roughly|~|≈)?\s*$/i;

/** Whether a value with a unit states by how much two things differ: `29 ms lower`, `a difference of 3 GB`. */
export function isDifference(before: string, after: string): boolean {
  return BY.test(before) || MORE.test(after) || LESS.test(after);
}

/** Judges by how much two configurations differ: their medians or means; what cannot be told is no contradiction. */
export function judgeDifference(
  stated: { start: number; end: number; numeral: Numeral; unit: Unit; hedge: Hedge | null },
  setting: Setting,
  metrics: ReadonlySet<number> | null,
  truth: Truth,
): Judgement {
  const sides = sidesOf(stated, setting);
  const { low, high } = boundsOf(stated);
  const by = stated.unit.factor;
  for (const metric of sides === null ? [] : (metrics ?? []))
    for (const statistic of ['median', 'mean'] as const) {
      const [mine] = mediansOf(sides?.of ?? NOBODY, metric, setting, truth, statistic);
      const [theirs] = mediansOf(sides?.to ?? NOBODY, metric, setting, truth, statistic);
      if (!mine || !theirs || mine.unit?.dimension !== stated.unit.dimension) continue;
      const apart = Math.abs(mine.value * (mine.unit?.factor ?? 1) - theirs.value * (theirs.unit?.factor ?? 1));
      if (apart >= low * by && apart <= high * by)
        return supported(`${mine.fact?.claim ?? ''} ${theirs.fact?.claim ?? ''}`, factsOf([mine, theirs]), [mine, theirs]);
    }
  return unsupported('it states by how much two things differ, and which two are meant cannot be told');
}

const NOBODY = { start: 0, end: 0, mentions: [] };

/** Whether a ratio lies on the side that a word says. */
function isOnSide(ratio: number, direction: Direction | null, metric: string): boolean {
  if (direction === null || direction === 'same') return true;
  const lowerIsBetter = isCanonical(metric) && METRICS[metric].direction === 'lower';
  if (direction === 'higher') return ratio >= 1;
  if (direction === 'lower') return ratio <= 1;
  return (direction === 'better') === lowerIsBetter ? ratio <= 1 : ratio >= 1;
}

/** What a ratio may be stated as: a share more or less, or a multiple; either way round where the words leave it open. */
function amounts(ratio: number, how: 'more' | 'less' | 'of', unit: Unit, direction: Direction | null, metric: string): number[] {
  if (how !== 'of' && !isOnSide(ratio, direction, metric)) return [];
  if (unit.dimension === 'ratio') {
    if (how === 'of') return [ratio];
    // "20 % faster" of a time may be said of the time or of the speed.
    return direction === 'better' || direction === 'worse' ? [Math.abs(ratio - 1), Math.abs(1 / ratio - 1)] : [Math.abs(ratio - 1)];
  }
  if (how === 'of') return [ratio];
  return [ratio, 1 / ratio].filter((amount) => amount >= 1);
}
