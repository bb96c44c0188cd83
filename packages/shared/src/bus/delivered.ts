import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock } from './clock.ts';
import type { Delivered } from './port.ts';

const ANSWER_MS = 1_000;
const TRIES = 10;
const NANOS_PER_MS = 1_000_000;

/** A message of a durable of JetStream, with the ways to answer it that were measured to work on old servers too. */
export function deliveredBy(connection: NatsConnection, message: JsMsg, clock: Clock): Delivered {
  // Every message of a consumer carries its reply subject; the client's interface leaves it out.
  const { reply } = message as JsMsg & { reply: string };
  return {
    stream: message.info.stream,
    subject: message.subject,
    sequence: message.seq,
    deliveries: message.info.deliveryCount,
    data: message.data,
    messageId: message.headers?.get('Nats-Msg-Id') || null,
    traceparent: message.headers?.get('traceparent') || null,
    ...answersBy(connection, { reply, subject: message.subject, sequence: message.seq }, clock),
  };
}

type Delivery = { reply: string; subject: string; sequence: number };

/** The answers to a delivery, as its reply subject takes them (NATS' ADR-13). */
export function answersBy(
  connection: NatsConnection,
  delivery: Delivery,
  clock: Clock,
): Pick<Delivered, 'acknowledge' | 'giveBack' | 'working' | 'drop'> {
  const say = (answer: string) => {
    if (!connection.isClosed()) connection.publish(delivery.reply, answer);
  };
  return {
    acknowledge: () => acknowledge(connection, delivery, clock),
    giveBack: (delayMs) => say(delayMs === undefined ? '-NAK' : `-NAK ${JSON.stringify({ delay: Math.round(delayMs * NANOS_PER_MS) })}`),
    working: () => say('+WPI'),
    // Without an argument: servers of the 2.9 line ignore a term that carries a reason.
    drop: () => say('+TERM'),
  };
}

/**
 * Waits until the server confirms, over an outage of some seconds too: the work was dear, and without the
 * confirmation it is done again. `ackAck()` sends once and is mute afterwards. Throws when no answer comes.
 */
async function acknowledge(connection: NatsConnection, { reply, subject, sequence }: Delivery, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await connection.request(reply, '+ACK', { timeout: ANSWER_MS });
      return;
    } catch (error) {
      if (tries === TRIES || connection.isClosed())
        throw new Error(`The server did not confirm that message ${sequence} on ${subject} is done; it comes again.`, { cause: error });
      await clock.sleep(ANSWER_MS / 4);
    }
  }
}
