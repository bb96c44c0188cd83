import type { Fact, FactKind } from './fact.ts';

/** Facts with the ways to find them. */
export type FactIndex = {
  facts: readonly Fact[];
  byId: ReadonlyMap<string, Fact>;
  /** the fact of exactly this metric, labels and statistic; over the whole dataset, or of one artifact's path */
  find(metric: string, labels?: Readonly<Record<string, string>>, statistic?: string, scope?: string): Fact | null;
  ofKind(kind: FactKind): Fact[];
};

/** Indexes facts; of two with the same key the last one counts. */
export function indexFacts(facts: readonly Fact[]): FactIndex {
  const keyOf = (metric: string, labels: Readonly<Record<string, string>>, statistic: string, scope: string) =>
    JSON.stringify([metric, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)), statistic, scope]);
  const index = new Map(facts.map((f) => [keyOf(f.metric, f.labels, f.statistic, f.scope), f]));
  return {
    facts,
    byId: new Map(facts.map((f) => [f.id, f])),
    find: (metric, labels = {}, statistic = 'count', scope = 'dataset') => index.get(keyOf(metric, labels, statistic, scope)) ?? null,
    ofKind: (kind) => facts.filter((f) => f.kind === kind),
  };
}
