import { type Artifact, type Evidence, type FactIndex, indexFacts, type Observations } from '@chimera/shared/domain';

/** What an agent may speak of: an inventory's artifacts, its facts and those of its observations. */
export type View = FactIndex & { artifacts: readonly Artifact[] };

export function createView(evidence: Evidence, observations: Observations): View {
  return { ...indexFacts([...evidence.facts, ...observations.facts]), artifacts: evidence.artifacts };
}
