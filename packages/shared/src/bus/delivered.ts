import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock } from './clock.ts';
import type { Delivered } from './port.ts';

const ANSWER_MS = 1_000;
const TRIES = 10;

/** A message of a durable of JetStream, with the ways to answer it that were measured to work on old servers too. */
export function deliveredBy(connection: NatsConnection, message: JsMsg, clock: Clock): Delivered {
  const ifOpen = (answer: () => void) => {
    if (!connection.isClosed()) answer();
  };
  return {
    stream: message.info.stream,
    subject: message.subject,
    sequence: message.seq,
    deliveries: message.info.deliveryCount,
    data: message.data,
    messageId: message.headers?.get('Nats-Msg-Id') || null,
    traceparent: message.headers?.get('traceparent') || null,
    acknowledge: () => acknowledge(connection, message, clock),
    giveBack: (delayMs) => ifOpen(() => message.nak(delayMs)),
    working: () => ifOpen(() => message.working()),
    // Without an argument: servers of the 2.9 line ignore a term that carries a reason.
    drop: () => ifOpen(() => message.term()),
  };
}

/**
 * Waits until the server confirms, over an outage of some seconds too: the work was dear, and without the
 * confirmation it is done again. `ackAck()` sends once and is mute afterwards. Throws when no answer comes.
 */
async function acknowledge(connection: NatsConnection, message: JsMsg, clock: Clock): Promise<void> {
  // Every message of a consumer carries it; the client's interface leaves it out.
  const { reply } = message as JsMsg & { reply: string };
  for (let tries = 1; ; tries++) {
    try {
      await connection.request(reply, '+ACK', { timeout: ANSWER_MS });
      return;
    } catch (error) {
      if (tries === TRIES || connection.isClosed())
        throw new Error(`The server did not confirm that message ${message.seq} on ${message.subject} is done; it comes again.`, {
          cause: error,
        });
      await clock.sleep(ANSWER_MS / 4);
    }
  }
}
