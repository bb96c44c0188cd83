import { headers } from '@nats-io/transport-node';
import type { Bus } from './connection.ts';
import type { Contract } from './contract.ts';

// Publishing during an outage is not buffered: a short timeout with retries crosses it.
const PUBLISH_TIMEOUT_MS = 1_000;
const PUBLISH_RETRIES = 30;

/**
 * Validates a message against its contract and publishes it with its id; resolves once the stream holds it.
 * `traceparent` (W3C) is passed on where there is one. Throws zod's error for data that breaks the contract.
 */
export async function publish<T>(bus: Bus, contract: Contract<T>, data: T, traceparent?: string): Promise<void> {
  const valid = contract.schema.parse(data);
  const head = headers();
  head.set('content-type', 'application/json');
  head.set('chimera-message', `${contract.name}/v${contract.version}`);
  if (traceparent) head.set('traceparent', traceparent);
  await bus.jetstream.publish(contract.subject(valid), JSON.stringify(valid), {
    msgID: contract.id(valid),
    headers: head,
    timeout: PUBLISH_TIMEOUT_MS,
    retries: PUBLISH_RETRIES,
  });
}
