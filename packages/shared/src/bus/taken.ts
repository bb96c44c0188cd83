import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Clock } from './clock.ts';
import type { ConsumerSpec } from './consumer.ts';
import { answersBy } from './delivered.ts';
import type { Delivered } from './port.ts';

const ANSWER_MS = 2_000;
const EXPIRES_MS = 50;
const NANOS_PER_MS = 1_000_000;
/** Nothing is there, or others asked before for all that is there; statuses of a pull. */
const NOTHING: ReadonlySet<number> = new Set([404, 408]);

/**
 * Asks a durable for one message that is there: null where it has none just now. The client's `next()` waits at least a second, and
 * a pull that is not to wait at all gets no answer from servers of the 2.9 line where another one is served before it: so this one
 * waits for a moment. The request and its statuses: NATS' ADR-13. Throws when the consumer is gone, or the server; on 2.9 both, and
 * now and then a pull that just ran out, show as a timeout, so that whoever asks asserts and asks again.
 */
export async function takeNow(connection: NatsConnection, { stream, durable }: ConsumerSpec, clock: Clock): Promise<Delivered | null> {
  const ask = JSON.stringify({ batch: 1, expires: EXPIRES_MS * NANOS_PER_MS });
  const message = await connection.request(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, ask, {
    timeout: ANSWER_MS,
    // A message is delivered under its own subject, by which the shared inbox of requests would not know it.
    noMux: true,
  });
  const status = message.headers?.code ?? 0;
  if (NOTHING.has(status)) return null;
  if (status !== 0)
    throw new Error(
      `The durable ${durable} of stream ${stream} gave no message: ${status} ${message.headers?.description ?? ''}. It is asserted again.`,
    );
  return takenBy(connection, message, clock);
}

/** What the reply subject of a delivery tells: `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.…`, since 2.10 with two more tokens in front (ADR-15). */
function takenBy(connection: NatsConnection, message: Msg, clock: Clock): Delivered {
  const reply = message.reply ?? '';
  const tokens = reply.split('.');
  const at = tokens.length > 9 ? 4 : 2;
  const [stream, deliveries, sequence] = [tokens[at] ?? '', Number(tokens[at + 2]), Number(tokens[at + 3])];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || !(deliveries > 0) || !(sequence > 0))
    throw new Error(`A message on ${message.subject} came with the reply subject "${reply}", which is none of JetStream's.`);
  return {
    stream,
    subject: message.subject,
    sequence,
    deliveries,
    data: message.data,
    messageId: message.headers?.get('Nats-Msg-Id') || null,
    traceparent: message.headers?.get('traceparent') || null,
    ...answersBy(connection, { reply, subject: message.subject, sequence }, clock),
  };
}
