import { changed, type Subject } from '@chimera/evidence';
import type { Block, Inline, Verdict } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';

const MOST_ROWS = 20;

/** What became of each configuration and metric since the baseline or the previous inventory; what got worse first. */
export function changeTables(facts: Subject, { cite }: Cites): Block[] {
  const order = ['worse', 'better', 'not enough samples', 'no difference shown'] as const satisfies readonly Verdict[];
  const all = order.flatMap((verdict) => changed(facts, verdict));
  if (all.length === 0) return [];
  const rows = all.slice(0, MOST_ROWS).map((fact): Inline[][] => [
    [code(fact.metric)],
    [
      code(
        Object.entries(fact.labels)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ') || fact.scope,
      ),
    ],
    [cite(fact)],
    [cite(fact, 'n')],
    [text(fact.comparison?.verdict ?? '')],
  ]);
  const blocks: Block[] = [
    heading(3, 'Changes'),
    { type: 'table', head: ['Metric', 'Configuration', 'Now over before', 'n', 'Verdict'], rows },
  ];
  if (all.length > MOST_ROWS) blocks.push(paragraph(text('The others are in '), code('observations.json'), text('.')));
  return blocks;
}
