import type { Subject } from '@chimera/evidence';
import type { Fact, Inline, Report } from '@chimera/shared/domain';
import { change } from './changed-row.ts';
import { choose } from './choose-row.ts';
import type { Citations } from './citations.ts';
import { type Cites, type Draft, drafted, lineOf } from './draft.ts';
import { text } from './inline.ts';
import { untold } from './untold-row.ts';
import { watch } from './watch-row.ts';

type Row = Report['summary'][number];

/** The rows of the first screen as the inventory has them; `measured` begins the last, on trust. */
export type ScreenDraft = { rows: readonly { label: Row['label']; line: Draft<Inline[]> }[]; measured: Draft<Inline[]> };

/** What a reader sees first, but for who speaks. */
export function draftScreen(facts: Subject): ScreenDraft {
  return {
    rows: [
      { label: 'Choose', line: drafted((cites) => choose(facts, cites)) },
      { label: 'Changed', line: drafted((cites) => change(facts, cites)) },
      { label: 'Watch', line: drafted((cites) => watch(facts, cites)) },
      { label: 'Cannot be told', line: drafted((cites) => untold(facts, facts.artifacts, cites)) },
    ],
    measured: drafted((cites) => measured(facts, cites)),
  };
}

/** What a reader sees first: what to choose, what changed, what to beware of, what cannot be told, and why to believe it. */
export function firstScreen(draft: ScreenDraft, narrator: Inline[], withheld: number, citations: Citations): Row[] {
  return [
    ...draft.rows.map(({ label, line }) => ({ label, line: lineOf(line, citations) })),
    {
      label: 'Trust',
      line: [
        ...lineOf(draft.measured, citations),
        text('. Narrator: '),
        ...narrator,
        text(
          withheld === 0
            ? '. Every number printed has its source.'
            : '. Every number printed has its source; sentences of the model that did not keep to the facts were withheld and are counted below.',
        ),
      ],
    },
  ];
}

function measured(facts: Subject, { cite }: Cites): Inline[] {
  const line: Inline[] = [];
  const add = (fact: Fact | null, before: string, after: string) => {
    if (fact) line.push(text(before), cite(fact), text(after));
  };
  const total = facts.find('artifact_count');
  add(total, '', total?.value === 1 ? ' artifact' : ' artifacts');
  for (const [kind, title] of [
    ['csv', 'CSV'],
    ['json', 'JSON'],
    ['jsonl', 'JSON lines'],
    ['markdown', 'Markdown'],
    ['text', 'text'],
  ] as const) {
    const fact = facts.find('artifact_count', { kind });
    if (fact && fact.value !== 0) add(fact, ', ', ` ${title}`);
  }
  add(facts.find('artifact_size', {}, 'sum'), '; ', '');
  add(facts.find('artifact_count', { status: 'read' }), '; ', ' read');
  add(facts.find('artifact_count', { status: 'refused' }), ', ', ' refused');
  add(facts.find('series_count'), '; ', ' series of numbers');
  return line;
}
