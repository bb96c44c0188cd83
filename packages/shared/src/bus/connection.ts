import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { assertConsumer, type ConsumerSpec } from './consumer.ts';
import { type DialOptions, dial, withoutPassword } from './dial.ts';
import { type Documents, openDocuments } from './documents.ts';
import { assertStreams } from './streams.ts';

/** The oldest nats-server that pull consumers as we use them work on. */
export const OLDEST_NATS_SERVER = '2.9.4';

export type BusOptions = DialOptions;

const DRAIN_MS = 2_000;
const PAUSE_MS = 500;

/** A connection to NATS on which streams, consumers and buckets are known to exist. */
export type Bus = {
  connection: NatsConnection;
  jetstream: JetStreamClient;
  manager: JetStreamManager;
  /** Registers a consumer and makes sure it exists, now and after every reconnect. */
  consumer(spec: ConsumerSpec): Promise<void>;
  /** A KV bucket of JSON documents. */
  documents<T>(bucket: string, schema: { parse(value: unknown): T }): Promise<Documents<T>>;
  /** Makes sure again that all streams, consumers and buckets are there: a server may come back empty. */
  assert(): Promise<void>;
  /** Calls back each time that all was asserted after a reconnect: what was asked of the server before is void. Returns how to end that. */
  onRenewed(listener: () => void): () => void;
  /** connected, and the last assertion succeeded */
  ready(): boolean;
  /** Flushes and closes; call it after all loops have ended. */
  close(): Promise<void>;
};

/** Connects and asserts the streams. Throws an error that names the server and what to do when it cannot be reached or used. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const connection = await dial(options);
  try {
    return await busOn(connection, options);
  } catch (error) {
    // An open connection would keep the process alive.
    await connection.close();
    throw error;
  }
}

async function busOn(connection: NatsConnection, options: BusOptions): Promise<Bus> {
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
  const consumers = new Map<string, ConsumerSpec>();
  const reopens: (() => Promise<void>)[] = [];
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
    await assertStreams(manager);
    for (const spec of consumers.values()) await assertConsumer(manager, spec);
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

  await assert();
  /** Asserts until it succeeds (JetStream may take a while to be there again), or until this connection is lost too. */
  async function renew(): Promise<void> {
    const began = epoch;
    while (began === epoch && !connection.isClosed() && !connection.isDraining()) {
      try {
        await assert();
        for (const listener of listeners) listener();
        return;
      } catch (error) {
        onEvent(`asserting after the reconnect failed: ${(error as Error).message}; trying again`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }
  async function watchStatus(): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        connected = false;
        asserted = false;
        asserting = null;
        epoch++;
        onEvent('the connection to NATS is lost; reconnecting');
      }
      if (status.type === 'reconnect') {
        connected = true;
        onEvent('connected to NATS again; asserting streams, consumers and buckets');
        void renew();
      }
    }
  }
  void watchStatus();

  return {
    connection,
    jetstream: client,
    manager,
    assert,
    onRenewed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async consumer(spec) {
      consumers.set(`${spec.stream}/${spec.durable}`, spec);
      await assertConsumer(manager, spec);
    },
    async documents(bucket, schema) {
      const kvm = new Kvm(client);
      const documents = await openDocuments(kvm, bucket, schema);
      reopens.push(documents.reopen);
      return documents;
    },
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
