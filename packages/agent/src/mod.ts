export { type AgentSettings, agentSettings } from './config.ts';
export type { AgentDefinition, SectionDuty, Template, TemplateSentence } from './definition.ts';
export { type NarrateInput, narrate, narrateByTemplate } from './narrate.ts';
export { type Candidate, MOST_FACTS, rankFacts } from './rank-facts.ts';
export { refer, referBare, referCount, referN } from './refer.ts';
export { runAgent, startAgent } from './service.ts';
export { createView, type View } from './view.ts';
