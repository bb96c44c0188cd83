import { type AgentDefinition, allDuties, insightDuties } from '@chimera/agent';
import { PERSONA, PERSONA_ALONE } from './persona.ts';

/** InsightAgent: what the facts mean, what to do, what to beware of; alone, also what lies in the dataset. */
export const insight: AgentDefinition = {
  name: 'insight',
  title: 'InsightAgent',
  persona: PERSONA,
  ...insightDuties,
  alone: { persona: PERSONA_ALONE, ...allDuties },
};
