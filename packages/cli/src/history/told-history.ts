import { type Carriers, carriersIn, historyOfSeries, inOneGo, type Presence, type Recorded, type SeriesHistory } from '@chimera/evidence';
import type { StoredHistory, UnreadEntry } from '@chimera/ingest';

/** A series, and whether the current inventory counts runs of its last level: null where nobody knows what that inventory holds. */
export type ToldSeries = { series: SeriesHistory; isHeld: boolean | null };

/** The history of one dataset, as the command tells it. */
export type ToldHistory = {
  dataset: string;
  /** oldest first */
  inventories: readonly Recorded[];
  series: readonly ToldSeries[];
  /** inventories of which nothing is told, because what is kept of them cannot be read */
  unread: readonly UnreadEntry[];
  /** the inventory that became current last, or why nobody knows what it holds */
  current: { inventory: string } | { reason: string };
};

/** The series of a history with their changes; of one metric alone, where one is named. */
export function tellHistory(dataset: string, { book, unread, newest }: StoredHistory, metric?: string): ToldHistory {
  const carriers: Carriers | null = 'groups' in newest ? carriersIn(newest.groups) : null;
  const series: ToldSeries[] = [];
  inOneGo(
    book.series((one) => {
      if (metric !== undefined && one.metric !== metric) return;
      const told = historyOfSeries(one);
      series.push({ series: told, isHeld: carriers === null ? null : carriers.holds(told) });
    }),
  );
  const current = 'groups' in newest ? { inventory: newest.inventory } : newest;
  return { dataset, inventories: book.inventories(), series, unread, current };
}

/** The same for the claims of evidence: here no report names the inventory. */
export function presenceOf({ isHeld }: ToldSeries): Presence {
  return { isHeld, by: 'the current inventory' };
}
