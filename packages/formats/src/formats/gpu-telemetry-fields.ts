import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type Labels, plainNumber } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import type { JsonObject } from '../json-value.ts';
import { unitFromName } from '../unit-from-name.ts';
import { ownName, perfStatistic, perfUnit, tagOfLabel } from './perf-metrics.ts';

const sample = (metric: FieldMeaning['metric'], unit: string | null, note?: string): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'samples',
  ...(note === undefined ? {} : { note }),
});

const SINCE_BOOT = 'counts since the machine started: no energy of the run';
const MICROSECONDS = sample('own', 'us', 'microseconds throttled, since the machine started');

/** Fields of a sample, which states no units; the old names, and those with a vendor before them. */
export const GPU_SAMPLE_FIELDS: FieldTable = {
  gpu_power_usage: sample('power', 'W'),
  nvidia_power_usage: sample('power', 'W'),
  amd_power: sample('power', 'W'),
  power_management_limit: sample('own', 'W'),
  energy_consumption: sample('own', 'MJ', SINCE_BOOT),
  nvidia_energy_consumption: sample('own', 'MJ', SINCE_BOOT),
  amd_energy_consumption: sample('own', 'MJ', SINCE_BOOT),
  gpu_utilization: sample('gpu_utilization', '%'),
  nvidia_gpu_utilization: sample('gpu_utilization', '%'),
  amd_gfx_activity: sample('own', '%', "AMD's own measure"),
  amd_umc_activity: sample('own', '%'),
  amd_mm_activity: sample('own', '%'),
  ...Object.fromEntries(
    ['memory_copy', 'mem', 'sm', 'decoder', 'encoder', 'jpg'].map((part) => [`${part}_utilization`, sample('own', '%')]),
  ),
  ...Object.fromEntries(['memory', 'sm', 'decoder', 'encoder', 'jpg'].map((part) => [`nvidia_${part}_utilization`, sample('own', '%')])),
  gpu_memory_used: sample('own', 'GB', 'GB of 10^9 bytes'),
  gpu_memory_free: sample('own', 'GB'),
  gpu_memory_total: sample('own', 'GB'),
  nvidia_memory_used: sample('own', 'GB'),
  amd_memory_used: sample('own', 'GB'),
  gpu_temperature: sample('own', '°C'),
  memory_temperature: sample('own', '°C'),
  nvidia_temperature: sample('own', '°C'),
  amd_temperature: sample('own', '°C'),
  sm_clock_frequency: sample('own', 'MHz'),
  memory_clock_frequency: sample('own', 'MHz'),
  power_violation: MICROSECONDS,
  nvidia_power_violation: MICROSECONDS,
  thermal_violation: MICROSECONDS,
  xid_errors: sample('own', null),
  nvidia_xid_errors: sample('own', null),
};

/** The meaning of a field of a sample; one that nobody knows has the unit that its name states. */
export function gpuSampleMeaning(field: string): FieldMeaning {
  const known = Object.hasOwn(GPU_SAMPLE_FIELDS, field) ? GPU_SAMPLE_FIELDS[field] : undefined;
  return known ?? sample('own', unitFromName(field));
}

/** Which GPU a number is of, by the names that the files use. */
export function gpuLabels(gpu: JsonObject): Record<string, string> {
  const labels: Record<string, string> = {};
  addLabel(labels, 'gpu', gpu.gpu_name ?? gpu.gpu_model_name);
  for (const [field, name] of [
    ['gpu_index', 'gpu_index'],
    ['gpu_uuid', 'gpu_uuid'],
    ['hostname', 'host'],
    ['platform', 'platform'],
    ['namespace', 'namespace'],
    ['pod_name', 'pod_name'],
  ] as const)
    addLabel(labels, name, gpu[field]);
  return labels;
}

/** What the summaries call these two, in JSON and in tables. */
const POWER = new Set(['gpu_power_usage', 'nvidia_power_usage', 'nvidia_gpu_power_usage', 'amd_power', 'amd_gpu_power']);
const UTILIZATION = new Set(['gpu_utilization', 'nvidia_gpu_utilization']);
const ENERGY = new Set(['energy_consumption', 'nvidia_energy_consumption', 'amd_energy_consumption']);

/**
 * What a statistic of a GPU means.
 * @param name as the file writes it: `gpu_power_usage`, `GPU Power Usage`
 * @param key `avg`, `p99`, … or `value`
 * @param alone whether the metric has no other statistic. Energy is a counter that runs since the machine started; what it grew
 * by during the run has an average only.
 * @returns null where the key is no statistic
 */
export function gpuStatisticMeaning(name: string, key: string, unit: string | null, alone: boolean): FieldMeaning | null {
  const statistic = key === 'value' ? 'value' : perfStatistic(key);
  if (statistic === null) return null;
  const tag = tagOfLabel(name);
  if (ENERGY.has(tag) && alone) return { metric: 'energy', statistic: 'value', unit, over: 'runs' };
  const metric = POWER.has(tag) ? 'power' : UTILIZATION.has(tag) ? 'gpu_utilization' : 'own';
  return { metric, statistic, unit, over: 'samples' };
}

/**
 * Adds the statistics of a metric of a GPU: `{unit, avg, p50, …}`.
 * @param stated the unit
 */
export function addGpuMetric(extract: Extract, name: string, metric: JsonObject, stated: unknown, at: string, labels: Labels): void {
  const unit = perfUnit(stated, undefined);
  const n = plainNumber(metric.count);
  const keys = Object.keys(metric).filter((key) => perfStatistic(key) !== null && metric[key] !== null);
  for (const key of keys) {
    const meaning = gpuStatisticMeaning(name, key, unit, keys.length === 1);
    if (meaning !== null) addNumber(extract, metric[key], meaning, { labels, n, pointer: at + segment(key) }, ownName(name));
  }
}
