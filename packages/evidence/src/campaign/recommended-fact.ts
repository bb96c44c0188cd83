import { CAMPAIGN_FIELDS, counted, type Fact, numberText } from '@chimera/shared/domain';
import { fact, shown } from '../fact.ts';
import { LEAST_RUNS } from '../verdict.ts';
import { medianOf, runsOf } from './cells.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { draftOf, sourcesOf } from './fact-parts.ts';
import { DUTIES_MARGIN, LEAST_DUTIES, QUALITY_MARGIN, type Recommendation, shareOf } from './recommended.ts';
import { fieldTitle, listed, shortText } from './words.ts';

/** Others on the front that the claim names. */
const MOST_NAMED = 6;

/** Which profile in which arrangement to choose, and why; where none fulfils half of its duties, that nothing is recommended. */
export function recommendedFact(one: Recommendation<EvidencedCell>): Fact {
  const { cell, front, candidates, objectives, fulfils } = one;
  if (!fulfils) return noneFact(one);
  return fact({
    ...draftOf(cell),
    metric: 'recommended_profile',
    statistic: 'pareto front',
    value: front.length,
    unit: null,
    n: runsOf(cell),
    claim: claimOf(one),
    formula: `profiles in an arrangement that no other surely beats in ${listed(objectives.map(fieldTitle))} at once (95 % intervals of the medians or, below 6 runs, least to greatest); of those whose share of duties fulfilled is at most ${DUTIES_MARGIN} and whose share of surviving sentences is at most ${QUALITY_MARGIN} below the greatest, the least median wall clock`,
    sources: sourcesOf(candidates),
  });
}

/** That no profile is recommended; among what cannot be told, because others are compared with one all the same. */
function noneFact({ cell, candidates }: Recommendation<EvidencedCell>): Fact {
  const most = shareOf(cell, 'duties_fulfilled');
  return fact({
    ...draftOf(cell),
    metric: 'comparison_untold',
    statistic: 'recommended profile',
    value: runsOf(cell),
    unit: null,
    n: runsOf(cell),
    claim: `No profile is recommended: none fulfils half of its duties. The nearest, ${shortText(cell.labels)}, fulfils a share of ${numberText(most)} (median, n = ${runsOf(cell)}); profiles are compared with it all the same.`,
    formula: `profiles in an arrangement whose median share of duties fulfilled is ${LEAST_DUTIES} at least: none`,
    sources: sourcesOf(candidates),
  });
}

function claimOf(one: Recommendation<EvidencedCell>): string {
  const { cell, front, candidates, objectives, lacking } = one;
  const values = objectives.flatMap((field) => {
    const value = medianOf(cell, field);
    return value === null ? [] : [`${fieldTitle(field)} ${shown({ value, unit: CAMPAIGN_FIELDS[field].unit })}`];
  });
  const left =
    lacking.length === 0
      ? ''
      : ` ${counted(lacking.length, 'other')} could not be weighed, for want of runs, of a metric or of the same duties.`;
  const only = `It is the only one that ${lacking.length === 0 ? 'was measured' : 'could be weighed'}: `;
  const of = candidates.length === 1 ? only : `Of ${counted(candidates.length, 'profile and arrangement', 'profiles and arrangements')}, `;
  const clock = medianOf(cell, 'wall_clock') ?? 0;
  const worse = front.some((other) => (medianOf(other, 'wall_clock') ?? clock) < clock);
  const least = `with the least wall clock of those on the front${worse ? ' whose text is about as good as the best' : ''}`;
  return `${of}${shortText(cell.labels)} is recommended, ${least}: ${listed(values)} (medians, n = ${runsOf(cell)}).${besideText(one)}${nextText(one)}${left}`;
}

/** What else is on the front. */
function besideText({ cell, front, candidates }: Recommendation<EvidencedCell>): string {
  if (candidates.length === 1) return '';
  const others = front.filter((other) => other !== cell).map(({ labels }) => shortText(labels));
  if (others.length === 0) return ' It is alone on the front: to each of the others one is surely equal in all of these and better in one.';
  // All of them by name would be the list of rows, and no help.
  if (others.length > MOST_NAMED && front.length === candidates.length) return ' None of the others is surely beaten in all of these.';
  const more = others.length > MOST_NAMED ? [counted(others.length - MOST_NAMED, 'other')] : [];
  return ` Not surely beaten in all of these either: ${listed([...others.slice(0, MOST_NAMED), ...more])}.`;
}

/** Whether it is shown to be faster than the next, or only was. */
function nextText({ cell, next }: Recommendation<EvidencedCell>): string {
  const [wall] = next?.judged ?? [];
  if (next === null || wall === undefined) return '';
  const other = shortText(next.to.labels);
  const clock = shown({ value: wall.medians[1], unit: 's' });
  if (wall.medians[1] < wall.medians[0]) {
    const fewer = shareOf(next.to, 'duties_fulfilled') < shareOf(cell, 'duties_fulfilled') - DUTIES_MARGIN;
    const is = wall.verdict === 'worse' ? 'is' : 'was measured to be';
    return ` ${other} ${is} faster (${clock}), at a smaller share of ${fewer ? 'duties fulfilled' : 'surviving sentences'}.`;
  }
  if (wall.verdict === 'better') return ` That it is faster than the next, ${other} (${clock}), is shown.`;
  if (wall.verdict !== 'not enough samples') return ` That it is faster than the next, ${other} (${clock}), is not shown.`;
  const few = Math.min(...wall.n) < LEAST_RUNS ? `fewer than ${LEAST_RUNS} runs a side show nothing` : 'so few runs cannot show it';
  return ` It is the least measured, and not shown to be better than the next, ${other} (${clock}; n = ${wall.n[0]} and ${wall.n[1]}): ${few}${runsOf(cell) === 1 ? ', and one run says little of the next one' : ''}.`;
}
