import { DATASET_SCOPE, type Fact, type FactKind } from './fact.ts';

/** Facts with the ways to find them. */
export type FactIndex = {
  facts: readonly Fact[];
  byId: ReadonlyMap<string, Fact>;
  /** the fact of exactly this metric, labels and statistic; over the whole dataset, or of one artifact's path */
  find(metric: string, labels?: Readonly<Record<string, string>>, statistic?: string, scope?: string): Fact | null;
  ofKind(kind: FactKind): Fact[];
};

/** Indexes facts by id and by scope and metric. */
export function indexFacts(facts: readonly Fact[]): FactIndex {
  const placeOf = (scope: string, metric: string) => `${scope}\0${metric}`;
  const places = new Map<string, Fact[]>();
  for (const fact of facts) {
    const place = placeOf(fact.scope, fact.metric);
    const there = places.get(place);
    if (there) there.push(fact);
    else places.set(place, [fact]);
  }
  const kinds = new Map<FactKind, Fact[]>();
  for (const fact of facts) {
    const alike = kinds.get(fact.kind);
    if (alike) alike.push(fact);
    else kinds.set(fact.kind, [fact]);
  }
  return {
    facts,
    byId: new Map(facts.map((f) => [f.id, f])),
    find: (metric, labels = {}, statistic = 'count', scope = DATASET_SCOPE) =>
      places.get(placeOf(scope, metric))?.find((f) => f.statistic === statistic && sameLabels(f.labels, labels)) ?? null,
    ofKind: (kind) => [...(kinds.get(kind) ?? [])],
  };
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
