import { Bell } from './bell.ts';
import type { ConsumerSpec } from './consumer.ts';
import { type Delivery, GRACE_MS, type HandlingOptions, handleDelivered } from './handling.ts';
import type { Worker } from './worker.ts';

/** What a message may be pulled for: a durable, and whatever its handling needs (a leased slot, a model that is loaded). */
export type Seat<S> = {
  consumer: ConsumerSpec;
  means: S;
  /** No message was there after all: gives back what was taken for it. */
  leave(): Promise<void>;
};

export type GatedOptions<T, S> = Omit<HandlingOptions<T>, 'handle'> & {
  /** Resolves as soon as a message that is likely there could be begun at once; null when `stopping` aborts. */
  nextSeat: (stopping: AbortSignal) => Promise<Seat<S> | null>;
  /** `means` is the handler's from now on: it gives back what it took. */
  handle: (data: T, delivery: Delivery & { means: S }) => Promise<void>;
};

const PAUSE_AFTER_FAULT_MS = 500;

/**
 * Pulls only what can be begun: first the seat, then the message; each is handled beside the next. How many are in flight is a
 * matter of seats alone.
 */
export function startGatedWorker<T, S>(options: GatedOptions<T, S>): Worker {
  const { bus } = options;
  const { clock } = bus;
  const bell = new Bell();
  const stopping = new AbortController();
  const aborting = new AbortController();
  const inFlight = new Set<Promise<void>>();
  let aliveAt = clock.elapsed();
  const alive = () => {
    aliveAt = clock.elapsed();
  };

  async function fault(error: Error): Promise<void> {
    if (stopping.signal.aborted) return;
    options.onError?.(error);
    await bell.or(clock.sleep(PAUSE_AFTER_FAULT_MS));
    if (!bell.rung && !bus.ended()) await bell.or(bus.assert().catch((e: Error) => options.onError?.(e)));
  }

  async function turn(): Promise<void> {
    const seat = await options.nextSeat(stopping.signal);
    alive();
    if (seat === null) return;
    const message = await bus.take(seat.consumer).catch(async (error: unknown) => {
      await seat.leave();
      throw error;
    });
    if (message === null || stopping.signal.aborted) {
      message?.giveBack();
      return seat.leave();
    }
    const { means, consumer } = seat;
    let handed = false;
    const handling = {
      ...options,
      handle: (data: T, delivery: Delivery) => {
        handed = true;
        return options.handle(data, { ...delivery, means });
      },
    };
    const handled = handleDelivered(handling, consumer, message, { signal: aborting.signal, alive })
      .catch((error: Error) => options.onError?.(error))
      .finally(() => (handed ? undefined : seat.leave()));
    inFlight.add(handled);
    void handled.finally(() => inFlight.delete(handled));
  }

  const loop = (async () => {
    while (!stopping.signal.aborted) await turn().catch(fault);
  })();

  return {
    // Waiting for a seat is no lifelessness, however long nothing comes.
    idleMs: () => (inFlight.size === 0 ? 0 : clock.elapsed() - aliveAt),
    inFlight: () => inFlight.size,
    async stop(deadlineMs) {
      bell.ring();
      stopping.abort();
      const ended = new AbortController();
      void clock.sleep(deadlineMs, ended.signal).then(() => {
        if (!ended.signal.aborted) aborting.abort();
      });
      const all = loop.then(() => Promise.all(inFlight));
      await Promise.race([all, clock.sleep(deadlineMs + 2 * GRACE_MS, ended.signal)]);
      ended.abort();
    },
  };
}
