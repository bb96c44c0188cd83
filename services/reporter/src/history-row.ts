import { presentChanges, type Subject, statedStatistic, type ToldChange } from '@chimera/evidence';
import { type Inline, shortId } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import type { Cites } from './draft.ts';
import { code, strong, text } from './inline.ts';
import { names, tellingLabels, titleOf } from './screen-words.ts';

/** Changes of a present level that the first screen names. */
const MOST_LEVELS = 2;

/** Which inventory brought the present level of a headline metric, worse first; nothing where none did. */
export function historyRow(facts: Subject, { cite }: Cites): Inline[] {
  const all = presentChanges(facts);
  const told = all.filter((one, i) => all.findIndex((other) => isOfSameMetric(one, other)) === i);
  return told.slice(0, MOST_LEVELS).flatMap(({ fact, change, after, since }, i): Inline[] => {
    const labels = tellingLabels(
      fact,
      all.map((one) => one.fact),
    );
    const stated = statedStatistic(after);
    return [
      text(i === 0 ? '' : ' '),
      strong(change.verdict === 'worse' ? 'Worse since' : 'Better since'),
      ...[text(' inventory '), code(shortId(change.broughtBy.inventory)), text(' of '), cite(since), text(': ')],
      ...(stated === null ? [] : [code(stated), text(' ')]),
      text(`${titleOf(fact.metric)} of `),
      ...(labels.length > 0 ? names(labels) : [code(fact.scope)]),
      ...[text(' is '), cite(after), text(' in the mean')],
      ...(fact.unit === 'times' ? [text(', '), cite(fact), text(' the level before')] : []),
      text(change.n[0] === 1 ? ' (a single inventory, which may be an outlier).' : '.'),
    ];
  });
}

/** Whether two changes are of statistics of one metric that one inventory brought: mean, median and p99 move together. */
function isOfSameMetric({ fact: a, change }: ToldChange, { fact: b, change: other }: ToldChange): boolean {
  if (a.metric !== b.metric || change.broughtBy.inventory !== other.broughtBy.inventory || change.verdict !== other.verdict) return false;
  return a.scope === b.scope && labelsJson(a.labels) === labelsJson(b.labels);
}
