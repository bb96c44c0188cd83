import { CAMPAIGN_FIELDS, counted, type Fact } from '@chimera/shared/domain';
import { fact, shown } from '../fact.ts';
import { LEAST_RUNS } from '../verdict.ts';
import { medianOf, runsOf } from './cells.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { draftOf, sourcesOf } from './fact-parts.ts';
import { QUALITY_MARGIN, type Recommendation } from './recommended.ts';
import { fieldTitle, listed, shortText } from './words.ts';

/** Others on the front that the claim names. */
const MOST_NAMED = 6;

/** Which profile in which arrangement to choose, and why. */
export function recommendedFact(one: Recommendation<EvidencedCell>): Fact {
  const { cell, front, candidates, objectives } = one;
  return fact({
    ...draftOf(cell),
    metric: 'recommended_profile',
    statistic: 'pareto front',
    value: front.length,
    unit: null,
    n: runsOf(cell),
    claim: claimOf(one),
    formula: `profiles in an arrangement that no other surely beats in ${listed(objectives.map(fieldTitle))} at once (95 % intervals of the medians or, below 6 runs, least to greatest); of those whose share of surviving sentences is at most ${QUALITY_MARGIN} below the greatest, the least median wall clock`,
    sources: sourcesOf(candidates),
  });
}

function claimOf(one: Recommendation<EvidencedCell>): string {
  const { cell, front, candidates, objectives, lacking } = one;
  const values = objectives.flatMap((field) => {
    const value = medianOf(cell, field);
    return value === null ? [] : [`${fieldTitle(field)} ${shown({ value, unit: CAMPAIGN_FIELDS[field].unit })}`];
  });
  const others = front.filter((other) => other !== cell).map(({ labels }) => shortText(labels));
  const more = others.length > MOST_NAMED ? [counted(others.length - MOST_NAMED, 'other')] : [];
  const beside =
    others.length === 0
      ? ' It is alone on the front: no other is not surely beaten in all of these.'
      : ` Not surely beaten in all of these either: ${listed([...others.slice(0, MOST_NAMED), ...more])}.`;
  const left = lacking.length === 0 ? '' : ` ${counted(lacking.length, 'other')} could not be weighed, for want of runs or of a metric.`;
  const of =
    candidates.length === 1
      ? 'It is the only one that was measured: '
      : `Of ${counted(candidates.length, 'profile and arrangement', 'profiles and arrangements')}, `;
  return `${of}${shortText(cell.labels)} is recommended, with the least wall clock of those on the front: ${listed(values)} (medians, n = ${runsOf(cell)}).${beside}${nextText(one)}${left}`;
}

/** Whether it is shown to be faster than the next, or only was. */
function nextText({ cell, next }: Recommendation<EvidencedCell>): string {
  const [wall] = next?.judged ?? [];
  if (next === null || wall === undefined) return '';
  const other = shortText(next.to.labels);
  const clock = shown({ value: wall.medians[1], unit: 's' });
  if (wall.verdict === 'better') return ` That it is faster than the next, ${other} (${clock}), is shown.`;
  if (wall.verdict === 'worse') return ` ${other} is faster (${clock}), at a smaller share of surviving sentences.`;
  if (wall.verdict === 'no difference shown') return ` That it is faster than the next, ${other} (${clock}), is not shown.`;
  const few = Math.min(...wall.n) < LEAST_RUNS ? `fewer than ${LEAST_RUNS} runs a side show nothing` : 'so few runs cannot show it';
  return ` It is the least measured, and not shown to be better than the next, ${other} (${clock}; n = ${wall.n[0]} and ${wall.n[1]}): ${few}${runsOf(cell) === 1 ? ', and one run says little of the next one' : ''}.`;
}
