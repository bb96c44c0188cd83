import type { Subject } from '@chimera/evidence';
import type { Artifact, Fact, Inline, Report } from '@chimera/shared/domain';
import { change } from './changed-row.ts';
import { choose } from './choose-row.ts';
import type { Citations } from './citations.ts';
import { text } from './inline.ts';
import { untold } from './untold-row.ts';
import { watch } from './watch-row.ts';

type Row = Report['summary'][number];

/** What a reader sees first: what to choose, what changed, what to beware of, what cannot be told, and why to believe it. */
export function firstScreen(
  facts: Subject,
  artifacts: readonly Artifact[],
  narrator: Inline[],
  withheld: number,
  citations: Citations,
): Row[] {
  return [
    { label: 'Choose', line: choose(facts, citations) },
    { label: 'Changed', line: change(facts, citations) },
    { label: 'Watch', line: watch(facts, citations) },
    { label: 'Cannot be told', line: untold(facts, artifacts, citations) },
    {
      label: 'Trust',
      line: [
        ...measured(facts, citations),
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

function measured(facts: Subject, { cite }: Citations): Inline[] {
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
