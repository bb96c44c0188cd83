import type { Report } from '@chimera/shared/domain';
import type { Metrics } from '@chimera/shared/service';

/** Counts a printed report: its status, its stages, and what its agents generated. */
export function countReport(metrics: Metrics, report: Report): void {
  metrics.count('chimera_reports_total', { status: report.status });
  for (const [stage, seconds] of Object.entries(report.record.seconds))
    metrics.observe('chimera_run_stage_duration_seconds', { stage }, seconds);
  for (const [agent, { outputTokens, outputTokensPerSecond }] of Object.entries(report.record.agents)) {
    if (outputTokens !== null) metrics.observe('chimera_run_output_tokens', { agent }, outputTokens);
    if (outputTokensPerSecond !== null) metrics.observe('chimera_run_output_tokens_per_second', { agent }, outputTokensPerSecond);
  }
}
