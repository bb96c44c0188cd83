import { GpuFault } from './gpu-fault.ts';
import { metricLines } from './prometheus-text.ts';
import { type GpuReading, MIB, told } from './reading.ts';

type Field = Exclude<keyof GpuReading, 'gpu'>;

/** From 2⁴⁷ on, DCGM's numbers are placeholders for ones it does not have (`DCGM_FP64_BLANK` and the ones after it). */
const LARGEST = 2 ** 47 - 1;

/**
 * What is read of a DCGM exporter's metrics. From 4.9.0 on it uses other names by default, and with them other units
 * (https://docs.nvidia.com/datacenter/dcgm/latest/release-notes/dcgm-exporter.html). Where both are exported, the first counts:
 * the older energy counter is the finer one.
 */
const METRICS: ReadonlyMap<string, { field: Field; per: number; max: number }> = new Map([
  ['DCGM_FI_DEV_GPU_UTIL', { field: 'utilization', per: 100, max: 100 }],
  ['DCGM_FI_DEV_GPU_UTIL_RATIO', { field: 'utilization', per: 1, max: 1 }],
  ['DCGM_FI_DEV_FB_USED', { field: 'memoryBytes', per: 1 / MIB, max: 2 ** 31 }],
  ['DCGM_FI_DEV_FB_USED_BYTES', { field: 'memoryBytes', per: 1, max: LARGEST }],
  ['DCGM_FI_DEV_POWER_USAGE', { field: 'powerWatts', per: 1, max: 2 ** 20 }],
  ['DCGM_FI_DEV_BOARD_POWER_WATTS', { field: 'powerWatts', per: 1, max: 2 ** 20 }],
  ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', { field: 'energyJoules', per: 1_000, max: LARGEST }],
  ['DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL', { field: 'energyJoules', per: 1, max: LARGEST }],
]);
const WANTED: ReadonlySet<string> = new Set(METRICS.keys());

/** The values of one GPU, or of one MIG instance of it, by metric name; without what is no number. */
type Values = Map<string, number>;

/** A GPU with the values of its whole, and of each of its MIG instances. */
interface Gpu {
  whole: Values;
  instances: Map<string, Values>;
}

/**
 * Reads what a DCGM exporter tells of its GPUs, known by their label `UUID`.
 * - A GPU stands there several times where pods share it: that is one GPU, whose greatest value counts.
 * - A GPU in MIG mode stands there once for each instance: power and energy are the whole board's each time, memory is the
 *   instance's own, and utilization is not known, whatever number stands there (https://github.com/NVIDIA/dcgm-exporter/issues/216).
 *
 * Throws GpuFault, which names `from`, where no GPU is told of or a line is malformed.
 */
export function parseDcgm(text: string, from: string): GpuReading[] {
  const gpus = new Map<string, Gpu>();
  for (const { name, labels, value } of metricLines(text, WANTED, from)) {
    const id = ['UUID', 'uuid', 'gpu', 'device'].map((label) => labels.get(label)).find((each) => each);
    if (id === undefined) {
      throw new GpuFault(`${from} does not say whose ${name} it tells: labels were taken away. Give the exporter's own URL.`);
    }
    const gpu = gpus.get(id) ?? { whole: new Map(), instances: new Map() };
    gpus.set(id, gpu);
    const instance = labels.get('GPU_I_ID');
    note(instance ? forInstance(gpu, instance) : gpu.whole, name, value);
  }
  if (gpus.size === 0) {
    throw new GpuFault(
      `${from} tells of no GPU: none of ${[...WANTED].join(', ')} is there. Check the URL, and the counters file of the exporter.`,
    );
  }
  return [...gpus].map(([id, gpu]) => reading(id, gpu));
}

function forInstance(gpu: Gpu, instance: string): Values {
  const values = gpu.instances.get(instance) ?? new Map();
  gpu.instances.set(instance, values);
  return values;
}

function note(values: Values, name: string, text: string): void {
  const metric = METRICS.get(name);
  const value = metric === undefined ? null : told(text, metric.max);
  if (metric === undefined || value === null) return;
  // a counter at 0 is one that the GPU does not have
  if (metric.field === 'energyJoules' && value === 0) return;
  values.set(name, Math.max(values.get(name) ?? 0, value / metric.per));
}

function known(values: Values, field: Field): number | null {
  for (const [name, metric] of METRICS) {
    const value = metric.field === field ? values.get(name) : undefined;
    if (value !== undefined) return value;
  }
  return null;
}

function reading(gpu: string, { whole, instances }: Gpu): GpuReading {
  const each = (field: Field): (number | null)[] => [...instances.values()].map((values) => known(values, field));
  return {
    gpu,
    utilization: instances.size > 0 ? null : known(whole, 'utilization'),
    memoryBytes: known(whole, 'memoryBytes') ?? sum(each('memoryBytes')),
    powerWatts: known(whole, 'powerWatts') ?? greatest(each('powerWatts')),
    energyJoules: known(whole, 'energyJoules') ?? greatest(each('energyJoules')),
  };
}

/** The sum, where every part is known. */
function sum(parts: readonly (number | null)[]): number | null {
  let total: number | null = null;
  for (const part of parts) {
    if (part === null) return null;
    total = (total ?? 0) + part;
  }
  return total;
}

function greatest(values: readonly (number | null)[]): number | null {
  const told = values.filter((value) => value !== null);
  return told.length === 0 ? null : Math.max(...told);
}
