import { type Artifact, byCodeUnit, type Fact, type FactIndex, isPooled, isRowNumber, isSetting } from '@chimera/shared/domain';

const FIRST_TOKEN = /ttft|time_to_first_token|first_token/i;

/** An inventory's facts together with its artifacts. */
export type Subject = FactIndex & { artifacts: readonly Artifact[] };

/**
 * Medians of raw values with at least two samples, most samples first. Somebody's averages are no raw values, nor are tables in
 * Markdown, which are prose about results.
 */
function medians(facts: Subject, matches: (fact: Fact) => boolean): Fact[] {
  const prose = new Set(facts.artifacts.filter((a) => a.kind === 'markdown' && a.format === 'generic').map((a) => a.path));
  return [...facts.ofKind('group'), ...facts.ofKind('series')]
    .filter((f) => f.statistic === 'median' && (f.n ?? 0) >= 2 && !prose.has(f.scope) && f.labels.unit === undefined && matches(f))
    .sort(
      (a, b) =>
        Number(isPooled(a)) - Number(isPooled(b)) || (b.n ?? 0) - (a.n ?? 0) || byCodeUnit(a.scope, b.scope) || byCodeUnit(a.id, b.id),
    );
}

/** Output token throughput of one configuration each. */
export function throughputMedians(facts: Subject): Fact[] {
  return medians(facts, (f) => f.metric === 'output_token_throughput');
}

/** Times to first token of one configuration each; warm and cold ones apart where files tell them apart. */
export function firstTokenMedians(facts: Subject): Fact[] {
  return medians(facts, (f) => f.metric === 'time_to_first_token');
}

/** What files state of a metric where they hold no raw values, or one: medians before single values before means; the largest sample first. */
export function statedMiddles(facts: FactIndex, metric: string): Fact[] {
  const order = ['stated median', 'median of stated median', 'value', 'stated mean', 'median of stated mean'];
  return facts
    .ofKind('group')
    .filter((f) => f.metric === metric && order.includes(f.statistic) && f.labels.start !== 'cold')
    .sort(
      (a, b) =>
        order.indexOf(a.statistic) - order.indexOf(b.statistic) ||
        (b.n ?? 0) - (a.n ?? 0) ||
        byCodeUnit(a.scope, b.scope) ||
        byCodeUnit(a.id, b.id),
    );
}

/** Everything else that is measured and has a unit. */
export function otherMedians(facts: Subject): Fact[] {
  const told = ['output_token_throughput', 'time_to_first_token'];
  return medians(facts, (f) => f.unit !== null && !told.includes(f.metric) && !isSetting(f.metric) && !isRowNumber(f.metric));
}

/** The least and the greatest of facts in one unit, each of one configuration; null where there are fewer than two different ones. */
export function extremes(facts: readonly Fact[]): { least: Fact; greatest: Fact } | null {
  const sorted = facts.filter((f) => !isPooled(f)).sort((a, b) => Number(a.value) - Number(b.value) || byCodeUnit(a.id, b.id));
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  return least && greatest && least.value !== greatest.value ? { least, greatest } : null;
}

/** The artifact in which the smallest share of records succeeded, if fewer than half did: its averages rest on few. */
export function fewestSuccesses(facts: FactIndex): { succeeded: Fact; records: Fact } | null {
  const succeeded = facts
    .ofKind('failure')
    .filter((f) => f.metric === 'succeeded_records' && f.value !== 0 && Number(f.value) * 2 < (f.n ?? 0))
    .sort((a, b) => Number(a.value) / (a.n ?? 1) - Number(b.value) / (b.n ?? 1) || byCodeUnit(a.scope, b.scope))[0];
  const records = succeeded && facts.find('records', {}, 'count', succeeded.scope);
  return succeeded && records ? { succeeded, records } : null;
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
