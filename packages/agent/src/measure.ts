import { FAILURES } from '@chimera/ollama';
import type { AgentName, Analysis, Call } from '@chimera/shared/domain';
import { type Metrics, OTHER } from '@chimera/shared/service';
import type { ServerLoad } from './servers/pool.ts';

const NARRATORS = ['model', 'template'] as const;
const FATES = ['kept', 'repaired', 'withheld'] as const;

/** Begins an agent's counters at 0: the increase of one that was not there before is seen by nobody. */
export function beginCounting(metrics: Metrics, agent: AgentName): void {
  for (const narrator of NARRATORS) metrics.count('chimera_analyses_total', { agent, narrator }, 0);
  for (const fate of FATES) metrics.count('chimera_sentences_total', { agent, fate }, 0);
  metrics.count('chimera_model_fallbacks_total', { agent }, 0);
}

/** How the slots of each server stand. */
export function countServers(metrics: Metrics, loads: readonly ServerLoad[]): void {
  for (const { address, slots, held, leftAlone } of loads) {
    const of = { server_address: address };
    metrics.set('chimera_server_slots', of, slots);
    metrics.set('chimera_server_slots_held', of, held);
    metrics.set('chimera_server_left_alone', of, leftAlone ? 1 : 0);
  }
}

/**
 * Counts a finished analysis: who spoke, what was withheld, and what each model call took. `configured` is the model of the configured
 * profile; a request may name any other, and all others are counted as one.
 */
export function countAnalysis(metrics: Metrics, analysis: Analysis, configured: string | null): void {
  const { agent, account, narrator, profile } = analysis;
  metrics.count('chimera_analyses_total', { agent, narrator: narrator.kind });
  if (narrator.kind === 'template' && profile.model !== null) metrics.count('chimera_model_fallbacks_total', { agent });
  const fates = { kept: account.kept, repaired: account.repaired, withheld: account.withheld.length };
  for (const [fate, sentences] of Object.entries(fates))
    if (sentences > 0) metrics.count('chimera_sentences_total', { agent, fate }, sentences);
  for (const call of analysis.calls) {
    const of = { agent, gen_ai_request_model: call.model === configured ? call.model : OTHER, server_address: new URL(call.server).host };
    // Nothing was asked and nothing generated: its times are those of an earlier call, which was counted then.
    if (call.stored) metrics.count('chimera_model_answers_stored_total', of);
    else countCall(metrics, of, call);
  }
}

/** Who called which model where. */
type OfCall = { agent: string; gen_ai_request_model: string; server_address: string };

function countCall(metrics: Metrics, of: OfCall, call: Call): void {
  const { agent: _, ...target } = of;
  const labels = { gen_ai_operation_name: 'chat', gen_ai_provider_name: 'ollama', ...target };
  const failed = Object.hasOwn(FAILURES, call.outcome) || call.outcome === 'unusable_answer';
  const observe = (name: Parameters<Metrics['observe']>[0], with_: Record<string, string>, value: number | null) => {
    if (value !== null) metrics.observe(name, with_, value);
  };
  observe('gen_ai_client_operation_duration_seconds', { ...labels, error_type: failed ? call.outcome : '' }, call.wallSeconds);
  observe('gen_ai_client_operation_time_to_first_chunk_seconds', labels, call.timeToFirstTokenSeconds);
  observe('gen_ai_client_token_usage', { ...labels, gen_ai_token_type: 'input' }, call.promptTokens);
  observe('gen_ai_client_token_usage', { ...labels, gen_ai_token_type: 'output' }, call.outputTokens);
  observe('chimera_output_tokens_per_second', of, call.outputTokensPerSecond);
  observe('chimera_model_call_slot_wait_seconds', of, call.slotWaitSeconds);
  observe('chimera_model_call_queue_seconds', of, call.queueSeconds);
  if (call.gaps !== null)
    for (const statistic of ['median', 'p95', 'max'] as const)
      observe('chimera_model_call_token_gap_seconds', { ...of, statistic }, call.gaps[statistic]);
  if (call.truncated === true) metrics.count('chimera_model_calls_truncated_total', of);
  if (call.gpu !== null) countGpu(metrics, of, call.gpu);
}

function countGpu(metrics: Metrics, of: OfCall, use: NonNullable<Call['gpu']>): void {
  const { server_address } = of;
  const set = (name: Parameters<Metrics['set']>[0], value: number | null) => {
    if (value !== null) metrics.set(name, { server_address }, value);
  };
  set('chimera_gpu_utilization_ratio', use.utilization);
  set('chimera_gpu_memory_bytes', use.memoryBytes);
  set('chimera_gpu_power_watts', use.powerWatts);
  if (use.energyJoules !== null) metrics.observe('chimera_model_call_gpu_energy_joules', of, use.energyJoules);
}
