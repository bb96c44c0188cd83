import type { Change, Changes } from '@chimera/evidence';
import { printableJson } from '@chimera/shared/domain';
import { countsOf, inOrder } from './comparison.ts';
import type { GivenSide } from './given-side.ts';

export const COMPARISON_SCHEMA = 'chimera.comparison/v1';

/** A comparison as one document. `ratio` and its interval are after over before; `needed` is how many more runs a side needs. */
export function comparisonJson(changes: Changes, of: GivenSide, to: GivenSide): string {
  const side = ({ name, inventory, artifacts }: GivenSide) => ({ name, inventory, artifacts });
  const document = {
    schema: COMPARISON_SCHEMA,
    of: side(of),
    to: side(to),
    counts: countsOf(changes),
    changes: inOrder(changes.changes).map(changeJson),
    added: changes.added,
    gone: changes.gone,
    lost: changes.lost,
  };
  return printableJson(JSON.stringify(document, null, 1));
}

function changeJson({ metric, statistic, unit, labels, derived, scope, before, comparison, ratio, interval, sources }: Change) {
  const { verdict, needed, medians, n, p, adjusted, superiority, family, floor, caveats } = comparison;
  return {
    verdict,
    ...(verdict === 'not enough samples' ? { needed } : {}),
    metric,
    statistic,
    unit,
    labels,
    ...(derived.length > 0 ? { derived } : {}),
    before: { median: medians[1], n: n[1], scope: before, sources: sources.flatMap(({ then }) => then.sources) },
    after: { median: medians[0], n: n[0], scope, sources: sources.flatMap(({ now }) => now.sources) },
    ratio,
    interval,
    p,
    adjusted,
    family,
    superiority,
    floor,
    caveats,
  };
}
