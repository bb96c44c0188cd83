import { readFile } from 'node:fs/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { assertConsumer, type ConsumerSpec } from './consumer.ts';
import { type Documents, openDocuments } from './documents.ts';
import { assertStreams } from './streams.ts';

/** The oldest nats-server that pull consumers as we use them work on. */
export const OLDEST_NATS_SERVER = '2.9.4';

export type BusOptions = {
  /** `nats://host:port`, several comma-separated */
  url: string;
  /** a credentials file, if the server asks for one */
  credsFile?: string | undefined;
  token?: string | undefined;
  /** the connection's name in the server's own lists */
  name: string;
  /** how long the first connection may take before it is an error; null: wait for ever */
  connectTimeoutMs: number | null;
  /** told of what happens to the connection: one sentence */
  onEvent?: (event: string) => void;
};

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
  /** connected, and the last assertion succeeded */
  ready(): boolean;
  /** Flushes and closes; call it after all loops have ended. */
  close(): Promise<void>;
};

/** Connects and asserts the streams. Throws an error that names the server and what to do when it cannot be reached. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const connection = await dial(options);
  const version = connection.info?.version ?? '0';
  if (olderThan(version, OLDEST_NATS_SERVER)) {
    await connection.close();
    throw new Error(
      `The nats-server at ${options.url} is version ${version}; Chimera needs ${OLDEST_NATS_SERVER} or newer. Upgrade it, or name another with CHIMERA_NATS_URL.`,
    );
  }
  const client = jetstream(connection);
  const manager = await jetstreamManager(connection);
  const consumers: ConsumerSpec[] = [];
  const buckets = new Map<string, () => Promise<void>>();
  let asserted = false;
  let asserting: Promise<void> | null = null;

  async function assertAll(): Promise<void> {
    asserted = false;
    await assertStreams(manager);
    for (const spec of consumers) await assertConsumer(manager, spec);
    for (const reopen of buckets.values()) await reopen();
    asserted = true;
  }
  // Many loops notice a wiped server at once; one assertion serves them all.
  const assert = () => {
    asserting ??= assertAll().finally(() => {
      asserting = null;
    });
    return asserting;
  };

  await assert();
  void watchStatus(connection, assert, options.onEvent ?? (() => {}));

  return {
    connection,
    jetstream: client,
    manager,
    assert,
    async consumer(spec) {
      consumers.push(spec);
      await assertConsumer(manager, spec);
    },
    async documents(bucket, schema) {
      const kvm = new Kvm(client);
      const documents = await openDocuments(kvm, bucket, schema);
      buckets.set(bucket, documents.reopen);
      return documents;
    },
    ready: () => asserted && !connection.isClosed() && !connection.isDraining(),
    async close() {
      if (!connection.isClosed()) await connection.drain();
    },
  };
}

async function dial(options: BusOptions): Promise<NatsConnection> {
  const servers = options.url.split(',').map((s) => s.trim());
  const authenticator = options.credsFile ? credsAuthenticator(await readFile(options.credsFile)) : undefined;
  const deadline = options.connectTimeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + options.connectTimeoutMs;
  for (;;) {
    try {
      return await connect({
        servers,
        name: options.name,
        // The defaults give up for good after about twenty seconds, and notice a dead link after minutes.
        maxReconnectAttempts: -1,
        reconnectTimeWait: 500,
        pingInterval: 20_000,
        ...(authenticator ? { authenticator } : {}),
        ...(options.token ? { token: options.token } : {}),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (performance.now() >= deadline) {
        throw new Error(
          `No nats-server answers at ${options.url} (${reason}). Start one, or name another with CHIMERA_NATS_URL; "chimera doctor" says what is reachable.`,
          { cause: error },
        );
      }
      options.onEvent?.(`no nats-server answers at ${options.url} yet (${reason}); trying again`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function watchStatus(connection: NatsConnection, assert: () => Promise<void>, onEvent: (event: string) => void): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') onEvent('the connection to NATS is lost; reconnecting');
    if (status.type !== 'reconnect') continue;
    onEvent('connected to NATS again; asserting streams, consumers and buckets');
    // A failure here is not the end: the pull loops assert again when their next pull fails.
    await assert().catch((error: Error) => onEvent(`asserting after the reconnect failed: ${error.message}`));
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
