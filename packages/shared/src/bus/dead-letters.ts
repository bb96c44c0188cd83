import type { JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connection.ts';
import { DeadLettered } from './contracts.ts';
import { publish } from './publish.ts';

/**
 * Puts a message into the dead letters, then takes it off its stream. If the letter cannot be written this
 * throws, and the message is delivered again: it is never lost between the two.
 */
export async function bury(bus: Bus, message: JsMsg, durable: string, reason: string, now: Date): Promise<void> {
  await publish(bus, DeadLettered, {
    stream: message.info.stream,
    subject: message.subject,
    sequence: message.seq,
    durable,
    attempts: message.info.deliveryCount,
    reason,
    messageId: message.headers?.get('Nats-Msg-Id') || null,
    data: Buffer.from(message.data).toString('base64'),
    at: now.toISOString(),
  });
  // Without an argument: servers of the 2.9 line ignore a term that carries a reason.
  message.term();
}
