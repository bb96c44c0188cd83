import type { Consumer, JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connection.ts';
import type { ConsumerSpec } from './consumer.ts';
import type { Contract } from './contract.ts';
import { bury } from './dead-letters.ts';
import { decide, type Outcome, Permanent } from './outcome.ts';

export type Delivery = { deliveries: number; traceparent: string | null /** aborted when the service stops */; signal: AbortSignal };

export type WorkerOptions<T> = {
  bus: Bus;
  contract: Contract<T>;
  consumer: ConsumerSpec;
  /** how many messages at once */
  concurrency: number;
  /** Returning acknowledges; throwing decides by the class of the error (outcome.ts). May run twice for one message. */
  handle: (data: T, delivery: Delivery) => Promise<void>;
  /** Called before a message that parsed goes to the dead letters; if it throws, the message is delivered again. */
  beforeBurial?: (data: T, reason: string) => Promise<void>;
  observe?: (event: { subject: string; outcome: Outcome; seconds: number; deliveries: number; reason?: string }) => void;
  onError?: (error: Error) => void;
};

export type Worker = {
  /** milliseconds (monotonic) since a loop last showed life */
  idleMs(): number;
  inFlight(): number;
  /** Stops pulling, waits for what is in flight up to the deadline, then aborts and hands back. */
  stop(deadlineMs: number): Promise<void>;
};

const PULL_MS = 5_000;
const PAUSE_AFTER_FAULT_MS = 500;

/**
 * Starts `concurrency` pull loops on one durable: `next()`, handle, acknowledge, one message at a time each.
 * `consume()` is not used: with slow handlers it queues pulls whose messages then lie unacknowledged.
 */
export async function startWorker<T>(options: WorkerOptions<T>): Promise<Worker> {
  const { bus, consumer: spec } = options;
  const bell = new StopBell();
  const aborting = new AbortController();
  let alive = performance.now();
  let inFlight = 0;
  await bus.consumer(spec);
  const loops = Array.from({ length: options.concurrency }, () => loop());

  async function loop(): Promise<void> {
    let consumer: Consumer | null = null;
    while (!bell.rung) {
      alive = performance.now();
      try {
        consumer ??= await bus.jetstream.consumers.get(spec.stream, spec.durable);
        const message = await pull(consumer, bell);
        if (message) await take(message);
      } catch (error) {
        // "heartbeats missed" while disconnected, a wiped server, a lost acknowledgement: assert, then go on.
        if (bell.rung) return;
        options.onError?.(error as Error);
        consumer = null;
        await bell.or(new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAULT_MS)));
        if (!bus.connection.isClosed()) await bus.assert().catch((e: Error) => options.onError?.(e));
      }
    }
  }

  async function take(message: JsMsg): Promise<void> {
    inFlight++;
    const started = performance.now();
    const beat = setInterval(() => {
      alive = performance.now();
      message.working();
    }, spec.ackWaitMs / 3);
    let outcome: Outcome = 'done';
    let reason: string | undefined;
    let data: T | null = null;
    try {
      data = parse(options.contract, message);
      // Only a process that died in the middle, each time, can have brought it this far.
      if (message.info.deliveryCount > spec.maxDeliveries)
        throw new Permanent(`given up: ${spec.maxDeliveries} deliveries ended without an answer, so handling it seems to end the process`);
      await options.handle(data, {
        deliveries: message.info.deliveryCount,
        traceparent: message.headers?.get('traceparent') || null,
        signal: aborting.signal,
      });
      await message.ackAck();
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      if (aborting.signal.aborted) {
        outcome = 'handed_back';
        message.nak();
        return;
      }
      const decision = decide(error, message.info.deliveryCount, spec.maxDeliveries);
      if (decision.act === 'dead') {
        outcome = 'dead';
        reason = decision.reason;
        if (data !== null) await options.beforeBurial?.(data, reason);
        await bury(bus, message, spec.durable, reason, new Date());
      } else if (decision.act === 'nak') {
        outcome = decision.outcome;
        message.nak(decision.delayMs);
      }
    } finally {
      clearInterval(beat);
      inFlight--;
      options.observe?.({
        subject: options.contract.name,
        outcome,
        seconds: (performance.now() - started) / 1_000,
        deliveries: message.info.deliveryCount,
        ...(reason === undefined ? {} : { reason }),
      });
    }
  }

  return {
    idleMs: () => performance.now() - alive,
    inFlight: () => inFlight,
    async stop(deadlineMs) {
      bell.ring();
      const timer = setTimeout(() => aborting.abort(), deadlineMs);
      await Promise.all(loops);
      clearTimeout(timer);
    },
  };
}

/** Wakes whoever waits when the service stops, and holds on to nobody who no longer does. */
class StopBell {
  readonly #waiting = new Set<() => void>();
  #rung = false;
  ring(): void {
    this.#rung = true;
    for (const wake of this.#waiting) wake();
  }
  get rung(): boolean {
    return this.#rung;
  }
  /** Resolves with the promise's value, or with null once the bell rings. */
  async or<V>(promise: Promise<V>): Promise<V | null> {
    if (this.#rung) return null;
    let wake: (() => void) | undefined;
    try {
      return await new Promise<V | null>((resolve, reject) => {
        wake = () => resolve(null);
        this.#waiting.add(wake);
        promise.then(resolve, reject);
      });
    } finally {
      if (wake) this.#waiting.delete(wake);
    }
  }
}

/** One pull; when the service stops meanwhile, a message that still arrives is handed back at once. */
async function pull(consumer: Consumer, bell: StopBell): Promise<JsMsg | null> {
  const next = consumer.next({ expires: PULL_MS });
  const message = await bell.or(next);
  if (bell.rung && message === null) {
    // The pull may fail because the connection closes: nothing was taken then, so nothing is lost.
    void next.then(
      (late) => late?.nak(),
      () => undefined,
    );
  }
  return message;
}

function parse<T>(contract: Contract<T>, message: JsMsg): T {
  try {
    return contract.schema.parse(message.json());
  } catch (error) {
    throw new Permanent(
      `Message ${message.seq} on ${message.subject} is no ${contract.name}/v${contract.version}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
