import { freshSamples } from './fresh.ts';
import type { GpuUse } from './gpu-use.ts';
import { meanOverTime, type Point } from './over-time.ts';
import type { GpuReading, GpuSample } from './reading.ts';

/** The time of a call on a monotonic clock, in milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/**
 * What the GPUs of a node did during a call, from the samples (in order) that were taken around it; null where none was taken
 * during it. A sample in which one of the node's GPUs is missing, or does not tell a value, has no sum of that value: what is not
 * known would make it too low. Energy is the growth of the energy counters where all GPUs have one, and else the area under the
 * samples' power; either is extended to the ends of the call at its mean or last value.
 */
export function foldGpuUse(of: Pick<GpuUse, 'node' | 'source'>, span: Span, taken: readonly GpuSample[]): GpuUse | null {
  const { samples, counted } = freshSamples(taken);
  if (samples.length === 0) return null;
  const ids = new Set(samples.flatMap(({ gpus }) => gpus.map(({ gpu }) => gpu)));
  const sums = (field: keyof Omit<GpuReading, 'gpu'>): Point[] =>
    samples.flatMap(({ atMs, gpus }) => {
      const known = gpus.map((each) => each[field]).filter((value) => value !== null);
      return known.length === ids.size ? [{ atMs, value: known.reduce((sum, value) => sum + value, 0) }] : [];
    });
  const mean = (points: readonly Point[]): number | null => meanOverTime(points, span.fromMs, span.toMs);

  const seconds = Math.max(0, span.toMs - span.fromMs) / 1_000;
  const powerWatts = (counted ? counterWatts(samples, ids) : null) ?? mean(sums('powerWatts'));
  return {
    node: of.node,
    source: of.source,
    gpus: ids.size,
    samples: samples.length,
    seconds,
    utilization: mean(sums('utilization').map(({ atMs, value }) => ({ atMs, value: value / ids.size }))),
    memoryBytes: sums('memoryBytes').reduce<number | null>((most, { value }) => Math.max(most ?? 0, value), null),
    powerWatts,
    energyJoules: powerWatts === null ? null : powerWatts * seconds,
  };
}

/** Mean power of all GPUs by their energy counters, in watts; null where one has none in the first or last sample, or was reset. */
function counterWatts(samples: readonly GpuSample[], ids: ReadonlySet<string>): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  let joules = 0;
  for (const id of ids) {
    const counter = samples.map(({ gpus }) => gpus.find(({ gpu }) => gpu === id)?.energyJoules ?? null);
    const from = counter[0] ?? null;
    const to = counter.at(-1) ?? null;
    if (from === null || to === null || falls(counter)) return null;
    joules += to - from;
  }
  return joules / ((last.atMs - first.atMs) / 1_000);
}

function falls(counter: readonly (number | null)[]): boolean {
  const known = counter.filter((value) => value !== null);
  return known.some((value, index) => value < (known[index - 1] ?? 0));
}
