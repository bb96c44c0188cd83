import { byCodeUnit, FACT_KINDS, type Fact } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';

const RANKS = new Map(FACT_KINDS.map((kind, rank) => [kind, rank]));

/** Facts in the order of evidence: by kind, then scope, metric, labels, statistic and unit, each by code unit. */
export function ordered(facts: readonly Fact[]): Fact[] {
  if (facts.length < 2) return [...facts];
  const keyed = facts.map((fact) => ({ fact, rank: RANKS.get(fact.kind) ?? FACT_KINDS.length, labels: labelsJson(fact.labels) }));
  keyed.sort(
    (a, b) =>
      a.rank - b.rank ||
      byCodeUnit(a.fact.scope, b.fact.scope) ||
      byCodeUnit(a.fact.metric, b.fact.metric) ||
      byCodeUnit(a.labels, b.labels) ||
      byCodeUnit(a.fact.statistic, b.fact.statistic) ||
      byCodeUnit(a.fact.unit ?? '', b.fact.unit ?? ''),
  );
  return keyed.map(({ fact }) => fact);
}
