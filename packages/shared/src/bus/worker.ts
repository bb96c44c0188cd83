import { Bell } from './bell.ts';
import type { ConsumerSpec } from './consumer.ts';
import { GRACE_MS, type HandlingOptions, handleDelivered } from './handling.ts';
import type { Bus, Delivered } from './port.ts';

export type WorkerOptions<T> = HandlingOptions<T> & {
  consumer: ConsumerSpec;
  /** how many messages at once */
  concurrency: number;
};

export type Worker = {
  /** milliseconds (monotonic) since a loop last showed life */
  idleMs(): number;
  inFlight(): number;
  /** Stops pulling, waits for what is in flight up to the deadline, then aborts it and hands its messages back. */
  stop(deadlineMs: number): Promise<void>;
};

const PULL_MS = 5_000;
const PAUSE_AFTER_FAULT_MS = 500;

/**
 * Starts `concurrency` pull loops on one durable: pull, handle, acknowledge, one message at a time each.
 * The client's `consume()` is not used: with slow handlers it queues pulls whose messages then lie unacknowledged.
 */
export async function startWorker<T>(options: WorkerOptions<T>): Promise<Worker> {
  const { bus, consumer: spec } = options;
  const { clock } = bus;
  const bell = new Bell();
  let renewal = new Bell();
  const offRenewal = bus.onRenewed(() => {
    const before = renewal;
    renewal = new Bell();
    before.ring();
  });
  const aborting = new AbortController();
  let alive = clock.elapsed();
  let inFlight = 0;
  await bus.consumer(spec);
  const loops = Array.from({ length: options.concurrency }, () => loop());

  async function loop(): Promise<void> {
    while (!bell.rung) {
      alive = clock.elapsed();
      const current = renewal;
      const orEnd = <V>(promise: Promise<V>) => current.or(bell.or(promise));
      try {
        const message = await pull(bus, spec, bell, current);
        if (message) await take(message);
      } catch (error) {
        // "heartbeats missed" while disconnected, a wiped server, a lost acknowledgement: assert, then go on.
        if (bell.rung) return;
        options.onError?.(error as Error);
        await orEnd(clock.sleep(PAUSE_AFTER_FAULT_MS));
        if (!bell.rung && !bus.ended()) await orEnd(bus.assert().catch((e: Error) => options.onError?.(e)));
      }
    }
  }

  async function take(message: Delivered): Promise<void> {
    inFlight++;
    try {
      await handleDelivered(options, spec, message, {
        signal: aborting.signal,
        alive: () => {
          alive = clock.elapsed();
        },
      });
    } finally {
      inFlight--;
    }
  }

  return {
    idleMs: () => clock.elapsed() - alive,
    inFlight: () => inFlight,
    async stop(deadlineMs) {
      bell.ring();
      offRenewal();
      const ended = new AbortController();
      void clock.sleep(deadlineMs, ended.signal).then(() => {
        if (!ended.signal.aborted) aborting.abort();
      });
      // A loop may also wait for a server that is gone: its message comes again after the ack wait.
      await Promise.race([Promise.all(loops), clock.sleep(deadlineMs + 2 * GRACE_MS, ended.signal)]);
      ended.abort();
    },
  };
}

/**
 * One pull; when the worker stops or the connection was renewed meanwhile, a message that still arrives is handed
 * back at once. After a reconnect the server knows no more of the pull, and waiting for its end would take seconds.
 */
async function pull(bus: Bus, spec: ConsumerSpec, bell: Bell, renewal: Bell): Promise<Delivered | null> {
  const next = bus.pull(spec, PULL_MS);
  const message = await renewal.or(bell.or(next));
  if (message === null && (bell.rung || renewal.rung)) {
    // The pull may fail because the connection closes. What was on its way then is not handed back: it comes again after the ack wait.
    void next.then((late) => late?.giveBack()).catch(() => undefined);
  }
  return message;
}
