import type { FieldMeaning, FieldTable } from '../fields.ts';
import { servingStatistic } from './serving-fields.ts';

export type Meaning = Pick<FieldMeaning, 'metric' | 'over'>;

/** What the time of a phase is; that of any other keeps its own name. */
const LATENCIES: Readonly<Record<string, Meaning>> = {
  load: { metric: 'load_duration', over: 'repetitions' },
  load_model: { metric: 'load_duration', over: 'repetitions' },
  prefill: { metric: 'prompt_eval_duration', over: 'repetitions' },
  decode: { metric: 'eval_duration', over: 'repetitions' },
  per_token: { metric: 'inter_token_latency', over: 'gaps' },
};

/** What tokens per second of a phase are. Those of `per_token` repeat decode's, and keep their name. */
const THROUGHPUTS: Readonly<Record<string, FieldMeaning['metric']>> = {
  prefill: 'prompt_token_throughput',
  decode: 'output_token_throughput',
};

/** What stands in a phase, for people. */
export const OPTIMUM_FIELDS: FieldTable = {
  'load_model.latency': { metric: 'load_duration', statistic: 'mean, …', unit: 's', over: 'repetitions', note: '`load` in old versions' },
  'prefill.latency': { metric: 'prompt_eval_duration', statistic: 'mean, …', unit: 's', over: 'repetitions' },
  'decode.latency': { metric: 'eval_duration', statistic: 'mean, …', unit: 's', over: 'repetitions', note: 'of all tokens but the first' },
  'per_token.latency': { metric: 'inter_token_latency', statistic: 'mean, …', unit: 's', over: 'gaps' },
  'prefill.throughput': {
    metric: 'prompt_token_throughput',
    statistic: 'value',
    unit: 'tok/s',
    over: 'runs',
    note: 'own where it is in samples',
  },
  'decode.throughput': { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', note: 'of the whole batch' },
  'memory.max_ram, .max_global_vram, …': {
    metric: 'peak_memory',
    statistic: 'max',
    unit: 'MB',
    note: 'MB of 10^6 bytes; which memory is a label',
  },
  'energy.total': { metric: 'energy', statistic: 'value', unit: 'kWh' },
  efficiency: { metric: 'own', statistic: 'value', unit: null, note: 'tokens/kWh and the like' },
};

/** What the latency of a phase is. */
export function latencyOf(phase: string): Meaning {
  return (Object.hasOwn(LATENCIES, phase) ? LATENCIES[phase] : undefined) ?? { metric: 'own', over: 'repetitions' };
}

/** What the throughput of a phase is, in the unit that it states. */
export function throughputOf(phase: string, unit: string | null): FieldMeaning['metric'] {
  return (unit === 'tokens/s' && Object.hasOwn(THROUGHPUTS, phase) ? THROUGHPUTS[phase] : undefined) ?? 'own';
}

/** The statistic of a latency that a key names; null for counts, sums and `stdev_`, which is in percent. */
export function latencyStatistic(key: string): string | null {
  return key === 'stdev' ? 'stddev' : key.length > 8 ? null : servingStatistic(key);
}

/** What a phase is measured by. */
export const PARTS: readonly string[] = ['memory', 'latency', 'throughput', 'energy', 'efficiency'];
