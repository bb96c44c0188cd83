import { CAMPAIGN_FIELDS, type CampaignField } from '@chimera/shared/domain';
import { type Better, medianInterval, paretoFrontOfRanges, type Range } from '@chimera/statistics';
import { LEAST_RUNS } from '../verdict.ts';
import { type CampaignCell, medianOf, runsOf, sorted } from './cells.ts';
import { type Compared, compare } from './compared.ts';
import { keepsOwn } from './words.ts';

/** How much less of its sentences may survive than of the best on the front: a fast profile whose text is withheld is none. */
export const QUALITY_MARGIN = 0.05;

/** How much fewer of its duties it may fulfil than the best on the front: a section in ten. */
export const DUTIES_MARGIN = 0.1;
/** What fulfils a smaller share of its duties is recommended to nobody. */
export const LEAST_DUTIES = 0.5;

/** The cell to choose, and among what: cells of one start, each a profile in an arrangement. */
export type Recommendation<C extends CampaignCell> = {
  cell: C;
  /** whether it fulfils LEAST_DUTIES; where it does not nothing on the front does: it is what others are compared with, and no more */
  fulfils: boolean;
  /** what no other beats in every objective, itself among them */
  front: readonly C[];
  candidates: readonly C[];
  /** cells of that start that are not weighed: they lack an objective, have other duties, or too few runs where others have LEAST_RUNS */
  lacking: readonly C[];
  objectives: readonly CampaignField[];
  /** against the candidate with the next least wall clock; null where there is none */
  next: Compared<C> | null;
};

/**
 * The front of the warm cells, or of the cold ones where none is warm, in wall clock, time to first token, share of sentences that
 * survived, share of duties fulfilled, and energy, or server seconds where not all say their energy. Cells of few runs are weighed
 * only where none has enough. A cell is off it only where another is surely as good in all and better in one: the ranges are the 95 %
 * intervals of the medians or, below six runs, from least to greatest. Of those on the front whose shares of duties and then of
 * sentences are at most the margins below the greatest, the one with the least median wall clock: what is fast and says little is none.
 */
export function recommendationOf<C extends CampaignCell>(cells: readonly C[]): Recommendation<C> | null {
  const start = cells.some((cell) => cell.start === 'warm') ? 'warm' : 'cold';
  const started = cells.filter((cell) => cell.start === start);
  const own = ofOneWork(started);
  const objectives = objectivesOf(own);
  const full = own.filter((cell) => objectives.every((field) => medianOf(cell, field) !== null));
  const enough = full.filter((cell) => runsOf(cell) >= LEAST_RUNS);
  const candidates = enough.length > 0 ? enough : full;
  const front = paretoFrontOfRanges(
    candidates.map((cell) => objectives.map((field) => rangeOf(sorted(cell, field)))),
    objectives.map((field): Better => (CAMPAIGN_FIELDS[field].better === 'higher' ? 'higher' : 'lower')),
  ).flatMap((i) => candidates[i] ?? []);
  const [cell] = byWallClock(nearBest(nearBest(front, 'duties_fulfilled', DUTIES_MARGIN), 'sentences_survived', QUALITY_MARGIN));
  if (cell === undefined) return null;
  const [second] = byWallClock(candidates.filter((one) => one !== cell));
  // The best of many may be so by chance: as for profiles, its test counts as often as there are others.
  const next = second === undefined ? null : compare(cell, second, ['wall_clock'], [], candidates.length - 1);
  const lacking = started.filter((one) => !candidates.includes(one));
  return { cell, fulfils: shareOf(cell, 'duties_fulfilled') >= LEAST_DUTIES, front, candidates, lacking, objectives, next };
}

/** Cells with the same work: an agent that keeps to its own duties is no match for those that have all, nor for another agent. */
function ofOneWork<C extends CampaignCell>(cells: readonly C[]): readonly C[] {
  const all = cells.filter(({ labels }) => !keepsOwn(labels));
  return all.length > 0 ? all : cells.filter((cell) => cell.labels.agents === cells[0]?.labels.agents);
}

/** Those whose share is at most the margin below the greatest; a double's last digit decides nothing. */
function nearBest<C extends CampaignCell>(cells: readonly C[], field: CampaignField, margin: number): C[] {
  const best = Math.max(...cells.map((cell) => shareOf(cell, field)));
  return cells.filter((cell) => shareOf(cell, field) >= best - margin - 1e-9);
}

/** The median of a share; where nobody tells it, nothing speaks against the cell. */
export function shareOf(cell: CampaignCell, field: CampaignField): number {
  return medianOf(cell, field) ?? 1;
}

function objectivesOf(cells: readonly CampaignCell[]): CampaignField[] {
  const any = (field: CampaignField) => cells.some((cell) => medianOf(cell, field) !== null);
  const cost: CampaignField = cells.every((cell) => medianOf(cell, 'energy') !== null) ? 'energy' : 'server_seconds';
  return (['wall_clock', 'time_to_first_token', 'sentences_survived', 'duties_fulfilled', cost] as const).filter(any);
}

function rangeOf(values: Float64Array): Range {
  const interval = medianInterval(values, 0.95);
  return interval ?? { low: values[0] ?? Number.NaN, high: values.at(-1) ?? Number.NaN };
}

/** The least median first; equal ones in the order of cells. */
function byWallClock<C extends CampaignCell>(cells: readonly C[]): C[] {
  return [...cells].sort((a, b) => (medianOf(a, 'wall_clock') ?? 0) - (medianOf(b, 'wall_clock') ?? 0));
}
