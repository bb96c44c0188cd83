import type { AgentName, Analysis, Call, ModelFound, Section } from '@chimera/shared/domain';
import { parseCampaign } from './campaign-file.ts';
import type { RunOutcome } from './outcome.ts';
import type { PlannedRun } from './plan.ts';
import { planOf } from './plan.ts';

/** For tests: where hand-made runs begin. */
export const START = Date.UTC(2026, 0, 2, 3, 4, 5);
export const DIGEST = 'd'.repeat(64);
export const SERVER = 'http://127.0.0.1:11434';

/** For tests: a campaign of two agents with one model in series and in parallel. */
export const CAMPAIGN = `
name: settings
dataset: ../artifacts
model: tiny:1b
repeats: 3
profiles:
  - name: baseline
    agents: { collector: { num_ctx: 4096 }, insight: { num_ctx: 4096 } }
`;

/** For tests: a planned run of the first profile in an arrangement and start. */
export function runOf(rest: Partial<PlannedRun['cell']> = {}, text = CAMPAIGN): PlannedRun {
  const planned = planOf(parseCampaign(text, '/campaigns/a.yaml'))[0] as PlannedRun;
  return { ...planned, cell: { ...planned.cell, arrangement: 'serial', start: 'warm', ...rest } };
}

/** For tests: an answered call; `at` in seconds from START. */
export function callOf(at: number, rest: Partial<Call> = {}): Call {
  return {
    model: 'tiny:1b',
    server: SERVER,
    startedAt: new Date(START + at * 1_000).toISOString(),
    outcome: 'stop',
    timeToFirstTokenSeconds: 0.25,
    wallSeconds: 2,
    slotWaitSeconds: 0,
    queueSeconds: 0,
    loadSeconds: 0.03,
    promptEvalSeconds: 0.2,
    evalSeconds: 1.5,
    totalSeconds: 1.9,
    promptTokens: 500,
    outputTokens: 100,
    outputTokensPerSecond: 100 / 1.5,
    gaps: null,
    truncated: false,
    digest: DIGEST,
    serverVersion: '0.33.0',
    gpuShare: 1,
    gpu: null,
    stored: false,
    replay: false,
    transcript: null,
    section: 'summary',
    repair: false,
    estimatedPromptTokens: 600,
    note: null,
    ...rest,
  };
}

/** For tests: a section with so many sentences of the model and of the template. */
export function sectionOf(id: string, byModel: number, byTemplate = 0, reason: string | null = null): Section {
  const sentence = (by: 'model' | 'template') => ({ text: 'So it is.', mitigation: null, kind: 'observation' as const, by });
  const sentences = [...Array(byModel).fill(sentence('model')), ...Array(byTemplate).fill(sentence('template'))];
  return { id, title: id, layout: 'paragraph', sentences, reason, leftOut: [], template: [] };
}

/** For tests: a model as a server has it. */
export function foundOf(rest: Partial<ModelFound> = {}): ModelFound {
  return {
    server: SERVER,
    model: 'tiny:1b',
    digest: DIGEST,
    serverVersion: '0.33.0',
    replay: false,
    quantization: 'Q4_K_M',
    parameterSize: '1B',
    context: 4_096,
    trainedContext: 8_192,
    layers: 35,
    layersOnGpu: 35,
    size: 1_000,
    sizeVram: 1_000,
    slots: { count: 1, by: 'configured', rates: [] },
    ...rest,
  };
}

/** For tests: what an agent said with some calls. */
export function analysisOf(agent: AgentName, calls: Call[], rest: Partial<Analysis> = {}): Analysis {
  return {
    schema: 'chimera.analysis/v1',
    run: 'a'.repeat(64),
    inventory: 'b'.repeat(64),
    agent,
    title: agent,
    persona: 'You are one.',
    profile: { model: 'tiny:1b', options: { num_ctx: 4_096 } },
    narrator: { kind: 'model', model: 'tiny:1b', digest: DIGEST, server: SERVER, serverVersion: '0.33.0', reason: null },
    sections: [sectionOf('summary', 2)],
    account: { written: 2, kept: 2, repaired: 0, withheld: [] },
    calls,
    found: [foundOf()],
    warnings: [],
    startedAt: new Date(START).toISOString(),
    finishedAt: new Date(START + 10_000).toISOString(),
    ...rest,
  };
}

/** For tests: a try that went well; each agent has one call, insight's behind that of the collector. */
export function outcomeOf(rest: Partial<RunOutcome> = {}): RunOutcome {
  const analyses = { collector: analysisOf('collector', [callOf(0)]), insight: analysisOf('insight', [callOf(3)]) };
  return { startedAt: START, wallSeconds: 6, analyses, servers: [SERVER], fault: null, started: 'warm', ...rest };
}
