import { byCodeUnit, FACT_KINDS, type Fact } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';

const RANKS = new Map(FACT_KINDS.map((kind, rank) => [kind, rank]));

/** What a fact is sorted by. */
export type Ranked = { fact: Fact; rank: number; labels: string };

export function ranked(fact: Fact): Ranked {
  return { fact, rank: RANKS.get(fact.kind) ?? FACT_KINDS.length, labels: labelsJson(fact.labels) };
}

/** The order of evidence: by kind, then scope, metric, labels, statistic and unit, each by code unit. */
export function byRank(a: Ranked, b: Ranked): number {
  return (
    a.rank - b.rank ||
    byCodeUnit(a.fact.scope, b.fact.scope) ||
    byCodeUnit(a.fact.metric, b.fact.metric) ||
    byCodeUnit(a.labels, b.labels) ||
    byCodeUnit(a.fact.statistic, b.fact.statistic) ||
    byCodeUnit(a.fact.unit ?? '', b.fact.unit ?? '')
  );
}

/** Facts in the order of evidence. */
export function ordered(facts: readonly Fact[]): Fact[] {
  if (facts.length < 2) return [...facts];
  return facts
    .map(ranked)
    .sort(byRank)
    .map(({ fact }) => fact);
}
