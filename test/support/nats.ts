import { mkdtemp, realpath, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { listNatsServers } from '../../packages/cli/provision/nats-server.mjs';
import { compareVersions, isAtLeast } from '../../packages/cli/provision/version.mjs';
import { type NatsServerChild, startNatsServer } from '../../packages/cli/src/nats-server.ts';
import { ROOT } from '../../packages/cli/src/root.ts';

// Outages take seconds; this only keeps a test that hangs from hanging for ever.
const GUARD_MS = 120_000;

/** How long a test tries to connect, for `connectTimeoutMs`: one request to JetStream alone may take 5 s where the disk is busy, and is then asked again. */
export const PATIENT_MS = 60_000;

/** A nats-server binary of this machine. */
export type NatsBinary = { version: string; path: string };

/** The versions that every suite should see: what Debian 12 has, and a current one. */
const WANTED = [
  { name: '2.9.10', is: (version: string) => compareVersions(version, '2.9.10') === 0 },
  { name: '2.11.0 or newer', is: (version: string) => isAtLeast(version, '2.11.0') },
];

/** The real nats-servers of this machine, newest first, one for each version. */
export async function natsServers(): Promise<NatsBinary[]> {
  return (await listNatsServers({ root: ROOT })).map(({ version, path }) => ({ version, path }));
}

const servers = await natsServers();

export type EachNatsOptions = {
  /** the tests of all its servers at once: for those that mostly wait */
  concurrent?: boolean;
  /** only the newest server there is */
  newest?: boolean;
};

/** Registers the suite once for each nats-server there is; a wanted version that is absent shows as a skipped suite that says so. */
export function describeOnEachNats(name: string, suite: (server: NatsBinary) => void, options: EachNatsOptions = {}): void {
  const { concurrent = false, newest = false } = options;
  for (const server of newest ? servers.slice(0, 1) : servers)
    describe(`${name} (nats-server ${server.version})`, { timeout: GUARD_MS, concurrent }, () => suite(server));
  const wanted = newest && servers.length > 0 ? [] : WANTED;
  for (const absent of wanted.filter(({ is }) => !servers.some(({ version }) => is(version)))) {
    describe.skip(`${name} (nats-server ${absent.name})`, () => {
      it(`needs nats-server ${absent.name}: "node scripts/setup.mjs --for-tests" brings one`, () => undefined);
    });
  }
}

/** A real nats-server that a test can break. */
export type Nats = {
  url: string;
  port: number;
  folder: string;
  /** of the nats-server process itself */
  pid(): number;
  /** Ends it in order; its state stays. */
  stop(): Promise<void>;
  /** SIGKILL to the server itself; resolves when it is gone. Its state stays as it was left. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the state that is there. */
  restart(): Promise<void>;
  /** Removes its state; only while it does not run. */
  wipe(): Promise<void>;
  /** Ends it if it runs, and removes its folder. */
  close(): Promise<void>;
};

/** Files in memory, where Linux has them. */
const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 * 2 ** 30;

/**
 * Where servers have their state. They wait for the disk with every message, and many tests at once keep a disk busy for longer than a
 * client waits: in memory the files are the same, and outlive a server that is killed.
 */
async function stateFolder(): Promise<string> {
  const found = await statfs(IN_MEMORY).catch(() => null);
  return found !== null && found.bavail * found.bsize >= ENOUGH_BYTES ? IN_MEMORY : tmpdir();
}

/**
 * Starts a nats-server on loopback with its state in a temporary folder. `port` 0 or absent: a free one, kept over
 * restarts. `folder`: a folder of the caller's, which is not removed. Call `close()` when done.
 */
export async function startNats(binary: NatsBinary, options: { port?: number; folder?: string } = {}): Promise<Nats> {
  const folder = options.folder ?? (await realpath(await mkdtemp(join(await stateFolder(), 'chimera-nats-'))));
  let child: NatsServerChild | null = await startNatsServer({ binary: binary.path, folder, port: options.port ?? 0, durable: true });
  const { url } = child;
  const port = Number(new URL(url).port);
  const running = () => {
    if (child === null) throw new Error('The nats-server of this test does not run.');
    return child;
  };
  const stop = async () => {
    await running().stop();
    child = null;
  };
  return {
    url,
    port,
    folder,
    pid: () => running().pid,
    stop,
    async kill() {
      process.kill(running().pid, 'SIGKILL');
      await running().ended;
      await stop();
    },
    async restart() {
      if (child !== null) throw new Error('The nats-server of this test still runs.');
      child = await startNatsServer({ binary: binary.path, folder, port, durable: true });
    },
    async wipe() {
      if (child !== null) throw new Error('Stop the nats-server before its state is removed.');
      await rm(folder, { recursive: true, force: true });
    },
    async close() {
      if (child !== null) await stop();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
