import { GpuFault, quoted } from './gpu-fault.ts';
import { type GpuReading, MIB, told } from './reading.ts';

/** What `nvidia-smi` is asked, in this order; `parseNvidiaSmi` reads the answer. */
export const NVIDIA_SMI_ARGUMENTS: readonly string[] = [
  '--query-gpu=index,uuid,utilization.gpu,memory.used,memory.total,power.draw',
  '--format=csv,noheader,nounits',
];
const FIELDS = 6;

/** No node has this much memory, and no GPU draws this much: above it, a number is a placeholder. */
const MAX_MIB = 2 ** 32;
const MAX_WATTS = 2 ** 20;

/**
 * Reads the answer to `NVIDIA_SMI_ARGUMENTS`: a line for each GPU, percent, MiB and watts. What stands for "not known" (`[N/A]`,
 * `[Not Supported]`, `[Unknown Error]`, `ERR!`) is null. Throws GpuFault, which names `from`, for any other text: a GPU that is
 * lost shows as a sentence among the lines, and the sum of the others would be too low.
 */
export function parseNvidiaSmi(text: string, from: string): GpuReading[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new GpuFault(`${from} lists no GPU. Run it there by hand to see why.`);
  const readings = lines.map((line) => reading(line, from));
  if (new Set(readings.map(({ gpu }) => gpu)).size < readings.length) {
    throw new GpuFault(`${from} lists one GPU twice, so that nothing can be summed: ${quoted(text)}. Run it there by hand to see why.`);
  }
  return readings;
}

function reading(line: string, from: string): GpuReading {
  const fields = line.split(',').map((field) => field.trim());
  const [index = '', uuid = '', utilization = '', used = '', total = '', power = ''] = fields;
  if (fields.length !== FIELDS || !/^\d+$/.test(index)) {
    throw new GpuFault(`${from} says ${quoted(line)} where a GPU's values should stand. Run it there by hand to see why.`);
  }
  const percent = told(utilization, 100);
  const mib = told(used, told(total, MAX_MIB) ?? MAX_MIB);
  return {
    gpu: /^(?:GPU|MIG)-/i.test(uuid) ? uuid : index,
    utilization: percent === null ? null : percent / 100,
    memoryBytes: mib === null ? null : mib * MIB,
    powerWatts: told(power, MAX_WATTS),
    energyJoules: null,
  };
}
