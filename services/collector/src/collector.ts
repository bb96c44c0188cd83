import type { AgentDefinition } from '@chimera/agent';
import { DUTIES } from './duties.ts';
import { collectorFacts } from './facts.ts';
import { PERSONA } from './persona.ts';
import { collectorTemplate } from './template.ts';

/** DataCollector-9000: what lies in the dataset, and what is missing. */
export const collector: AgentDefinition = {
  name: 'collector',
  title: 'DataCollector-9000',
  persona: PERSONA,
  sections: DUTIES,
  chooseFacts: collectorFacts,
  template: collectorTemplate,
};
