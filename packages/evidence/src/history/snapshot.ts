import type { CanonicalMetric, Group, Source } from '@chimera/shared/domain';

/** Which inventory, and when it became current. */
export type Moment = { readonly inventory: string; readonly generation: number; readonly publishedAt: string };

/** What a history is made from: one inventory of a dataset with its groups. */
export type Snapshot = Moment & { readonly groups: readonly Group[] };

/** An inventory that brought runs of a group: their median, how many they are, and which versions were measured. */
export type HistoryPoint = Moment & {
  readonly value: number;
  readonly n: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly sources: readonly Source[];
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
