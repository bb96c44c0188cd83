import type { Duties } from '../../definition.ts';
import { collectorFacts } from './facts.ts';
import { SECTIONS } from './sections.ts';
import { collectorTemplate } from './template.ts';

/** The collector's duties: what lies in the dataset, and what is missing. */
export const collectorDuties: Duties = { sections: SECTIONS, chooseFacts: collectorFacts, template: collectorTemplate };
