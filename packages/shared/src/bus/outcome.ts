/** This message can never be handled: straight to the dead letters, no further try. */
export class Permanent extends Error {
  override name = 'Permanent';
}

/** Not now: deliver again after this many milliseconds. Counts as a delivery. */
export class RetryLater extends Error {
  override name = 'RetryLater';
  readonly afterMs: number;
  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.afterMs = afterMs;
  }
}

/** What became of a delivery; the label of the metric. */
export const OUTCOMES = ['done', 'retried', 'later', 'dead', 'handed_back'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Decision = { act: 'nak'; delayMs: number; outcome: Outcome } | { act: 'dead'; reason: string };

const BACKOFF_MS = [1_000, 5_000, 15_000, 60_000] as const;

/** Milliseconds to wait before the next delivery, by the number of deliveries so far (from 1). */
export function backoffMs(deliveries: number): number {
  return BACKOFF_MS[Math.min(deliveries, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0];
}

// How often more a message may come because what precedes its burial fails.
const BURIAL_TRIES = 5;

/** True when a message that was given up is put into the dead letters although what should precede that keeps failing. */
export function buriedAnyway(deliveries: number, maxDeliveries: number): boolean {
  return deliveries >= maxDeliveries + BURIAL_TRIES;
}

/**
 * What is done with a message whose handler threw. We count deliveries ourselves: on a work queue the server
 * leaves a message that ran out of them in the stream for ever, unseen.
 */
export function decide(error: unknown, deliveries: number, maxDeliveries: number): Decision {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Permanent) return { act: 'dead', reason };
  if (deliveries >= maxDeliveries) return { act: 'dead', reason: `given up after ${deliveries} deliveries: ${reason}` };
  if (error instanceof RetryLater) return { act: 'nak', delayMs: error.afterMs, outcome: 'later' };
  return { act: 'nak', delayMs: backoffMs(deliveries), outcome: 'retried' };
}
