import { LEASES_BUCKET, Lease } from '@chimera/shared/store';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ServiceName } from '../support/fleet.ts';

const STREAMS = ['chimera_events', 'chimera_work'];

/**
 * What processes of a service held when they ended and did not hand back, so that others wait for it until its time is over: messages
 * that are not answered and are not given to whoever asks next, and leases. No process of the service may run. Messages that were
 * handed back are handed back once more.
 */
export async function leftBehind(connection: NatsConnection, service: ServiceName): Promise<string[]> {
  const [manager, client] = [await jetstreamManager(connection), jetstream(connection)];
  const left: string[] = [];
  for (const stream of STREAMS) {
    for await (const { name, num_ack_pending } of manager.consumers.list(stream)) {
      if (!name.startsWith(`${service}_`) || num_ack_pending === 0) continue;
      const consumer = await client.consumers.get(stream, name);
      let given = 0;
      for await (const message of await consumer.fetch({ max_messages: num_ack_pending, expires: 1_000 })) {
        if (message.info.deliveryCount > 1) given += 1;
        message.nak();
      }
      if (given < num_ack_pending) left.push(`${num_ack_pending - given} messages of ${name}`);
    }
  }
  if (service === 'ingest') {
    const leases = await new Kvm(client).open(LEASES_BUCKET);
    for await (const key of await leases.keys()) {
      const { holder } = Lease.parse((await leases.get(key))?.json());
      if (holder !== null) left.push(`the lease ${key}`);
    }
  }
  return left;
}
