import type { NatsServerChild } from './nats-server.ts';
import { CommandFailed } from './usage-error.ts';

export type NatsKeeper = {
  url: string;
  /** rejects when the server keeps dying at once */
  gaveUp: Promise<never>;
  stop(): Promise<void>;
};

const HASTY_MS = 5_000;
const HASTY_DEATHS = 5;

/** Starts a nats-server and starts it again, on the same port and state, whenever it dies. */
export async function keepNatsServer(
  start: (port: number) => Promise<NatsServerChild>,
  port: number,
  say: (line: string) => void,
): Promise<NatsKeeper> {
  let server = await start(port);
  const { url } = server;
  let stopping = false;

  async function keep(): Promise<never> {
    for (let hasty = 0; hasty < HASTY_DEATHS; ) {
      const started = performance.now();
      const how = await server.ended;
      if (stopping) return new Promise<never>(() => {});
      hasty = performance.now() - started < HASTY_MS ? hasty + 1 : 0;
      say(`chimera: ${how}; starting it again with its state`);
      server = await start(Number(new URL(url).port));
    }
    throw new CommandFailed(
      'nats-server keeps dying right after its start; its state is kept. See whether the disk is full, and what the logs of the services say.',
    );
  }
  const gaveUp = keep();
  // Whoever waits for it hears of it; until then it is no unhandled rejection.
  gaveUp.catch(() => undefined);

  return {
    url,
    gaveUp,
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}
