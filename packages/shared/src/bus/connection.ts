import { type Consumer, type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Tracer } from '../trace/tracer.ts';
import { NotAllowed, NotThereYet } from './access/missing.ts';
import { rightsOn } from './access/rights.ts';
import { bucketsMadeBy } from './access/subjects.ts';
import { type Clock, systemClock } from './clock.ts';
import { assertConsumer, type ConsumerSpec, mayConsume } from './consumer.ts';
import { deliveredBy } from './delivered.ts';
import { type DialOptions, dial, withoutPassword } from './dial.ts';
import { documentsOf } from './documents.ts';
import { makeBucket, natsKv } from './kv.ts';
import type { Bus } from './port.ts';
import { assertStreams, StreamMismatch } from './streams.ts';
import { takeNow } from './taken.ts';

/** The oldest nats-server that pull consumers as we use them work on. */
export const OLDEST_NATS_SERVER = '2.9.4';

export type BusOptions = DialOptions & {
  /** told whenever the connection is lost, and whenever it is back */
  onLink?: (state: 'lost' | 'back') => void;
  /** where the spans of its messages go; absent: nothing is traced */
  tracer?: Tracer;
};

const DRAIN_MS = 2_000;
const PAUSE_MS = 500;
const WORD_EACH_MS = 60_000;

// Publishing during an outage is not buffered: a short timeout with retries crosses it.
const PUBLISH_TIMEOUT_MS = 1_000;
const PUBLISH_RETRIES = 30;

/** A connection to NATS on which streams, consumers and buckets are known to exist. */
export type NatsBus = Bus & {
  connection: NatsConnection;
  jetstream: JetStreamClient;
  manager: JetStreamManager;
  /** Flushes and closes; call it after all loops have ended. */
  close(): Promise<void>;
};

/** Connects and asserts the streams. Throws an error that names the server and what to do when it cannot be reached or used. */
export async function connectBus(options: BusOptions): Promise<NatsBus> {
  const connection = await dial(options);
  try {
    return await busOn(connection, options);
  } catch (error) {
    // An open connection would keep the process alive.
    await connection.close();
    throw error;
  }
}

