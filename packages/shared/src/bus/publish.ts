import { noTracer, traced } from '../trace/tracer.ts';
import type { Contract } from './contract.ts';
import { sendSpan } from './message-spans.ts';
import type { Bus } from './port.ts';

/**
 * Validates a message against its contract and publishes it with its id; resolves once the stream holds it. It carries the
 * traceparent (W3C) of its own span, which is the child of the span under way; where there is none, of `traceparent`, and where
 * nothing is traced here, `traceparent` itself. Throws zod's error for data that breaks the contract.
 */
export async function publish<T>(
  bus: Pick<Bus, 'publish' | 'tracer' | 'server'>,
  contract: Contract<T>,
  data: T,
  traceparent?: string,
): Promise<void> {
  const valid = contract.schema.parse(data);
  const message = {
    subject: contract.subject(valid),
    text: JSON.stringify(valid),
    id: contract.id(valid),
  };
  const { tracer = noTracer } = bus;
  const { name, ...options } = sendSpan(bus, contract, message, tracer.current() ?? traceparent);
  await traced(tracer, name, options, (span) => {
    const carried = span.traceparent ?? traceparent;
    return bus.publish({
      ...message,
      headers: {
        'content-type': 'application/json',
        'chimera-message': `${contract.name}/v${contract.version}`,
        // NATS' headers are case-sensitive: in lower case, always.
        ...(carried ? { traceparent: carried } : {}),
      },
    });
  });
}
