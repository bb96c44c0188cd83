import type { CanonicalMetric } from '@chimera/shared/domain';

/** The metrics by which configurations are compared and chosen, the most telling first: a comparison's family. */
export const HEADLINE_METRICS: readonly CanonicalMetric[] = [
  'output_token_throughput',
  'total_token_throughput',
  'prompt_token_throughput',
  'request_throughput',
  'operation_throughput',
  'time_to_first_token',
  'time_per_output_token',
  'inter_token_latency',
  'request_latency',
  'execution_time',
  'accuracy',
  'error_rate',
  'peak_memory',
  'energy',
];

/** What a configuration is chosen by first: the first of these that it has. */
export const CHOSEN_BY: readonly CanonicalMetric[] = [
  'output_token_throughput',
  'total_token_throughput',
  'request_throughput',
  'prompt_token_throughput',
  'operation_throughput',
  'execution_time',
  'request_latency',
  'time_to_first_token',
];
