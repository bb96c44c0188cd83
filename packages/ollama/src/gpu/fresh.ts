import type { GpuSample } from './reading.ts';

/** The samples of a call that were measured during it. */
export interface FreshSamples {
  samples: readonly GpuSample[];
  /** whether what the energy counters grew by between the first and the last of them is what was used in that time */
  counted: boolean;
}

/**
 * Leaves out what a source only repeated. A DCGM exporter answers with what it last collected, every 30 s by default, however often
 * it is asked; the energy counter of a GPU that is on never rests, so a sample whose counters have not moved is the one before it
 * once more. Where that is seen, the first sample too was collected at some time before the call, and counts no more.
 *
 * Two samples that differ cannot tell how old the first was, so their counters may span more than the call; three can.
 */
export function freshSamples(samples: readonly GpuSample[]): FreshSamples {
  const moved = samples.filter((sample, index) => {
    const before = samples[index - 1];
    return before === undefined || !repeats(sample, before);
  });
  if (moved.length < samples.length) return { samples: moved.slice(1), counted: true };
  return { samples, counted: samples.length > 2 };
}

/** A sentence for a call of which every sample was a repetition. */
export function notRefreshed(name: string): string {
  return (
    `${name} told the same from the beginning of the call to its end: it collects more seldom than that, every 30 s by default. ` +
    'Start it with DCGM_EXPORTER_INTERVAL=1000 (milliseconds).'
  );
}

function repeats(sample: GpuSample, before: GpuSample): boolean {
  const earlier = new Map(before.gpus.map(({ gpu, energyJoules }) => [gpu, energyJoules]));
  const counters = sample.gpus.filter(({ energyJoules }) => energyJoules !== null);
  return counters.length > 0 && counters.every(({ gpu, energyJoules }) => earlier.get(gpu) === energyJoules);
}
