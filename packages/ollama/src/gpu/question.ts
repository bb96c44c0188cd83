import { GpuFault } from './gpu-fault.ts';
import type { GpuProbe, GpuReading } from './reading.ts';

/** A question under way. */
export interface Question {
  /** what the GPUs told; rejects with GpuFault, at the latest when the time is over or the question is stopped */
  answer: Promise<readonly GpuReading[]>;
  /** settles when nothing of the question is left, which may be never: see `GpuProbe.ask` */
  gone: Promise<void>;
  /** ends it early */
  stop(): void;
}

/** Asks a probe once, for at most `timeoutMs`. */
export function ask(probe: GpuProbe, timeoutMs: number): Question {
  const stopper = new AbortController();
  const stopped = Promise.withResolvers<never>();
  const stop = (why: GpuFault): void => {
    clearTimeout(late);
    stopped.reject(why);
    stopper.abort(why);
  };
  const late = setTimeout(() => {
    stop(new GpuFault(`${probe.name} did not answer within ${timeoutMs / 1_000} s and was stopped. ${probe.whenLate}`));
  }, timeoutMs);
  const asked = probe.ask(stopper.signal).finally(() => clearTimeout(late));
  return {
    answer: Promise.race([asked, stopped.promise]),
    gone: asked.then(
      () => {},
      () => {}, // told by `answer`
    ),
    stop: () => stop(new GpuFault(`${probe.name} was asked no longer: nothing is watched any more.`)),
  };
}

/** A promise's end, but no longer than `ms`. */
export async function atMost(promise: Promise<void>, ms: number): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** A failure as a sentence. */
export function whyFailed(probe: GpuProbe, error: unknown): string {
  if (error instanceof GpuFault) return error.message;
  return `${probe.name} could not be asked: ${error instanceof Error ? error.message : String(error)}.`;
}
