import type { AgentDefinition } from '@chimera/agent';
import { DUTIES } from './duties.ts';
import { insightFacts, isOfCollector } from './facts.ts';
import { PERSONA } from './persona.ts';
import { insightTemplate } from './template.ts';

/** InsightAgent: what the facts mean, what to do, what to beware of. */
export const insight: AgentDefinition = {
  name: 'insight',
  title: 'InsightAgent',
  persona: PERSONA,
  sections: DUTIES,
  chooseFacts: insightFacts,
  listsFirst: isOfCollector,
  template: insightTemplate,
};
