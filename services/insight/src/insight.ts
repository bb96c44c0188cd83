import type { AgentDefinition, View } from '@chimera/agent';
import { changed, choices, coldStarts, firstTokenMedians, spreads, statedMiddles, throughputMedians } from '@chimera/evidence';
import { DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import { DUTIES } from './duties.ts';
import { PERSONA } from './persona.ts';
import { insightTemplate } from './template.ts';

// Of each sort, so that a large one does not crowd the others out of the prompt.
const PER_SORT = 8;

/** InsightAgent: what the facts mean, what to do, what to beware of. */
export const insight: AgentDefinition = {
  name: 'insight',
  title: 'InsightAgent',
  persona: PERSONA,
  sections: DUTIES,
  chooseFacts: insightFacts,
  template: insightTemplate,
};

/** What the collector would name first, then performance: choices and their verdicts, changes, throughput, first tokens, doubts. */
export function insightFacts(view: View): Fact[] {
  const overall = view.facts.filter(
    (f) => f.scope === DATASET_SCOPE && Object.keys(f.labels).length === 0 && f.kind !== 'size' && f.kind !== 'modification',
  );
  const failures = view.ofKind('failure').filter((f) => f.metric === 'succeeded_records');
  const doubts = view.ofKind('doubt').filter((f) => /^(?:constant|zero|negative)/.test(f.statistic));
  const chosen = [
    overall,
    choices(view)
      .flatMap(({ best, range, needed, comparisons, costs }) => [best, ...costs, ...comparisons, range, needed])
      .filter((f) => f !== null),
    [...changed(view, 'worse'), ...changed(view, 'better')],
    throughputMedians(view),
    firstTokenMedians(view),
    [...statedMiddles(view, 'output_token_throughput').slice(0, 2), ...statedMiddles(view, 'time_to_first_token').slice(0, 2)],
    coldStarts(view).flatMap(({ cold, warm }) => [cold, warm]),
    spreads(view),
    failures,
    doubts,
  ].flatMap((facts) => facts.slice(0, PER_SORT));
  return [...new Map(chosen.map((f) => [f.id, f])).values()];
}
