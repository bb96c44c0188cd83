import type { AgentDefinition, View } from '@chimera/agent';
import { DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import { DUTIES } from './duties.ts';
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

/** Counts, modifications, gaps and failures over the whole dataset; then single artifacts' failures and refusals. */
export function collectorFacts(view: View): Fact[] {
  const kinds = ['count', 'modification', 'gap', 'failure', 'duplicate', 'size'] as const;
  const chosen = kinds
    .flatMap((kind) => view.ofKind(kind))
    .filter((f) => f.metric !== 'artifacts_not_listed' && !f.labels.folder?.includes('/'));
  return [...chosen.filter((f) => f.scope === DATASET_SCOPE), ...chosen.filter((f) => f.scope !== DATASET_SCOPE)];
}
