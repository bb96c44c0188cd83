import { type Artifact, byCodeUnit, type Fact, type FactIndex } from '@chimera/shared/domain';

const FIRST_TOKEN = /ttft|time_to_first_token|first_token/i;

/** An inventory's facts together with its artifacts. */
export type Subject = FactIndex & { artifacts: readonly Artifact[] };

/**
 * Medians of raw values with at least two samples; most samples first. Somebody's averages are no raw values, nor
 * are tables in Markdown, which are prose about results.
 */
function medians(facts: Subject, matches: (fact: Fact) => boolean): Fact[] {
  const prose = new Set(facts.artifacts.filter((a) => a.kind === 'markdown').map((a) => a.path));
  return facts
    .ofKind('series')
    .filter(
      (f) =>
        f.statistic === 'median' &&
        (f.n ?? 0) >= 2 &&
        !prose.has(f.scope) &&
        Object.keys(f.labels).every((l) => l !== 'unit') &&
        matches(f),
    )
    .sort((a, b) => (b.n ?? 0) - (a.n ?? 0) || byCodeUnit(a.scope, b.scope) || byCodeUnit(a.id, b.id));
}

/** Throughput by its unit, tokens per second. */
export function throughputMedians(facts: Subject): Fact[] {
  return medians(facts, (f) => f.unit === 'tok/s' && typeof f.value === 'number' && f.value > 0);
}

/** Time to first token by its name and a unit of time. */
export function firstTokenMedians(facts: Subject): Fact[] {
  return medians(
    facts,
    (f) => FIRST_TOKEN.test(f.metric) && (f.unit === 's' || f.unit === 'ms') && typeof f.value === 'number' && f.value > 0,
  );
}

/** The least and the greatest of facts in one unit; null where there are fewer than two different ones. */
export function extremes(facts: readonly Fact[]): { least: Fact; greatest: Fact } | null {
  const sorted = [...facts].sort((a, b) => Number(a.value) - Number(b.value) || byCodeUnit(a.id, b.id));
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  return least && greatest && least.value !== greatest.value ? { least, greatest } : null;
}

/** Series whose greatest value is far above the median, first-token times before others, the farthest first. */
export function spreads(facts: FactIndex): Fact[] {
  return facts
    .ofKind('doubt')
    .filter((f) => f.statistic === 'max over median')
    .sort(
      (a, b) =>
        Number(FIRST_TOKEN.test(b.metric)) - Number(FIRST_TOKEN.test(a.metric)) ||
        Number(b.value) - Number(a.value) ||
        byCodeUnit(a.id, b.id),
    );
}
