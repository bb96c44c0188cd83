import { UNITS, type UnitDefinition, unitNamed } from './unit.ts';

/** Which way is better: `none` where it cannot be said. */
export type Direction = 'higher' | 'lower' | 'none';

export type MetricDefinition = { unit: string; direction: Direction; title: string };

/** The registry of canonical metrics (design, "Metrics registry"): names, units, directions. */
export const METRICS = {
  time_to_first_token: { unit: 's', direction: 'lower', title: 'time to first token' },
  inter_token_latency: { unit: 's', direction: 'lower', title: 'inter-token latency' },
  time_per_output_token: { unit: 's', direction: 'lower', title: 'time per output token' },
  request_latency: { unit: 's', direction: 'lower', title: 'request latency' },
  output_token_throughput: { unit: 'tok/s', direction: 'higher', title: 'output token throughput' },
  output_token_throughput_per_user: { unit: 'tok/s', direction: 'higher', title: 'output token throughput per user' },
  prompt_token_throughput: { unit: 'tok/s', direction: 'higher', title: 'prompt token throughput' },
  total_token_throughput: { unit: 'tok/s', direction: 'higher', title: 'total token throughput' },
  request_throughput: { unit: 'req/s', direction: 'higher', title: 'request throughput' },
  load_duration: { unit: 's', direction: 'lower', title: 'load duration' },
  prompt_eval_duration: { unit: 's', direction: 'lower', title: 'prompt evaluation duration' },
  eval_duration: { unit: 's', direction: 'lower', title: 'evaluation duration' },
  peak_memory: { unit: 'bytes', direction: 'lower', title: 'peak memory' },
  gpu_utilization: { unit: 'ratio', direction: 'none', title: 'GPU utilization' },
  power: { unit: 'W', direction: 'lower', title: 'power' },
  energy: { unit: 'J', direction: 'lower', title: 'energy' },
  accuracy: { unit: 'ratio', direction: 'higher', title: 'accuracy' },
  error_rate: { unit: 'ratio', direction: 'lower', title: 'error rate' },
  execution_time: { unit: 's', direction: 'lower', title: 'execution time' },
  operation_throughput: { unit: '1/s', direction: 'higher', title: 'operation throughput' },
  duration: { unit: 's', direction: 'none', title: 'duration' },
} as const satisfies Record<string, MetricDefinition>;

export type CanonicalMetric = keyof typeof METRICS;

/** Whether a metric is one of the registry. */
export function isCanonical(metric: string): metric is CanonicalMetric {
  return Object.hasOwn(METRICS, metric);
}

/** What a unit is of a canonical metric's own; null where it is not known or of another dimension. */
export function unitOfMetric(metric: CanonicalMetric, unit: string | null): UnitDefinition | null {
  const known = unit === null ? null : unitNamed(unit);
  return known?.dimension === UNITS[METRICS[metric].unit].dimension ? known : null;
}

/**
 * A value of a canonical metric in the metric's unit; null where its unit is not known or of another dimension.
 * @param unit as the measurement states it: `ms`, `GB` (10^9 bytes), `%`
 */
export function canonicalValue(metric: CanonicalMetric, value: number, unit: string | null): number | null {
  const known = unitOfMetric(metric, unit);
  return known === null ? null : (value * known.times) / known.over;
}
