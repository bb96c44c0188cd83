import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type InitWishes, initAccess } from '../../packages/cli/src/nats-access/init.ts';
import type { Nats, NatsBinary } from './nats.ts';

/** A nats-server on the configuration that `chimera nats init` writes. */
export type LockedNats = Nats & {
  /** the folder of `chimera nats init`: creds/, keys/, nats.conf */
  access: string;
  creds(user: string): string;
  /** what the server has said so far */
  said: readonly string[];
  /** Lets it read its configuration again (SIGHUP). */
  reload(): Promise<void>;
};

export type LockedOptions = { models?: readonly string[]; server?: InitWishes['server'] };

const START_MS = 15_000;

/** Makes users and starts a real nats-server on them, on a free port of loopback. Call `close()` when done. */
export async function startLockedNats(binary: NatsBinary, { models = [], server = {} }: LockedOptions = {}): Promise<LockedNats> {
  const access = realpathSync(mkdtempSync(join(tmpdir(), 'chimera-locked-')));
  const storeDir = join(access, 'state');
  await initAccess(access, { server: { monitor: null, storeDir, ...server }, models, bucketEvents: null });
  const said: string[] = [];
  let heard = () => {};
  let running = await start(-1);

  async function saying(pattern: RegExp, from: number): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(START_MS);
    for (;;) {
      for (const line of said.slice(from)) {
        const found = pattern.exec(line);
        if (found) return found;
      }
      await new Promise<void>((resolve, reject) => {
        heard = resolve;
        late.addEventListener('abort', () =>
          reject(new Error(`The nats-server did not say ${pattern}; it said:\n${said.slice(from).join('\n')}`)),
        );
      });
    }
  }

  async function start(port: number) {
    const from = said.length;
    const child = spawn(binary.path, ['-c', join(access, 'nats.conf'), '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      heard();
    });
    const ended = once(child, 'exit');
    child.once('exit', (code) => {
      said.push(`ended with ${code}`);
      heard();
    });
    const listens = await saying(/Listening for client connections on .*:(\d+)|^ended with/, from);
    if (listens[1] === undefined) throw new Error(`The nats-server did not start:\n${said.slice(from).join('\n')}`);
    await saying(/Server is ready/, from);
    return { child, ended, port: Number(listens[1]) };
  }

  let up = true;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (!up) return;
    running.child.kill(signal);
    await running.ended;
    up = false;
  };
  const { port } = running;
  return {
    access,
    said,
    creds: (user) => join(access, 'creds', `${user}.creds`),
    url: `${server.tls ? 'tls' : 'nats'}://127.0.0.1:${port}`,
    port,
    folder: storeDir,
    pid: () => running.child.pid ?? 0,
    stop: () => stop(),
    kill: () => stop('SIGKILL'),
    async restart() {
      running = await start(port);
      up = true;
    },
    async wipe() {
      if (up) throw new Error('Stop the nats-server before its state is removed.');
      rmSync(storeDir, { recursive: true, force: true });
    },
    async reload() {
      const from = said.length;
      running.child.kill('SIGHUP');
      await saying(/Reloaded/, from);
    },
    async close() {
      await stop();
      rmSync(access, { recursive: true, force: true });
    },
  };
}
