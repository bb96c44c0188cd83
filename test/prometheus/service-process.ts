import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '../../packages/cli/src/services.ts';

/** One service as a process of its own, on a port that it keeps when it is started again. */
export type ServiceProcess = {
  /** host:port */
  address: string;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  start(): void;
};

/** Starts a service; its log goes to `<folder>/<name>.log`. It ends with this process, killed or not. */
export async function startService(name: ServiceName, folder: string, environment: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  const running = () => {
    if (child === null) throw new Error(`The ${name} of this test does not run.`);
    return child;
  };
  const one: ServiceProcess = {
    address: `127.0.0.1:${port}`,
    signal: (signal) => void running().kill(signal),
    async kill() {
      if (child === null) return;
      child.kill('SIGKILL');
      await gone;
    },
    start() {
      const log = openSync(join(folder, `${name}.log`), 'a');
      const begun = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SERVICES[name].main], {
        env: { ...process.env, ...environment, CHIMERA_HTTP_PORT: String(port), CHIMERA_END_WITH_STDIN: '1' },
        stdio: ['pipe', log, log],
      });
      closeSync(log);
      begun.stdin?.on('error', () => undefined);
      child = begun;
      gone = new Promise((resolve) =>
        begun.once('exit', () => {
          child = null;
          resolve();
        }),
      );
    },
  };
  one.start();
  return one;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
