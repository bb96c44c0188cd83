import type { Fact } from '@chimera/shared/domain';
import type { AgentDefinition, SectionDuty } from './definition.ts';

/** For tests: the n-th fact, of a column of its own. */
export function factOf(n: number, rest: Partial<Fact> = {}): Fact {
  return {
    id: `f${n.toString(16).padStart(16, '0')}`,
    kind: 'series',
    claim: `The median of column ${n} is so.`,
    metric: `column_${n}`,
    statistic: 'median',
    value: n,
    unit: 's',
    n: 5,
    interval: null,
    labels: {},
    scope: 'runs/a.csv',
    formula: 'median(x)',
    inputs: [],
    sources: [{ inventory: 'all' }],
    class: 'measured',
    ...rest,
  };
}

/** For tests: a section of two to four sentences. */
export const SUMMARY: SectionDuty = {
  id: 'summary',
  title: 'Summary',
  layout: 'paragraph',
  kinds: ['observation', 'comparison'],
  duty: 'what stands out',
  least: 2,
  most: 4,
  words: 60,
};

/** For tests: a table of risks. */
export const RISKS: SectionDuty = {
  id: 'risks',
  title: 'Risks',
  layout: 'risks',
  kinds: ['risk'],
  duty: 'risks and their mitigations',
  least: 2,
  most: 3,
  words: 60,
};

/** For tests: an agent of these two sections. */
export const AGENT: AgentDefinition = {
  name: 'insight',
  title: 'InsightAgent',
  persona: 'You are InsightAgent.',
  sections: [SUMMARY, RISKS],
  chooseFacts: ({ facts }) => [...facts],
  template: () => TEMPLATE,
};

export const TEMPLATE = {
  summary: [{ text: 'Template one.' }, { text: 'Template two.' }, { text: 'Template three.' }],
  risks: [
    { text: 'Risk one.', mitigation: 'Mend one.' },
    { text: 'Risk two.', mitigation: 'Mend two.' },
  ],
};
