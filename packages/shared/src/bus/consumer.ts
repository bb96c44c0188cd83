import { randomUUID } from 'node:crypto';
import { AckPolicy, type ConsumerInfo, DeliverPolicy, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { NotAllowed } from './access/missing.ts';
import { EVERY_RIGHT, type Rights } from './access/rights.ts';
import { consume, consumerDelete, streamDelete } from './access/subjects.ts';
import { systemClock } from './clock.ts';
import type { StreamName } from './contract.ts';
import type { Tell } from './stream-damage.ts';
import { assertStreams } from './streams.ts';

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
const TURN_MS = 1_000;

/** Whether a user may make a durable and pull from it. */
export function mayConsume(rights: Rights, spec: ConsumerSpec): boolean {
  return consume(spec).every((subject) => rights.mayPublish(subject));
}

/** The server cannot open the file that holds a consumer's state, or make it; it says so under a code for any fault of making one. */
const isStoreFault = (error: unknown) => error instanceof JetStreamApiError && error.message.includes('creating store for consumer');

/**
 * Makes sure that the consumer exists with these settings; adding one that exists updates it. One whose state a damaged file of the
 * server made useless is made anew, and hears again of what is still there. Throws NotAllowed where the credentials are for others.
 */
export async function assertConsumer(
  manager: JetStreamManager,
  spec: ConsumerSpec,
  rights: Rights = EVERY_RIGHT,
  tell: Tell = () => {},
): Promise<void> {
  if (!mayConsume(rights, spec))
    throw new NotAllowed(
      `The NATS user ${rights.user} may not use the durable ${spec.durable} of ${spec.stream}: its credentials are for another role, or for other models. Make them anew with "chimera nats user", which takes the models with --model.`,
    );
  const info = await known(manager, spec);
  if (info === null) return add(manager, spec, rights, tell);
  if (!(await isAhead(manager, info))) {
    await manager.consumers.update(spec.stream, spec.durable, settingsOf(spec));
    return;
  }
  const what = `Durable ${spec.durable} of ${spec.stream} stands behind the last message there is, and would pass over those that come next`;
  if (!rights.mayPublish(consumerDelete(spec.stream, spec.durable))) {
    // It comes right by itself, once so many messages were passed over as it is ahead: nothing need stand still for it.
    tell(`${what}: a file of the nats-server is damaged. Remove it as admin, with "nats consumer rm ${spec.stream} ${spec.durable}".`);
    return;
  }
  tell(`${what}: a file of the nats-server is damaged. It is made anew.`);
  await manager.consumers.delete(spec.stream, spec.durable);
  await add(manager, spec, rights, tell);
}

const settingsOf = (spec: ConsumerSpec) => ({
  filter_subject: spec.filter,
  ack_wait: spec.ackWaitMs * NANOS_PER_MS,
  // Without a limit: we count ourselves, and a message whose burial failed must come once more, or it lies unseen for ever.
  max_deliver: -1,
});

async function known(manager: JetStreamManager, { stream, durable }: ConsumerSpec): Promise<ConsumerInfo | null> {
  try {
    return await manager.consumers.info(stream, durable);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error;
    return null;
  }
}

/** True where it was delivered more than the stream ever held: the stream lost its end, or the consumer's own file is damaged. */
async function isAhead(manager: JetStreamManager, { stream_name, delivered }: ConsumerInfo): Promise<boolean> {
  if (delivered.stream_seq === 0) return false;
  // Asked after the consumer: what was delivered until then, the stream held.
  const { state } = await manager.streams.info(stream_name);
  return delivered.stream_seq > state.last_seq;
}

const addAs = (manager: JetStreamManager, spec: ConsumerSpec, durable: string) =>
  manager.consumers.add(spec.stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    max_ack_pending: 1_000,
    ...settingsOf(spec),
  });

async function add(manager: JetStreamManager, spec: ConsumerSpec, rights: Rights, tell: Tell): Promise<void> {
  const { stream, durable } = spec;
  for (let last = false; ; last = true) {
    try {
      await addAs(manager, spec, durable);
      return;
    } catch (error) {
      if (!isStoreFault(error) || !(await isOnlyItsName(manager, spec, rights))) throw error;
      const what = `Durable ${durable} of ${stream} cannot be made, because what the server kept of it cannot be read: one of its files is damaged`;
      if (!rights.mayPublish(streamDelete(stream)))
        throw new Error(
          `${what}. This user may not remove the stream: do so as admin, with "nats stream rm ${stream}". It is made again, and what it held is asked for again.`,
          { cause: error },
        );
      if (last) {
        tell(`${what}. The stream is made anew; what it held is asked for again.`);
        await manager.streams.delete(stream);
        await assertStreams(manager, rights, tell);
        return addAs(manager, spec, durable).then(() => undefined);
      }
      // Others find the same at the same moment, and one of them is enough.
      await systemClock.sleep(systemClock.random() * TURN_MS);
    }
  }
}

/**
 * True where the same consumer under another name can be made: then no full disk is to blame, but a file that lies under its name,
 * which the server neither reads nor removes (seen on 2.15.1) but with the stream. A user who may not try takes it for that.
 */
async function isOnlyItsName(manager: JetStreamManager, spec: ConsumerSpec, rights: Rights): Promise<boolean> {
  if (!rights.mayPublish(streamDelete(spec.stream))) return true;
  const twin = `twin_${randomUUID()}`;
  try {
    await addAs(manager, spec, twin);
  } catch (error) {
    if (isStoreFault(error)) return false;
    throw error;
  }
  await manager.consumers.delete(spec.stream, twin);
  return true;
}
