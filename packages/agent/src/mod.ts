export { type AgentSettings, agentSettings } from './config.ts';
export { type AgentDefinition, type Duties, definitionFor, type SectionDuty, type Template, type TemplateSentence } from './definition.ts';
export { allDuties } from './duties/all.ts';
export { collectorDuties } from './duties/collector/duties.ts';
export { insightDuties } from './duties/insight/duties.ts';
export { type NarrateInput, narrate, narrateByTemplate } from './narrate.ts';
export { runAgent, startAgent } from './service.ts';
export { createView, type View } from './view.ts';
