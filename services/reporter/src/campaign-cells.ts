import type { MeasuredCell } from '@chimera/evidence';
import { ARRANGEMENTS, byCodeUnit, CAMPAIGN_PROFILE, type CampaignField, campaignMetric, type Fact, STARTS } from '@chimera/shared/domain';

/** The repeats of one profile in one arrangement, from one sort of start: what a campaign's tables have a row for. */
export type Cell = Place & {
  labels: Fact['labels'];
  /** the median over its runs, or the value of its only run; null where it was not measured */
  of(field: CampaignField): Fact | null;
};

export type Place = { profile: string; arrangement: string; start: string };

/** A campaign's cells: profile by profile, in the order of arrangements, warm before cold. */
export function cellsOf(measured: readonly MeasuredCell[]): Cell[] {
  const cells = measured.map(({ labels, facts }): Cell => {
    const of = (field: CampaignField) => facts.get(campaignMetric(field)) ?? null;
    return { ...placeOf({ labels }), labels, of };
  });
  return cells.sort(byPlace);
}

/** The order of a campaign's tables. */
export function byPlace(a: Place, b: Place): number {
  return (
    byCodeUnit(a.profile, b.profile) ||
    rank(ARRANGEMENTS, a.arrangement) - rank(ARRANGEMENTS, b.arrangement) ||
    rank(STARTS, a.start) - rank(STARTS, b.start)
  );
}

function rank(all: readonly string[], value: string): number {
  return all.indexOf(value);
}

/** Where a fact of a campaign belongs. */
export function placeOf({ labels }: Pick<Fact, 'labels'>): Place {
  return { profile: labels[CAMPAIGN_PROFILE] ?? '', arrangement: labels.arrangement ?? '', start: labels.start ?? '' };
}

/** Whether a fact is of a cell: all of its labels are the cell's. */
export function isOfCell({ labels }: Pick<Fact, 'labels'>, cell: Pick<Cell, 'labels'>): boolean {
  return Object.entries(labels).every(([name, value]) => cell.labels[name] === value);
}

/** What was found of a cell's runs and sets them apart from others of the same place; empty where the place alone does. */
export function foundApart(cell: Cell, cells: readonly Cell[]): [string, string][] {
  const beside = cells.filter((other) => other !== cell && byPlace(other, cell) === 0);
  return Object.entries(cell.labels).filter(([name, value]) => beside.some(({ labels }) => labels[name] !== value));
}
