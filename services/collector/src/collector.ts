import { type AgentDefinition, allDuties, collectorDuties } from '@chimera/agent';
import { PERSONA, PERSONA_ALONE } from './persona.ts';

/** DataCollector-9000: what lies in the dataset, and what is missing; alone, also what it means. */
export const collector: AgentDefinition = {
  name: 'collector',
  title: 'DataCollector-9000',
  persona: PERSONA,
  ...collectorDuties,
  alone: { persona: PERSONA_ALONE, ...allDuties },
};
