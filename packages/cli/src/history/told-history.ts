import { type HistoryBook, historyOfSeries, inOneGo, type Recorded, type SeriesHistory } from '@chimera/evidence';
import type { UnreadEntry } from '@chimera/ingest';

/** The history of one dataset, as the command tells it. */
export type ToldHistory = {
  dataset: string;
  /** oldest first */
  inventories: readonly Recorded[];
  series: readonly SeriesHistory[];
  /** inventories of which nothing is told, because what is kept of them cannot be read */
  unread: readonly UnreadEntry[];
};

/** The series of a book with their changes; of one metric alone, where one is named. */
export function tellHistory(dataset: string, book: HistoryBook, unread: readonly UnreadEntry[], metric?: string): ToldHistory {
  const series: SeriesHistory[] = [];
  inOneGo(
    book.series((one) => {
      if (metric === undefined || one.metric === metric) series.push(historyOfSeries(one));
    }),
  );
  return { dataset, inventories: book.inventories(), series, unread };
}
