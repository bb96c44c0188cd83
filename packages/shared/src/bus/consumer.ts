import { AckPolicy, DeliverPolicy, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { NotAllowed } from './access/missing.ts';
import { EVERY_RIGHT, type Rights } from './access/rights.ts';
import { consume } from './access/subjects.ts';
import type { StreamName } from './contract.ts';

/**
 * A durable consumer: its name is its identity, so renaming it means consuming everything again.
 * `ackWaitMs` is how long a message may go without a sign of life; `maxDeliveries` is ours to count.
 */
export type ConsumerSpec = {
  stream: StreamName;
  durable: string;
  filter: string;
  ackWaitMs: number;
  maxDeliveries: number;
};

const NANOS_PER_MS = 1_000_000;

/** Whether a user may make a durable and pull from it. */
export function mayConsume(rights: Rights, spec: ConsumerSpec): boolean {
  return consume(spec).every((subject) => rights.mayPublish(subject));
}

/**
 * Makes sure that the consumer exists with these settings; adding one that exists updates it. Throws NotAllowed where the
 * credentials are for others.
 */
export async function assertConsumer(manager: JetStreamManager, spec: ConsumerSpec, rights: Rights = EVERY_RIGHT): Promise<void> {
  if (!mayConsume(rights, spec))
    throw new NotAllowed(
      `The NATS user ${rights.user} may not use the durable ${spec.durable} of ${spec.stream}: its credentials are for another role, or for other models. Make them anew with "chimera nats user", which takes the models with --model.`,
    );
  const settings = {
    filter_subject: spec.filter,
    ack_wait: spec.ackWaitMs * NANOS_PER_MS,
    // Without a limit: we count ourselves, and a message whose burial failed must come once more, or it lies unseen for ever.
    max_deliver: -1,
  };
  try {
    await manager.consumers.info(spec.stream, spec.durable);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error;
    await manager.consumers.add(spec.stream, {
      durable_name: spec.durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: 1_000,
      ...settings,
    });
    return;
  }
  await manager.consumers.update(spec.stream, spec.durable, settings);
}
