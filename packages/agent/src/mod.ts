export { type AgentSettings, agentSettings } from './config.ts';
export type { AgentDefinition, SectionDuty, TemplateSentence } from './definition.ts';
export { type NarrateInput, narrate, narrateByTemplate } from './narrate.ts';
export { refer, referBare, referCount, referN } from './refer.ts';
export { runAgent, startAgent } from './service.ts';
export { createView, type View } from './view.ts';
