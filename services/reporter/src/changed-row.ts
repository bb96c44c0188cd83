import { changed, type Subject } from '@chimera/evidence';
import type { Inline } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { historyRow } from './history-row.ts';
import { code, strong, text } from './inline.ts';
import { names, tellingLabels, titleOf } from './screen-words.ts';

/** Changes of each verdict that the first screen names. */
const MOST_CHANGES = 3;

/** Against the baseline or the previous inventory: what got worse comes first. */
export function change(facts: Subject, cites: Cites): Inline[] {
  const past = historyRow(facts, cites);
  return past.length === 0 ? sinceLast(facts, cites) : [...sinceLast(facts, cites), text(' '), ...past];
}

function sinceLast(facts: Subject, { cite }: Cites): Inline[] {
  const counts = facts.ofKind('change');
  if (counts.length === 0 && facts.ofKind('history').length > 0)
    return [text('Not compared with the inventory before: its numbers are no longer known one by one.')];
  if (counts.length === 0) return [text('Nothing to compare with: no baseline was given, and no earlier inventory is known.')];
  const total = (metric: string) => facts.find(metric);
  const line: Inline[] = [];
  const tell = (metric: string, words: string) => {
    const fact = total(metric);
    if (fact && fact.value !== 0) line.push(text(line.length === 0 ? '' : ', '), cite(fact), text(` ${words}`));
  };
  tell('changes_worse', 'worse');
  tell('changes_better', 'better');
  tell('changes_none_shown', 'without a difference shown');
  tell('changes_untold', 'with too few runs to tell');
  const needed = total('changes_runs_needed');
  if (needed) line.push(text(' ('), cite(needed), text(' more a side needed)'));
  tell('configurations_added', 'new');
  tell('configurations_gone', 'gone');
  tell('metrics_lost', 'no longer measured, or stated in another way, where the rest is');
  const same = total('measurements_unchanged');
  if (line.length === 0 && same && same.value !== 0)
    return [text('Nothing was measured anew: '), cite(same), text(' files or series of files hold the same measurements as before.')];
  if (line.length === 0) return [text('Nothing that both sides have could be compared.')];
  line.push(text('.'));
  const compared = counts.filter(({ comparison }) => comparison !== undefined);
  for (const [verdict, word] of [
    ['worse', 'Worse'],
    ['better', 'Better'],
  ] as const) {
    for (const fact of changed(facts, verdict).slice(0, MOST_CHANGES)) {
      const labels = tellingLabels(fact, compared);
      line.push(
        text(' '),
        strong(word),
        text(`: ${titleOf(fact.metric)} of `),
        ...(labels.length > 0 ? names(labels) : [code(fact.scope)]),
      );
      const [is, behind] = fact.unit === 'times' ? [' is ', ' what it was'] : [' was zero and is ', ''];
      line.push(text(is), cite(fact), text(behind));
      const [caveat] = fact.comparison?.caveats ?? [];
      line.push(...(caveat === undefined ? [] : [text(' ('), code(caveat), text(')')]), text('.'));
    }
  }
  return line;
}
