import type { CanonicalMetric, Group, Source } from '@chimera/shared/domain';

/** Which inventory of a dataset's history: `sequence` is its place there, from 1; `takenAt` when it was taken, ISO 8601 in UTC. */
export type Moment = { readonly inventory: string; readonly sequence: number; readonly takenAt: string };

/** An inventory of a dataset with its groups. */
export type Snapshot = Moment & { readonly groups: readonly Group[] };

/** An inventory that brought runs of a group: their median, how many they are, and which versions were measured. */
export type HistoryPoint = Moment & {
  readonly value: number;
  readonly n: number;
  readonly versions: Readonly<Record<string, string>>;
  /** a few of the places where the runs stood; none where the book keeps none */
  readonly sources: readonly Source[];
  /** fingerprints of all of these places */
  readonly contents: readonly number[];
};

/** One metric and statistic of one configuration through a dataset's inventories, oldest first. */
export type HistorySeries = {
  readonly metric: CanonicalMetric;
  readonly statistic: string;
  readonly unit: string;
  /** without the versions, unless versions that are measured side by side tell configurations apart */
  readonly labels: Readonly<Record<string, string>>;
  readonly derived: readonly string[];
  readonly scope: string;
  readonly points: readonly HistoryPoint[];
};

/** A series as a book of histories has it, of which the points are made when they are asked for. */
export type BookSeries = Omit<HistorySeries, 'points'> & {
  /** names it in this book */
  readonly key: string;
  /** how many points it has; `values` are theirs */
  readonly count: number;
  values(): readonly number[];
  pointAt(i: number): HistoryPoint;
  whole(): HistorySeries;
};
