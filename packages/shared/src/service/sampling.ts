import { type Clock, within } from '../bus/clock.ts';
import type { GaugeName, Metrics } from './metrics.ts';

/** What is asked for when somebody scrapes, and the gauges that it sets. */
export type Sample = { what: string; sets: readonly GaugeName[]; take(): Promise<void> };

// Prometheus waits ten seconds for all of a scrape.
const LIMIT_MS = 2_000;

/**
 * Takes samples for a scrape: each by itself, all at once, none for longer than two seconds. One that is late or fails is said, once
 * until it succeeds again, and its gauges are not exposed meanwhile. One that is still under way is not asked again. Never rejects.
 */
export function createSampling(
  clock: Clock,
  metrics: Metrics,
  samples: readonly Sample[],
  say: (sentence: string) => void,
  limitMs = LIMIT_MS,
): () => Promise<void> {
  const underWay = new Map<Sample, Promise<void>>();
  const failing = new Set<Sample>();

  function running(sample: Sample): Promise<void> {
    const known = underWay.get(sample);
    if (known) return known;
    const begun = sample.take().finally(() => underWay.delete(sample));
    underWay.set(sample, begun);
    // Where it is late nobody waits for it any more.
    begun.catch(() => undefined);
    return begun;
  }

  async function take(sample: Sample): Promise<void> {
    try {
      await within(clock, limitMs, running(sample), () => new Error(`no answer within ${limitMs / 1_000} s`));
      if (failing.delete(sample)) say(`${sample.what} can be sampled again`);
    } catch (error) {
      for (const name of sample.sets) metrics.unset(name);
      if (failing.has(sample)) return;
      failing.add(sample);
      const reason = error instanceof Error ? error.message : String(error);
      say(`${sample.what} could not be sampled (${reason}); their metrics are left out until they can`);
    }
  }

  return async () => void (await Promise.all(samples.map(take)));
}
