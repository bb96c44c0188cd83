import { AGENT_NAMES, type AgentName, byCodeUnit, type Call, type CampaignCall, type CampaignRun } from '@chimera/shared/domain';
import type { RunOutcome } from './outcome.ts';

/** The calls of one try as rows of `calls.csv`, in order of their start. */
export function callRowsOf(line: CampaignRun, { analyses }: Pick<RunOutcome, 'analyses'>): CampaignCall[] {
  const calls = AGENT_NAMES.flatMap((agent) => (analyses[agent]?.calls ?? []).map((call) => rowOf(line, agent, call)));
  return calls.sort((a, b) => byCodeUnit(a.started_at, b.started_at));
}

function rowOf(line: CampaignRun, agent: AgentName, call: Call): CampaignCall {
  return {
    ordinal: line.ordinal,
    attempt: line.attempt,
    outcome: line.outcome,
    campaign_profile: line.profile,
    arrangement: line.arrangement,
    start: line.start,
    agent,
    section: call.section,
    repair: call.repair,
    model: call.model,
    server: call.server,
    call_outcome: call.outcome,
    started_at: call.startedAt,
    slot_wait_s: call.slotWaitSeconds,
    queue_s: call.queueSeconds,
    load_s: call.loadSeconds,
    time_to_first_token_s: call.timeToFirstTokenSeconds,
    prompt_eval_s: call.promptEvalSeconds,
    eval_s: call.evalSeconds,
    wall_s: call.wallSeconds,
    prompt_tokens: call.promptTokens,
    output_tokens: call.outputTokens,
    output_tok_per_s: call.outputTokensPerSecond,
    energy_j: call.gpu?.energyJoules ?? null,
    truncated: call.truncated,
  };
}
