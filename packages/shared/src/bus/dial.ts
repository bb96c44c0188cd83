import { readFile } from 'node:fs/promises';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';

export type DialOptions = {
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

const PAUSE_MS = 500;
// A server that is away for an hour should not fill the log.
const WORD_EACH_MS = 60_000;

/** Connects, trying again until the time is up. Throws an error that names the server and the next step. */
export async function dial(options: DialOptions): Promise<NatsConnection> {
  const servers = options.url.split(',').map((s) => s.trim());
  const authenticator = options.credsFile ? credsAuthenticator(await readFile(options.credsFile)) : undefined;
  const deadline = options.connectTimeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + options.connectTimeoutMs;
  let nextWord = 0;
  for (;;) {
    try {
      return await connect({
        servers,
        name: options.name,
        // The defaults give up for good after about twenty seconds, and notice a dead link after minutes.
        maxReconnectAttempts: -1,
        reconnectTimeWait: PAUSE_MS,
        pingInterval: 20_000,
        ...(authenticator ? { authenticator } : {}),
        ...(options.token ? { token: options.token } : {}),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (performance.now() >= deadline) {
        throw new Error(
          `No nats-server answers at ${withoutPassword(options.url)} (${reason}). Start one, or name another with CHIMERA_NATS_URL; "chimera doctor" says what is reachable.`,
          { cause: error },
        );
      }
      if (performance.now() >= nextWord) {
        options.onEvent?.(
          `no nats-server answers at ${withoutPassword(options.url)} yet (${reason}); trying again, and telling of it each minute`,
        );
        nextWord = performance.now() + WORD_EACH_MS;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** A server's address as it may stand in logs and messages. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/,\s]*@/g, '//…@');
}
