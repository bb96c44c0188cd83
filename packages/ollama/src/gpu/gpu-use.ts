/**
 * What the GPUs of a server's node did during one call: means over time, the greatest memory, the energy of all GPUs together.
 * A field that no sample tells is null, never 0.
 */
export interface GpuUse {
  /** the host the GPUs are in */
  node: string;
  source: 'nvidia-smi' | 'dcgm';
  /** how many GPUs the node showed */
  gpus: number;
  /** how many samples count */
  samples: number;
  /** how long the call was watched */
  seconds: number;
  /** mean over time and GPUs, as a ratio */
  utilization: number | null;
  /** the greatest memory in use at once, of all GPUs together */
  memoryBytes: number | null;
  /** mean power of all GPUs together, in watts */
  powerWatts: number | null;
  /** energy of all GPUs together, in joules */
  energyJoules: number | null;
}

/** Output tokens for one joule; null where either is unknown, and where no energy was measured: nothing is had for nothing. */
export function tokensPerJoule(outputTokens: number | null, energyJoules: number | null): number | null {
  if (outputTokens === null || energyJoules === null || !(outputTokens >= 0) || !(energyJoules > 0)) return null;
  const ratio = outputTokens / energyJoules;
  return Number.isFinite(ratio) ? ratio : null;
}
