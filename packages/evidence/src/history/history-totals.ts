import { counted, DATASET_SCOPE, type Fact, type Source } from '@chimera/shared/domain';
import { LEAST_FOR_CHANGE_POINTS } from '@chimera/statistics';
import { fact } from '../fact.ts';
import { historyCommandLine } from './history-command-line.ts';
import type { Moment } from './snapshot.ts';

/** How changes of level are found. */
export const FOUND_BY =
  "E-divisive (Matteson and James 2014) over the medians of what each inventory brought, with Student's t-test in place of permutations (Hunter, ICPE 2023), p < 0.001";

/** All series; those with enough points, and of these the changed ones; all changes; the fewest inventories that a series lacks. */
export type Totals = { series: number; told: number; changed: number; changes: number; needed: number };
/** What is counted alone. */
export type Others = { changes: number; steady: number };

/** How many inventories, series and changes a history has between two moments; of too few, how many more are needed. */
export function totalFacts(dataset: string, [first, last]: [Moment, Moment], n: number, totals: Totals, others: Others): Fact[] {
  const count = (metric: string, value: number, formula: string, claim: string): Fact =>
    fact({
      ...{ kind: 'history', metric, statistic: 'count', value, unit: null, scope: DATASET_SCOPE, formula, claim },
      sources: [sourceOf(first), sourceOf(last)],
    });
  const all = `${counted(n, 'inventory', 'inventories')} since ${first.takenAt.slice(0, 10)}`;
  const facts = [count('history_inventories', n, 'count of the inventories in the history', `The history of this dataset has ${all}.`)];
  if (totals.told === 0) {
    const more = counted(totals.needed, 'more inventory', 'more inventories');
    const claim = `Of ${all}, none of ${counted(totals.series, 'series', 'series')} has ${LEAST_FOR_CHANGE_POINTS} that brought new runs: ${more} with new runs of the same configuration ${totals.needed === 1 ? 'is' : 'are'} needed before a change can be told.`;
    const formula = `the fewest inventories that a series lacks of ${LEAST_FOR_CHANGE_POINTS}`;
    return [...facts, count('history_inventories_needed', totals.needed, formula, claim)];
  }
  facts.push(
    count('history_series', totals.told, `count of series with ${LEAST_FOR_CHANGE_POINTS} inventories at least`, toldClaim(totals)),
    count(
      'history_changes',
      totals.changes,
      `count of changes of level, by ${FOUND_BY}`,
      `${counted(totals.changes, 'change')} of level in ${counted(totals.changed, 'series', 'series')} over ${all}.`,
    ),
  );
  const command = `"${historyCommandLine(dataset)}"`;
  if (others.changes > 0)
    facts.push(
      count(
        'history_changes_not_listed',
        others.changes,
        'count of changes of level that no fact tells of by itself',
        `${counted(others.changes, 'further change')} of level ${others.changes === 1 ? 'is' : 'are'} listed by ${command} alone.`,
      ),
    );
  if (others.steady > 0)
    facts.push(
      count(
        'history_series_not_listed',
        others.steady,
        'count of series without a change that no fact tells of by itself',
        `${counted(others.steady, 'further series', 'further series')} without a change ${others.steady === 1 ? 'is' : 'are'} listed by ${command} alone.`,
      ),
    );
  return facts;
}

function toldClaim({ series, told, changed }: Totals): string {
  const few = series - told;
  const rest = few === 0 ? '' : `; ${few} more ${few === 1 ? 'has' : 'have'} too few inventories with new runs`;
  return `${counted(told, 'series has', 'series have')} ${LEAST_FOR_CHANGE_POINTS} inventories with new runs at least; ${changed} of them changed${rest}.`;
}

/** An inventory as a source: what it held is no artifact of this one. */
export function sourceOf({ inventory, takenAt }: Pick<Moment, 'inventory' | 'takenAt'>): Source {
  return { observation: `inventory ${inventory} of ${takenAt}` };
}
