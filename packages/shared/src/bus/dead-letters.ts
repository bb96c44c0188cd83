import { DeadLettered } from './contracts.ts';
import type { Bus, Delivered } from './port.ts';
import { publish } from './publish.ts';

// A letter must fit the server's largest message, 1 MiB by default, with its data in base64.
const LARGEST_DATA_BYTES = 512 * 1_024;
const LONGEST_REASON = 4_000;

/**
 * Puts a message into the dead letters, then takes it off its stream. If the letter cannot be written this
 * throws, and the message is delivered again: it is never lost between the two.
 * Of very large messages and reasons the beginning is kept, and the reason says so.
 */
export async function bury(bus: Bus, message: Delivered, durable: string, reason: string): Promise<void> {
  const { data } = message;
  const cut = data.length > LARGEST_DATA_BYTES ? ` (of the message's ${data.length} bytes, the first ${LARGEST_DATA_BYTES} are kept)` : '';
  await publish(bus, DeadLettered, {
    stream: message.stream,
    subject: message.subject,
    sequence: message.sequence,
    durable,
    attempts: message.deliveries,
    reason: `${reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason}${cut}`,
    messageId: message.messageId,
    ...(message.traceparent ? { traceparent: message.traceparent } : {}),
    data: Buffer.from(data.subarray(0, LARGEST_DATA_BYTES)).toString('base64'),
    at: new Date(bus.clock.now()).toISOString(),
  });
  message.drop();
}
