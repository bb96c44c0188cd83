import type { Fact } from '@chimera/shared/domain';
import { ANSWER_TOKENS } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import type { AgentDefinition } from './definition.ts';
import { MOST_FACTS, nameFacts, promptOf } from './prompt.ts';

const fact = (n: number): Fact => ({
  id: `f${n.toString(16).padStart(16, '0')}`,
  kind: 'series',
  claim: `the median of column ${n}`,
  metric: `column_${n}`,
  statistic: 'median',
  value: n,
  unit: null,
  n: 3,
  interval: null,
  labels: {},
  scope: 'a.csv',
  formula: 'median(x)',
  inputs: [],
  sources: [{ inventory: 'all' }],
  class: 'measured',
});

const agent: AgentDefinition = {
  name: 'insight',
  title: 'InsightAgent',
  persona: 'You are InsightAgent.',
  sections: [{ id: 'summary', title: 'Summary', layout: 'paragraph', kind: 'observation', duty: 'Sum up.', least: 1, most: 2 }],
  chooseFacts: ({ facts }) => [...facts],
  template: () => ({ summary: [{ text: 'Nothing.' }] }),
};

describe('a prompt', () => {
  it('hazard 45: shows a bounded number of facts, the first of those that were chosen, whatever their number', () => {
    const facts = Array.from({ length: 100_000 }, (_, i) => fact(i));
    const named = nameFacts(facts);
    expect(MOST_FACTS).toBe(40);
    expect([...named.values()]).toEqual(facts.slice(0, MOST_FACTS));
    expect(promptOf(agent, named).user.match(/^F\d+ \| /gm)).toHaveLength(MOST_FACTS);
  });

  it('hazard 45: is answered in a bounded number of tokens where a profile sets none', () => expect(ANSWER_TOKENS).toBe(2_048));
});
