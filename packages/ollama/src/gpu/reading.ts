/** What one GPU told at one moment; null where it does not tell. */
export interface GpuReading {
  /** what tells it from the node's others: its UUID where it has one */
  gpu: string;
  /** ratio */
  utilization: number | null;
  memoryBytes: number | null;
  powerWatts: number | null;
  /** a counter of joules that only grows, whose zero is of no meaning */
  energyJoules: number | null;
}

/** What all GPUs of a node told at one moment of a monotonic clock, in milliseconds. */
export interface GpuSample {
  atMs: number;
  gpus: readonly GpuReading[];
}

/** A way to ask the GPUs of one node. */
export interface GpuProbe {
  readonly node: string;
  readonly source: 'nvidia-smi' | 'dcgm';
  /** how sentences call it */
  readonly name: string;
  /** a sentence: what to do when it does not answer in time */
  readonly whenLate: string;
  /** Asks once, until the signal ends it. Settles only when nothing of the question is left. Rejects with GpuFault. */
  ask(signal: AbortSignal): Promise<readonly GpuReading[]>;
  close(): Promise<void>;
}

/** A number that a source wrote down: null where it is none, or outside 0 … `max`. */
export function told(text: string, max: number): number | null {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return value >= 0 && value <= max ? value : null;
}

/** Bytes of a mebibyte, in which both sources count memory. */
export const MIB = 1024 * 1024;
