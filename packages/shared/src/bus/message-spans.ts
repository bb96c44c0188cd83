import { ATTRIBUTES as A } from '../trace/span-names.ts';
import type { Attributes, SpanOptions } from '../trace/tracer.ts';
import type { Contract } from './contract.ts';
import type { Bus, Delivered } from './port.ts';

type MessageSpan = SpanOptions & { name: string };

/** The span of a message that goes out; `parent`: the traceparent that it continues. */
export function sendSpan<T>(
  bus: Pick<Bus, 'server'>,
  contract: Contract<T>,
  message: { subject: string; id: string },
  parent: string | undefined,
): MessageSpan {
  return {
    name: `send ${contract.subjects}`,
    kind: 'producer',
    parent,
    attributes: { ...common(bus, contract, 'send'), [A.destination]: message.subject, [A.messageId]: message.id },
  };
}

/** The span of one delivery: the child of the span that sent the message. */
export function processSpan<T>(bus: Pick<Bus, 'server'>, contract: Contract<T>, durable: string, message: Delivered): MessageSpan {
  return {
    name: `process ${contract.subjects}`,
    kind: 'consumer',
    parent: message.traceparent,
    attributes: {
      ...common(bus, contract, 'process'),
      [A.destination]: message.subject,
      [A.messageId]: message.messageId ?? undefined,
      [A.consumerGroup]: durable,
      [A.deliveries]: message.deliveries,
    },
  };
}

/** The template stands for the subject in names: it holds no id, so there are few of them. */
function common<T>(bus: Pick<Bus, 'server'>, contract: Contract<T>, operation: 'send' | 'process'): Attributes {
  const server = bus.server?.();
  return {
    [A.messagingSystem]: 'nats',
    [A.messagingOperation]: operation,
    [A.messagingOperationType]: operation,
    [A.destinationTemplate]: contract.subjects,
    [A.serverAddress]: server?.address,
    [A.serverPort]: server?.port,
  };
}
