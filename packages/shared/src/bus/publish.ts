import type { Contract } from './contract.ts';
import type { Bus } from './port.ts';

/**
 * Validates a message against its contract and publishes it with its id; resolves once the stream holds it.
 * `traceparent` (W3C) is passed on where there is one. Throws zod's error for data that breaks the contract.
 */
export async function publish<T>(bus: Pick<Bus, 'publish'>, contract: Contract<T>, data: T, traceparent?: string): Promise<void> {
  const valid = contract.schema.parse(data);
  await bus.publish({
    subject: contract.subject(valid),
    text: JSON.stringify(valid),
    id: contract.id(valid),
    headers: {
      'content-type': 'application/json',
      'chimera-message': `${contract.name}/v${contract.version}`,
      ...(traceparent ? { traceparent } : {}),
    },
  });
}
