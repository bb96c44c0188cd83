import { DATASET_SCOPE, type Fact, type FactKind } from '@chimera/shared/domain';
import type { SectionDuty } from '../../definition.ts';
import { type Candidate, rankFacts } from '../../rank-facts.ts';
import type { View } from '../../view.ts';
import type { CollectorSection } from './sections.ts';

/** How much a kind of facts matters to each section; of other kinds the collector does not speak. */
const WEIGHTS: Readonly<Record<CollectorSection, Partial<Record<FactKind, number>>>> = {
  coverage: { count: 1, refusal: 0.8, size: 0.6, duplicate: 0.5 },
  modifications: { modification: 1 },
  gaps: { gap: 1, failure: 1, refusal: 1, duplicate: 0.6, doubt: 0.5 },
};

/** The facts for one section, the most important first: over the whole dataset, then of its parts, then of single artifacts. */
export function collectorFacts(view: View, { id }: Pick<SectionDuty, 'id'>): Fact[] {
  const weights = Object.entries(WEIGHTS).find(([section]) => section === id)?.[1];
  if (weights === undefined) throw new Error(`The collector has no section "${id}".`);
  const total = view.find('artifact_count');
  const candidates = view.facts.flatMap((fact): Candidate[] => {
    const weight = weights[fact.kind];
    if (weight === undefined || fact.metric === 'artifacts_not_listed' || fact.labels.folder?.includes('/')) return [];
    return [{ fact, weight: weight * breadth(fact) * share(fact, total) }];
  });
  return rankFacts(candidates);
}

/** What is about all artifacts says more than what is about some, or one. */
function breadth({ scope, labels }: Fact): number {
  if (scope !== DATASET_SCOPE) return 0.3;
  return Object.keys(labels).length === 0 ? 1 : 0.7;
}

/** Of the counts of parts, those that hold more of the whole come first. */
function share({ kind, value }: Fact, total: Fact | null): number {
  if (kind !== 'count' || typeof value !== 'number' || typeof total?.value !== 'number' || total.value === 0) return 1;
  return 0.7 + 0.3 * Math.min(1, value / total.value);
}
