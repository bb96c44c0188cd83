import { CAMPAIGN_FIELDS, type CampaignField } from '@chimera/shared/domain';
import { type Better, medianInterval, paretoFrontOfRanges, type Range } from '@chimera/statistics';
import { LEAST_RUNS } from '../verdict.ts';
import { type CampaignCell, medianOf, runsOf, sorted } from './cells.ts';
import { type Compared, compare } from './compared.ts';

/** How much less of its sentences may survive than of the best on the front: a fast profile whose text is withheld is none. */
export const QUALITY_MARGIN = 0.05;

/** The cell to choose, and among what: cells of one start, each a profile in an arrangement. */
export type Recommendation<C extends CampaignCell> = {
  cell: C;
  /** what no other beats in every objective, itself among them */
  front: readonly C[];
  candidates: readonly C[];
  /** cells of that start that are not weighed: they lack an objective, or have fewer than LEAST_RUNS runs where others have as many */
  lacking: readonly C[];
  objectives: readonly CampaignField[];
  /** against the candidate with the next least wall clock; null where there is none */
  next: Compared<C> | null;
};

/**
 * The front of the warm cells, or of the cold ones where none is warm, in wall clock, time to first token, share of sentences that
 * survived, and energy, or server seconds where not all say their energy. Cells of few runs are weighed only where none has enough. A cell is off it only where another is surely as good in
 * all and better in one: the ranges are the 95 % intervals of the medians or, below six runs, from least to greatest. Of those on the front whose
 * share of surviving sentences is at most QUALITY_MARGIN below the greatest, the one with the least median wall clock.
 */
export function recommendationOf<C extends CampaignCell>(cells: readonly C[]): Recommendation<C> | null {
  const start = cells.some((cell) => cell.start === 'warm') ? 'warm' : 'cold';
  const own = cells.filter((cell) => cell.start === start);
  const objectives = objectivesOf(own);
  const full = own.filter((cell) => objectives.every((field) => medianOf(cell, field) !== null));
  const enough = full.filter((cell) => runsOf(cell) >= LEAST_RUNS);
  const candidates = enough.length > 0 ? enough : full;
  const front = paretoFrontOfRanges(
    candidates.map((cell) => objectives.map((field) => rangeOf(sorted(cell, field)))),
    objectives.map((field): Better => (CAMPAIGN_FIELDS[field].better === 'higher' ? 'higher' : 'lower')),
  ).flatMap((i) => candidates[i] ?? []);
  const share = (cell: C) => medianOf(cell, 'sentences_survived') ?? 1;
  const best = Math.max(...front.map(share));
  const [cell] = byWallClock(front.filter((one) => share(one) >= best - QUALITY_MARGIN));
  if (cell === undefined) return null;
  const [second] = byWallClock(candidates.filter((one) => one !== cell));
  const next = second === undefined ? null : compare(cell, second, ['wall_clock']);
  return { cell, front, candidates, lacking: own.filter((one) => !candidates.includes(one)), objectives, next };
}

function objectivesOf(cells: readonly CampaignCell[]): CampaignField[] {
  const any = (field: CampaignField) => cells.some((cell) => medianOf(cell, field) !== null);
  const cost: CampaignField = cells.every((cell) => medianOf(cell, 'energy') !== null) ? 'energy' : 'server_seconds';
  return (['wall_clock', 'time_to_first_token', 'sentences_survived', cost] as const).filter(any);
}

function rangeOf(values: Float64Array): Range {
  const interval = medianInterval(values, 0.95);
  return interval ?? { low: values[0] ?? Number.NaN, high: values.at(-1) ?? Number.NaN };
}

/** The least median first; equal ones in the order of cells. */
function byWallClock<C extends CampaignCell>(cells: readonly C[]): C[] {
  return [...cells].sort((a, b) => (medianOf(a, 'wall_clock') ?? 0) - (medianOf(b, 'wall_clock') ?? 0));
}
