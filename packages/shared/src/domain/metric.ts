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

/**
 * Unit as files write it → canonical unit, and by what a value is multiplied or divided. Division where the factor is below one:
 * it is exact to the last bit, a product with 0.001 is not. Decimal and binary sizes are apart.
 */
const CONVERSIONS: Readonly<Record<string, { to: string; times?: number; over?: number }>> = {
  ms: { to: 's', over: 1e3 },
  us: { to: 's', over: 1e6 },
  ns: { to: 's', over: 1e9 },
  ps: { to: 's', over: 1e12 },
  min: { to: 's', times: 60 },
  h: { to: 's', times: 3600 },
  KB: { to: 'bytes', times: 1e3 },
  MB: { to: 'bytes', times: 1e6 },
  GB: { to: 'bytes', times: 1e9 },
  TB: { to: 'bytes', times: 1e12 },
  KiB: { to: 'bytes', times: 2 ** 10 },
  MiB: { to: 'bytes', times: 2 ** 20 },
  GiB: { to: 'bytes', times: 2 ** 30 },
  TiB: { to: 'bytes', times: 2 ** 40 },
  '%': { to: 'ratio', over: 100 },
  'tok/min': { to: 'tok/s', over: 60 },
  'req/min': { to: 'req/s', over: 60 },
  'ops/s': { to: '1/s', times: 1 },
  'ops/ms': { to: '1/s', times: 1e3 },
  'ops/us': { to: '1/s', times: 1e6 },
  'ops/ns': { to: '1/s', times: 1e9 },
  'ops/min': { to: '1/s', over: 60 },
  'it/s': { to: '1/s', times: 1 },
  mW: { to: 'W', over: 1e3 },
  kW: { to: 'W', times: 1e3 },
  mJ: { to: 'J', over: 1e3 },
  kJ: { to: 'J', times: 1e3 },
  MJ: { to: 'J', times: 1e6 },
  Wh: { to: 'J', times: 3600 },
  kWh: { to: 'J', times: 3.6e6 },
};

/**
 * A value of a canonical metric in the metric's unit; null where its unit is not known or of another dimension.
 * @param unit as the measurement states it: `ms`, `GB` (10^9 bytes), `%`
 */
export function canonicalValue(metric: CanonicalMetric, value: number, unit: string | null): number | null {
  const { unit: wanted } = METRICS[metric];
  if (unit === null) return null;
  if (unit === wanted) return value;
  const conversion = CONVERSIONS[unit];
  if (conversion?.to !== wanted) return null;
  return (value * (conversion.times ?? 1)) / (conversion.over ?? 1);
}
