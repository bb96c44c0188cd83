import { ATTRIBUTES } from '../trace/span-names.ts';
import { noTracer, traced } from '../trace/tracer.ts';
import type { Clock } from './clock.ts';
import type { ConsumerSpec } from './consumer.ts';
import type { Contract } from './contract.ts';
import { bury } from './dead-letters.ts';
import { processSpan } from './message-spans.ts';
import { backoffMs, buriedAnyway, decide, type Outcome, Permanent } from './outcome.ts';
import type { Bus, Delivered } from './port.ts';

export type Delivery = { deliveries: number; traceparent: string | null /** aborted when the service stops */; signal: AbortSignal };

/** What happens to the messages of a durable once they are delivered. */
export type HandlingOptions<T> = {
  bus: Bus;
  contract: Contract<T>;
  /** Returning acknowledges; throwing decides by the class of the error (outcome.ts). May run twice for one message. */
  handle: (data: T, delivery: Delivery) => Promise<void>;
  /** Called before a message that parsed goes to the dead letters; if it throws, the message is delivered again, up to a limit. */
  beforeBurial?: (data: T, reason: string) => Promise<void>;
  observe?: (event: { subject: string; outcome: Outcome; seconds: number; deliveries: number; reason?: string }) => void;
  onError?: (error: Error) => void;
};

/** What became of a delivery; the reason where it is not done. */
type Ending = { outcome: Outcome; reason?: string };

// How long a handler may take to end once it is aborted.
export const GRACE_MS = 1_000;

/**
 * Handles one delivered message to its end: signs of life while it lasts, the acknowledgement behind its result, redelivery or
 * burial where it fails. Throws only where the acknowledgement is not confirmed, or a burial fails: the message comes again.
 * `alive` is called at each sign of life.
 */
export async function handleDelivered<T>(
  options: HandlingOptions<T>,
  consumer: ConsumerSpec,
  message: Delivered,
  told: { signal: AbortSignal; alive: () => void },
): Promise<void> {
  const { bus, contract } = options;
  const { name, ...span } = processSpan(bus, contract, consumer.durable, message);
  await traced(bus.tracer ?? noTracer, name, span, async (span) => {
    const outcome = await toItsEnd(options, consumer, message, told);
    span.set({ [ATTRIBUTES.outcome]: outcome });
    if (outcome === 'dead' || outcome === 'retried') span.fail(outcome);
  });
}

async function toItsEnd<T>(
  options: HandlingOptions<T>,
  consumer: ConsumerSpec,
  message: Delivered,
  { signal, alive }: { signal: AbortSignal; alive: () => void },
): Promise<Outcome> {
  const { bus } = options;
  const { clock } = bus;
  const started = clock.elapsed();
  const endBeat = clock.every(consumer.ackWaitMs / 3, () => {
    alive();
    message.working();
  });
  let ending: Ending = { outcome: 'retried' };
  try {
    ending = await handled(options, consumer, message, signal);
    // Confirmed, because the work was dear. Where no answer comes, the message comes again; that is no fault of the handler.
    if (ending.outcome === 'done') await message.acknowledge();
    return ending.outcome;
  } finally {
    endBeat();
    options.observe?.({
      subject: options.contract.name,
      seconds: (clock.elapsed() - started) / 1_000,
      deliveries: message.deliveries,
      ...ending,
    });
  }
}

/** Handles a message and answers it, unless it is done. */
async function handled<T>(options: HandlingOptions<T>, consumer: ConsumerSpec, message: Delivered, signal: AbortSignal): Promise<Ending> {
  const { deliveries, traceparent } = message;
  let data: T | null = null;
  try {
    data = parse(options.contract, message);
    if (deliveries > consumer.maxDeliveries)
      throw new Permanent(
        `given up after ${consumer.maxDeliveries} deliveries: the last one found no end, as when its process dies in the middle`,
      );
    await withinGrace(options.bus.clock, options.handle(data, { deliveries, traceparent, signal }), signal);
    return { outcome: 'done' };
  } catch (error) {
    if (signal.aborted) {
      message.giveBack();
      return { outcome: 'handed_back', reason: textOf(error) };
    }
    const decision = decide(error, deliveries, consumer.maxDeliveries);
    if (decision.act === 'dead') return giveUp(options, consumer, message, data, decision.reason);
    message.giveBack(decision.delayMs);
    return { outcome: decision.outcome, reason: textOf(error) };
  }
}

async function giveUp<T>(
  options: HandlingOptions<T>,
  consumer: ConsumerSpec,
  message: Delivered,
  data: T | null,
  reason: string,
): Promise<Ending> {
  const { deliveries } = message;
  let why = reason;
  try {
    if (data !== null) await options.beforeBurial?.(data, reason);
  } catch (error) {
    why = `${reason}; what had to be done first failed: ${textOf(error)}`;
    if (!buriedAnyway(deliveries, consumer.maxDeliveries)) {
      message.giveBack(backoffMs(deliveries));
      return { outcome: 'retried', reason: why };
    }
  }
  await bury(options.bus, message, consumer.durable, why);
  return { outcome: 'dead', reason: why };
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
