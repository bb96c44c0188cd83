import { type AgentDefinition, createView, type Grounds, openSoleServer, type SoleServer } from '@chimera/agent';
import { type CampaignFile, type Cell, cellsOf, parseCampaign } from '@chimera/campaign';
import { systemClock } from '@chimera/shared/bus';
import { type AgentName, type Arrangement, EVIDENCE_SCHEMA, OBSERVATIONS_SCHEMA, type Start } from '@chimera/shared/domain';
import { AGENT, factOf, PATIENT, SUMMARY } from '../../packages/agent/src/testing.ts';

export const INVENTORY = 'b'.repeat(64);

/** Two small agents: what a model is asked by which one, its persona tells. */
export const DEFINITIONS: Readonly<Record<AgentName, AgentDefinition>> = {
  collector: { ...AGENT, name: 'collector', title: 'Collector', persona: 'You are the collector.', sections: [SUMMARY] },
  insight: { ...AGENT, name: 'insight', title: 'Insight', persona: 'You are insight.' },
};

/** What an inventory of a few facts says. */
export function groundsOf(facts = Array.from({ length: 6 }, (_, i) => factOf(i + 1))): Grounds {
  const of = { dataset: 'bucket', inventory: INVENTORY };
  const evidence = { schema: EVIDENCE_SCHEMA, ...of, title: null, artifacts: [], facts, groups: [] } as const;
  const at = { bucket: '/data', takenAt: '2026-01-01T00:00:00.000Z', modified: [], facts: [] };
  const observations = { schema: OBSERVATIONS_SCHEMA, ...of, ...at } as const;
  const told = { evidence: { ...evidence, artifacts: [], groups: [] }, observations: { ...observations, modified: [], facts: [] } };
  return { ...told, view: createView(told.evidence, told.observations) };
}

export function soleServer(url: string): SoleServer {
  return openSoleServer(url, { timeouts: PATIENT, clock: systemClock, gpus: null });
}

const TWO = { name: 'plain', agents: { collector: { num_ctx: 8_192 }, insight: { num_ctx: 8_192 } } };

/** A campaign of one model; by default one profile of both agents. */
export function campaignOf(content: object = {}): CampaignFile {
  return parseCampaign(JSON.stringify({ name: 'c', dataset: '.', model: 'tiny:1b', repeats: 1, profiles: [TWO], ...content }), '/c.yaml');
}

/** The first cell of a campaign in an arrangement and start. */
export function cellOf(arrangement: Arrangement, content: object = {}, start: Start = 'warm'): Cell {
  const [cell] = cellsOf(campaignOf(content));
  if (cell === undefined) throw new Error('The campaign has no cell.');
  return { ...cell, arrangement, start };
}
