import type { Analysis } from '@chimera/shared/domain';
import type { Metrics } from '@chimera/shared/service';

/** Counts a finished analysis: who spoke, what was withheld, and what each model call took. */
export function countAnalysis(metrics: Metrics, analysis: Analysis): void {
  const { agent, account, narrator } = analysis;
  metrics.count('chimera_analyses_total', { agent, narrator: narrator.kind });
  const fates = { kept: account.kept, repaired: account.repaired, withheld: account.withheld.length };
  for (const [fate, sentences] of Object.entries(fates))
    if (sentences > 0) metrics.count('chimera_sentences_total', { agent, fate }, sentences);
  for (const call of analysis.calls) {
    const labels = {
      gen_ai_operation_name: 'chat',
      gen_ai_provider_name: 'ollama',
      gen_ai_request_model: call.model,
      server_address: new URL(call.server).host,
    };
    const failed = call.transcript === null || call.outcome === 'unusable_answer';
    metrics.observe('gen_ai_client_operation_duration_seconds', { ...labels, error_type: failed ? call.outcome : '' }, call.wallSeconds);
    if (call.timeToFirstTokenSeconds !== null)
      metrics.observe('gen_ai_client_operation_time_to_first_chunk_seconds', labels, call.timeToFirstTokenSeconds);
    if (call.promptTokens !== null)
      metrics.observe('gen_ai_client_token_usage', { ...labels, gen_ai_token_type: 'input' }, call.promptTokens);
    if (call.outputTokens !== null)
      metrics.observe('gen_ai_client_token_usage', { ...labels, gen_ai_token_type: 'output' }, call.outputTokens);
    if (call.outputTokensPerSecond !== null) {
      metrics.observe(
        'chimera_output_tokens_per_second',
        { agent, gen_ai_request_model: call.model, server_address: labels.server_address },
        call.outputTokensPerSecond,
      );
    }
  }
}