async function busOn(connection: NatsConnection, options: BusOptions): Promise<NatsBus> {
  const version = connection.info?.version ?? '0';
  if (olderThan(version, OLDEST_NATS_SERVER)) {
    throw new Error(
      `The nats-server at ${withoutPassword(options.url)} is version ${version}; Chimera needs ${OLDEST_NATS_SERVER} or newer. Upgrade it, or name another with CHIMERA_NATS_URL.`,
    );
  }
  const client = jetstream(connection);
  const manager = await jetstreamManager(connection).catch((error: Error) => {
    throw new Error(
      `The nats-server at ${withoutPassword(options.url)} offers no JetStream (${error.message}). Start it with "nats-server -js", or name another with CHIMERA_NATS_URL.`,
      { cause: error },
    );
  });
  const rights = rightsOn(connection);
  const consumers = new Map<string, ConsumerSpec>();
  const reopens: (() => Promise<void>)[] = [];
  const clock: Clock = systemClock;
  /** handles of consumers, forgotten with every fault: the server may no longer know them */
  const handles = new Map<string, Consumer>();
  const onEvent = options.onEvent ?? (() => {});
  const listeners = new Set<() => void>();
  let connected = true;
  // Counts connections: what was asked of one says nothing of the next.
  let epoch = 0;
  let asserted = false;
  let asserting: Promise<void> | null = null;

  async function assertAll(): Promise<void> {
    const began = epoch;
    asserted = false;
    await assertStreams(manager, rights, onEvent);
    // Also for those who may use them and not make them.
    const kvm = new Kvm(client);
    for (const bucket of bucketsMadeBy(rights.publishes ?? [])) await makeBucket(kvm, bucket, clock, rights);
    for (const spec of consumers.values()) await assertConsumer(manager, spec, rights, onEvent);
    for (const reopen of reopens) await reopen();
    if (began !== epoch) throw new Error('The connection to NATS was lost while streams, consumers and buckets were asserted.');
    asserted = true;
  }
  // Many loops notice a wiped server at once; one assertion serves them all.
  const assert = () => {
    if (!connected)
      return Promise.reject(new Error('The connection to NATS is lost; streams, consumers and buckets are asserted when it is back.'));
    if (asserting) return asserting;
    const mine = assertAll().finally(() => {
      if (asserting === mine) asserting = null;
    });
    asserting = mine;
    return mine;
  };

  /** Tells of what is tried twice a second: at once, and once a minute while it stays the same. */
  let lastWord = { sentence: '', atMs: 0 };
  function tellOften(sentence: string): void {
    if (sentence === lastWord.sentence && clock.elapsed() - lastWord.atMs < WORD_EACH_MS) return;
    lastWord = { sentence, atMs: clock.elapsed() };
    onEvent(sentence);
  }

  /** The first assertion: NATS may go away right after it was reached. */
  async function begin(): Promise<void> {
    const deadline = options.connectTimeoutMs === null ? Number.POSITIVE_INFINITY : clock.elapsed() + options.connectTimeoutMs;
    for (;;) {
      try {
        return await assert();
      } catch (error) {
        const reason = (error as Error).message;
        if (error instanceof StreamMismatch || error instanceof NotAllowed || connection.isClosed()) throw error;
        if (clock.elapsed() >= deadline)
          throw new Error(
            `The nats-server at ${withoutPassword(options.url)} was reached, but streams, consumers and buckets could not be made sure of (${reason}). See whether it is still there, and what it says.`,
            { cause: error },
          );
        tellOften(`asserting after connecting failed: ${reason}; trying again`);
        await clock.sleep(PAUSE_MS);
      }
    }
  }

  void watchStatus();
  await begin();
  /** Asserts until it succeeds (JetStream may take a while to be there again), or until this connection is lost too. */
  async function renew(): Promise<void> {
    const began = epoch;
    while (began === epoch && !connection.isClosed() && !connection.isDraining()) {
      try {
        await assert();
        for (const listener of listeners) listener();
        return;
      } catch (error) {
        tellOften(`asserting after the reconnect failed: ${(error as Error).message}; trying again`);
        await clock.sleep(PAUSE_MS);
      }
    }
  }
  async function watchStatus(): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        connected = false;
        asserted = false;
        asserting = null;
        handles.clear();
        epoch++;
        options.onLink?.('lost');
        onEvent('the connection to NATS is lost; reconnecting');
      }
      if (status.type === 'reconnect') {
        connected = true;
        options.onLink?.('back');
        onEvent('connected to NATS again; asserting streams, consumers and buckets');
        void renew();
      }
    }
  }
  return {
    connection,
    jetstream: client,
    manager,
    clock,
    tracer: options.tracer,
    server: () => addressOf(connection.getServer()),
    assert,
    async publish({ subject, text, id, headers: fields }) {
      const head = headers();
      for (const [name, value] of Object.entries(fields)) head.set(name, value);
      await client.publish(subject, text, { msgID: id, headers: head, timeout: PUBLISH_TIMEOUT_MS, retries: PUBLISH_RETRIES });
    },
    async pull(spec, expiresMs) {
      const key = `${spec.stream}/${spec.durable}`;
      const consumer = handles.get(key) ?? (await client.consumers.get(spec.stream, spec.durable));
      handles.set(key, consumer);
      try {
        const message = await consumer.next({ expires: expiresMs });
        return message && deliveredBy(connection, message, clock);
      } catch (error) {
        handles.delete(key);
        throw error;
      }
    },
    take: (spec) => takeNow(connection, spec, clock),
    async held(stream, filter) {
      const { state } = await manager.streams.info(stream, { subjects_filter: filter });
      return new Map(Object.entries(state.subjects ?? {}));
    },
    listen(filter, hear) {
      const subscription = connection.subscribe(filter, {
        callback: (error, message) => {
          if (error === null) hear(message.subject);
        },
      });
      return () => {
        if (!connection.isClosed() && !connection.isDraining()) subscription.unsubscribe();
      };
    },
    tell(subject, text) {
      if (connection.isClosed() || connection.isDraining()) return;
      const traceparent = options.tracer?.current();
      const head = headers();
      if (traceparent) head.set('traceparent', traceparent);
      connection.publish(subject, text, traceparent ? { headers: head } : {});
    },
    async queue(spec) {
      const info = await manager.consumers.info(spec.stream, spec.durable);
      // A consumer with a damaged state may wait for ever for answers to messages that are gone; whoever reads that it has work asks for none.
      const { state } = await manager.streams.info(spec.stream, { subjects_filter: spec.filter });
      const there = Object.values(state.subjects ?? {}).reduce((sum, n) => sum + n, 0);
      return { pending: Math.min(info.num_pending, there), unacknowledged: Math.min(info.num_ack_pending, there) };
    },
    onRenewed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async consumer(spec) {
      if (mayConsume(rights, spec)) consumers.set(`${spec.stream}/${spec.durable}`, spec);
      await assertConsumer(manager, spec, rights, onEvent);
    },
    mayConsume: (spec) => mayConsume(rights, spec),
    async documents(bucket, schema) {
      const kv = await onceThere(() => natsKv(new Kvm(client), manager, bucket, clock, rights), clock, tellOften);
      reopens.push(() => kv.reopen());
      return documentsOf(kv, bucket, schema, clock, onEvent);
    },
    ended: () => connection.isClosed() || connection.isDraining(),
    ready: () => connected && asserted && !connection.isClosed() && !connection.isDraining(),
    async close() {
      if (connection.isClosed()) return;
      // Where the server is gone, draining waits for its answer or fails, and the connection would dial for ever.
      const timer = setTimeout(() => void connection.close(), DRAIN_MS);
      await Promise.race([connection.drain().catch(() => undefined), connection.closed()]);
      clearTimeout(timer);
      await connection.close();
    },
  };
}

/** A server as the client names it, `host:port`, in parts. */
function addressOf(server: string): { address: string; port: number } {
  const at = server.lastIndexOf(':');
  return { address: server.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(server.slice(at + 1)) };
}

/** What is made by others is waited for, and that is told. */
export async function onceThere<R>(open: () => Promise<R>, clock: Clock, tell: (sentence: string) => void): Promise<R> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof NotThereYet)) throw error;
      tell(error.message);
      await clock.sleep(PAUSE_MS);
    }
  }
}

/** True where dotted version `a` is older than `b`. */
export function olderThan(a: string, b: string): boolean {
  const parts = (v: string) =>
    v
      .split(/[.-]/)
      .slice(0, 3)
      .map((p) => Number.parseInt(p, 10) || 0);
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (x[i] ?? 0) < (y[i] ?? 0);
  return false;
}
