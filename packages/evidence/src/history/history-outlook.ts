import { type Fact, type FactIndex, isCanonical } from '@chimera/shared/domain';
import { HEADLINE_METRICS } from '../headline-metrics.ts';

/** A change of level with the facts around it. */
export type ToldChange = {
  fact: Fact;
  change: NonNullable<Fact['change']>;
  /** the level since, and the level before */
  after: Fact;
  before: Fact;
  /** when the inventory was taken that brought it, and the one that brought the next; the latter null for the present level */
  since: Fact;
  until: Fact | null;
};

/** The changes of level that the facts tell, the most important first. */
export function levelChanges(facts: FactIndex): ToldChange[] {
  return facts.ofKind('history').flatMap((fact): ToldChange[] => {
    const { change, inputs } = fact;
    const [after, before] = inputs.map((id) => facts.byId.get(id));
    if (change === undefined || after === undefined || before === undefined) return [];
    const takenOf = (inventory: string | undefined) =>
      inventory === undefined ? null : facts.find('inventory_taken', { inventory: inventory.slice(0, 12) }, 'date');
    const since = takenOf(change.broughtBy.inventory);
    return since === null ? [] : [{ fact, change, after, before, since, until: takenOf(change.until?.inventory) }];
  });
}

/** The statistic that the files state and a level is of; null where it is of the values themselves. */
export function statedStatistic({ statistic }: Fact): string | null {
  return /^mean level of (.*?) (?:since|over the one before, since) inventory [0-9a-f]{12}$/.exec(statistic)?.[1] ?? null;
}

/** The present levels of series that never changed, the most telling metric first. */
export function steadyLevels(facts: FactIndex): Fact[] {
  const changed = new Set(levelChanges(facts).flatMap(({ after, before }) => [after.id, before.id]));
  return facts.ofKind('history').filter(({ id, metric, change }) => change === undefined && isCanonical(metric) && !changed.has(id));
}

/** When the inventory was taken that brought a level; null where no fact says. */
export function beginningOf(facts: FactIndex, level: Fact): Fact | null {
  const [, inventory] = /since inventory ([0-9a-f]{12})$/.exec(level.statistic) ?? [];
  return inventory === undefined ? null : facts.find('inventory_taken', { inventory }, 'date');
}

/** Whether an artifact of the inventory holds the level that a fact tells of: the files of the last one may be gone. */
export function isHeld({ sources }: Fact): boolean {
  return sources.some((source) => 'path' in source);
}

/** The changes that brought the present level of a headline metric and are better or worse; worse first. */
export function presentChanges(facts: FactIndex): ToldChange[] {
  const present = levelChanges(facts).filter(
    ({ fact, change }) =>
      change.until === null &&
      isHeld(fact) &&
      change.verdict !== null &&
      isCanonical(fact.metric) &&
      HEADLINE_METRICS.includes(fact.metric),
  );
  return [...present.filter(({ change }) => change.verdict === 'worse'), ...present.filter(({ change }) => change.verdict === 'better')];
}
