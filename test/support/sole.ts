import { setImmediate } from 'node:timers/promises';
import { type RecordedCall, type ReplayServer, type ReplayServerConfig, type ReplayTimers, startReplayServer } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { type AgentProfile, Analysis, EVIDENCE_SCHEMA, OBSERVATIONS_SCHEMA } from '@chimera/shared/domain';
import { afterEach } from 'vitest';
import type { Transcript } from '../../packages/agent/src/generations.ts';
import type { GpuWatch } from '../../packages/agent/src/gpu-watch.ts';
import type { NarrateInput } from '../../packages/agent/src/narrate.ts';
import { openSoleServer } from '../../packages/agent/src/sole-server.ts';
import { AGENT, factOf, PATIENT } from '../../packages/agent/src/testing.ts';

export const HASH = 'a'.repeat(64);
/** The options of a profile of these tests. */
export const OPTIONS = { num_ctx: 4_096, num_gpu: 20 };
export const facts = Array.from({ length: 8 }, (_, i) => factOf(i + 1));
export const never = new AbortController().signal;

/** Closed after each test. */
export const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** What an agent is to write of eight facts. */
export function inputOf(options: AgentProfile['options'] = OPTIONS, rest: Partial<NarrateInput> = {}): NarrateInput {
  const profile: AgentProfile = { model: 'tiny:1b', options };
  const at = { dataset: 'd', inventory: HASH };
  return {
    definition: AGENT,
    run: { id: HASH, ...at, profile: { name: 'p', agents: { insight: profile } }, ordinal: 1 },
    profile,
    evidence: { schema: EVIDENCE_SCHEMA, ...at, title: null, artifacts: [], facts, groups: [] },
    observations: { schema: OBSERVATIONS_SCHEMA, ...at, bucket: '/data', takenAt: '2025-01-01T00:00:00.000Z', modified: [], facts: [] },
    ...rest,
  };
}

/** A replay server that is closed after the test. */
export async function start(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer({ models: ['tiny:1b'], ...config });
  opened.push(server);
  return server;
}

/** A server of its own; `write` keeps the transcripts and checks the analysis. */
export function sole(url: string, gpus: GpuWatch | null = null) {
  const server = openSoleServer(url, { timeouts: PATIENT, clock: systemClock, gpus });
  opened.push(server);
  const transcripts: Transcript[] = [];
  const keepTranscript = async (transcript: Transcript) => {
    transcripts.push(transcript);
    return HASH;
  };
  const write = async (input = inputOf(), signal = never) => Analysis.parse(await server.write(input, { signal, keepTranscript }));
  return { server, transcripts, write };
}

/** Time that passes only by being waited for. */
export function virtualTimers(): ReplayTimers {
  let at = 0;
  return {
    now: () => at,
    wait: async (ms) => {
      at += ms;
      await setImmediate();
    },
  };
}

/** The calls that ask for something: those that only load or unload have no messages. */
export const asked = ({ calls }: Pick<ReplayServer, 'calls'>) => calls.filter(({ request }) => request.messages.length > 0);
export const isOf = (persona: string) => (call: RecordedCall) => call.request.messages[0]?.content.startsWith(persona) ?? false;
