import type { JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connection.ts';

const ANSWER_MS = 1_000;
const TRIES = 10;

/**
 * Acknowledges a message and waits until the server confirms it, over an outage of some seconds too: the work was
 * dear, and without the confirmation it is done again. `ackAck()` sends once and is mute afterwards.
 * Throws when no answer comes; the message is then delivered again.
 */
export async function acknowledge(bus: Bus, message: JsMsg): Promise<void> {
  // Every message of a consumer carries it; the client's interface leaves it out.
  const { reply } = message as JsMsg & { reply: string };
  for (let tries = 1; ; tries++) {
    try {
      await bus.connection.request(reply, '+ACK', { timeout: ANSWER_MS });
      return;
    } catch (error) {
      if (tries === TRIES || bus.connection.isClosed())
        throw new Error(`The server did not confirm that message ${message.seq} on ${message.subject} is done; it comes again.`, {
          cause: error,
        });
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS / 4));
    }
  }
}
