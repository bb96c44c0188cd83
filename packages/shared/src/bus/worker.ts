import { Bell } from './bell.ts';
import type { Clock } from './clock.ts';
import type { ConsumerSpec } from './consumer.ts';
import type { Contract } from './contract.ts';
import { bury } from './dead-letters.ts';
import { backoffMs, buriedAnyway, decide, type Outcome, Permanent } from './outcome.ts';
import type { Bus, Delivered } from './port.ts';

export type Delivery = { deliveries: number; traceparent: string | null /** aborted when the service stops */; signal: AbortSignal };

export type WorkerOptions<T> = {
  bus: Bus;
  contract: Contract<T>;
  consumer: ConsumerSpec;
  /** how many messages at once */
  concurrency: number;
  /** Returning acknowledges; throwing decides by the class of the error (outcome.ts). May run twice for one message. */
  handle: (data: T, delivery: Delivery) => Promise<void>;
  /** Called before a message that parsed goes to the dead letters; if it throws, the message is delivered again, up to a limit. */
  beforeBurial?: (data: T, reason: string) => Promise<void>;
  observe?: (event: { subject: string; outcome: Outcome; seconds: number; deliveries: number; reason?: string }) => void;
  onError?: (error: Error) => void;
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
// How long a handler may take to end once it is aborted, and the loops after that.
const GRACE_MS = 1_000;

/** What became of a delivery; the reason where it is not done. */
type Ending = { outcome: Outcome; reason?: string };

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
    const started = clock.elapsed();
    const endBeat = clock.every(spec.ackWaitMs / 3, () => {
      alive = clock.elapsed();
      message.working();
    });
    let ending: Ending = { outcome: 'retried' };
    try {
      ending = await handled(message);
      // Confirmed, because the work was dear. Where no answer comes, the message comes again; that is no fault of the handler.
      if (ending.outcome === 'done') await message.acknowledge();
    } finally {
      endBeat();
      inFlight--;
      options.observe?.({
        subject: options.contract.name,
        seconds: (clock.elapsed() - started) / 1_000,
        deliveries: message.deliveries,
        ...ending,
      });
    }
  }

  /** Handles a message and answers it, unless it is done. */
  async function handled(message: Delivered): Promise<Ending> {
    const deliveries = message.deliveries;
    let data: T | null = null;
    try {
      data = parse(options.contract, message);
      if (deliveries > spec.maxDeliveries)
        throw new Permanent(
          `given up after ${spec.maxDeliveries} deliveries: the last one found no end, as when its process dies in the middle`,
        );
      const { traceparent } = message;
      await withinGrace(clock, options.handle(data, { deliveries, traceparent, signal: aborting.signal }), aborting.signal);
      return { outcome: 'done' };
    } catch (error) {
      if (aborting.signal.aborted) {
        message.giveBack();
        return { outcome: 'handed_back', reason: textOf(error) };
      }
      const decision = decide(error, deliveries, spec.maxDeliveries);
      if (decision.act === 'dead') return giveUp(message, data, decision.reason);
      message.giveBack(decision.delayMs);
      return { outcome: decision.outcome, reason: textOf(error) };
    }
  }

  async function giveUp(message: Delivered, data: T | null, reason: string): Promise<Ending> {
    const deliveries = message.deliveries;
    let why = reason;
    try {
      if (data !== null) await options.beforeBurial?.(data, reason);
    } catch (error) {
      why = `${reason}; what had to be done first failed: ${textOf(error)}`;
      if (!buriedAnyway(deliveries, spec.maxDeliveries)) {
        message.giveBack(backoffMs(deliveries));
        return { outcome: 'retried', reason: why };
      }
    }
    await bury(bus, message, spec.durable, why);
    return { outcome: 'dead', reason: why };
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
    // The pull may fail because the connection closes: nothing was taken then, so nothing is lost.
    void next.then((late) => late?.giveBack()).catch(() => undefined);
  }
  return message;
}

/** Waits for a handler, but not much longer than until it was aborted: one that does not listen is left behind. */
async function withinGrace(clock: Clock, handler: Promise<void>, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  let onAbort = () => {};
  const left = new Promise<never>((_, reject) => {
    onAbort = () => void clock.sleep(GRACE_MS, ended.signal).then(() => reject(new Error('the handler did not end when it was aborted')));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  left.catch(() => undefined);
  try {
    await Promise.race([handler, left]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    ended.abort();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parse<T>(contract: Contract<T>, message: Delivered): T {
  try {
    return contract.schema.parse(JSON.parse(Buffer.from(message.data).toString('utf8')));
  } catch (error) {
    throw new Permanent(`Message ${message.sequence} on ${message.subject} is no ${contract.name}/v${contract.version}: ${textOf(error)}`, {
      cause: error,
    });
  }
}
