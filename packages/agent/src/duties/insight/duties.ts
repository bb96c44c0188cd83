import type { Duties } from '../../definition.ts';
import { insightFacts, isOfCollector } from './facts.ts';
import { SECTIONS } from './sections.ts';
import { insightTemplate } from './template.ts';

/** Insight's duties: what the facts mean, what to do, what to beware of. */
export const insightDuties: Duties = {
  sections: SECTIONS,
  chooseFacts: insightFacts,
  listsFirst: isOfCollector,
  template: insightTemplate,
};
