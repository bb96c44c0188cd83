import { indexFacts } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { type AgentDefinition, allOf, type Duties, definitionFor } from './definition.ts';
import { AGENT, factOf, RISKS, SUMMARY, TEMPLATE } from './testing.ts';

const [one, two, three] = [factOf(1), factOf(2), factOf(3)];
const view = { ...indexFacts([one, two, three]), artifacts: [] };
const first: Duties = { sections: [SUMMARY], chooseFacts: () => [one, two], template: () => ({ summary: [...TEMPLATE.summary] }) };
const second: Duties = {
  sections: [RISKS],
  chooseFacts: () => [three],
  listsFirst: ({ id }) => id === three.id,
  template: () => ({ risks: [...TEMPLATE.risks] }),
};
const profile = { model: null, options: {} };

describe('definitionFor', () => {
  const definition: AgentDefinition = { ...AGENT, ...second, alone: { persona: 'You are alone.', ...allOf([first, second]) } };

  it('gives the single agent all duties, and the persona that it has alone', () => {
    const alone = definitionFor(definition, { name: 'p', agents: { insight: profile } });
    expect(alone).toMatchObject({ name: 'insight', title: 'InsightAgent', persona: 'You are alone.', sections: [SUMMARY, RISKS] });
    expect(alone).not.toHaveProperty('alone');
    // Done twice, the same.
    expect(definitionFor(alone, { name: 'p', agents: { insight: profile } })).toEqual(alone);
  });

  it('leaves one of two agents as it is, and one that knows no other duties', () => {
    expect(definitionFor(definition, { name: 'p', agents: { collector: profile, insight: profile } })).toBe(definition);
    expect(definitionFor(AGENT, { name: 'p', agents: { insight: profile } })).toBe(AGENT);
  });
  it('leaves one that is named alone with its own duties where the profile says so', () => {
    expect(definitionFor(definition, { name: 'p', agents: { insight: profile }, duties: 'own' })).toBe(definition);
    expect(definitionFor(definition, { name: 'p', agents: { insight: profile }, duties: 'own' }).persona).toBe(AGENT.persona);
  });
});

describe('allOf', () => {
  const all = allOf([first, second]);

  it('has the sections of all, in their order, with the facts and the words of their owners', () => {
    expect(all.sections).toEqual([SUMMARY, RISKS]);
    expect(all.chooseFacts(view, SUMMARY)).toEqual([one, two]);
    expect(all.chooseFacts(view, RISKS)).toEqual([three]);
    expect(all.template(view)).toEqual({ summary: TEMPLATE.summary, risks: TEMPLATE.risks });
  });

  it('lists first what a section’s owner lists first, and nothing where the owner lists by rank', () => {
    expect(all.listsFirst?.(three, RISKS)).toBe(true);
    expect(all.listsFirst?.(three, SUMMARY)).toBe(false);
  });

  it('knows the sections of its owners alone', () =>
    expect(() => all.chooseFacts(view, { ...SUMMARY, id: 'other' })).toThrow('Nobody has a section "other"'));
});
