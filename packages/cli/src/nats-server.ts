import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { olderThan } from '@chimera/shared/bus';
import { CommandFailed } from './usage-error.ts';

export type NatsServerOptions = {
  /** path of the nats-server binary */
  binary: string;
  /** holds its configuration and its JetStream state */
  folder: string;
  /** 0: a free one */
  port: number;
  /** demanded of whoever connects, if given */
  token?: string;
  /** Every write is on the disk before it is confirmed; by default the server waits up to two minutes. Servers before 2.10 cannot. */
  durable?: boolean;
  /** a folder of temporary state to remove once the server has ended, also when this process is killed */
  removeAfterwards?: string;
};

export type NatsServerChild = {
  url: string;
  /** of the nats-server itself, not of the guard around it */
  pid: number;
  /** resolves when it has ended, with a sentence that says how */
  ended: Promise<string>;
  /** Ends it in order. */
  stop(): Promise<void>;
};

// The server lives as long as our end of its standard input: killed or not, we cannot leave it behind.
const GUARD = `
exec 3<&0
"$1" -c "$2" </dev/null & server=$!
{ cat <&3 >/dev/null; kill "$server"; while kill -0 "$server" 2>/dev/null; do sleep 0.05; done; [ -z "$3" ] || rm -rf -- "$3"; } 2>/dev/null &
guard=$!
wait "$server"; status=$?
kill "$guard" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
exit "$status"`;

const START_MS = 15_000;

/** Starts a nats-server with JetStream on loopback and waits until it takes connections. Throws with its own words when it does not. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServerChild> {
  await mkdir(options.folder, { recursive: true });
  const config = join(options.folder, 'nats-server.conf');
  const lines = [
    'host: "127.0.0.1"',
    `port: ${options.port === 0 ? -1 : options.port}`,
    `jetstream { store_dir: ${JSON.stringify(options.folder)}${options.durable && (await syncsAtOnce(options.binary)) ? ', sync_interval: always' : ''} }`,
    ...(options.token ? [`authorization { token: ${JSON.stringify(options.token)} }`] : []),
  ];
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  const child = spawn('sh', ['-c', GUARD, 'nats-guard', options.binary, config, options.removeAfterwards ?? ''], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Its own session: a Ctrl-C in the terminal must reach us first, who stop it last.
    detached: true,
  });
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`nats-server (${options.binary}) ended with ${signal ?? `code ${code}`}`));
    child.once('error', (error) => resolve(`nats-server (${options.binary}) could not be started: ${error.message}`));
  });
  const { port, pid } = await listening(child, ended, options);
  return {
    url: `nats://127.0.0.1:${port}`,
    pid,
    ended,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}

async function syncsAtOnce(binary: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)(binary, ['--version']).catch((error: Error) => {
    throw new CommandFailed(`nats-server (${binary}) does not tell its version: ${error.message}`, { cause: error });
  });
  return !olderThan(/v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? '0', '2.10.0');
}

/** Where the server listens and which process it is, in its own words: each of its lines begins with `[pid]`. */
function listening(child: ChildProcess, ended: Promise<string>, options: NatsServerOptions): Promise<{ port: number; pid: number }> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const stderr = child.stderr;
    if (stderr === null) throw new Error('The nats-server was started without a pipe for its messages.');
    const lines = createInterface({ input: stderr });
    let port: number | null = null;
    const fail = (why: string) => {
      clearTimeout(timer);
      child.stdin?.end();
      reject(
        new CommandFailed(
          `${why}. It said:\n${said.slice(-5).join('\n') || '(nothing)'}\nIf another program holds port ${options.port}, choose another one.`,
        ),
      );
    };
    const timer = setTimeout(() => fail(`nats-server (${options.binary}) did not take connections within ${START_MS / 1_000} s`), START_MS);
    void ended.then(fail);
    lines.on('line', (line) => {
      said.push(line.replace(/^\[\d+\] [\d/: .]+/, ''));
      if (said.length > 50) said.shift();
      port ??= Number(/Listening for client connections on .*:(\d+)/.exec(line)?.[1] ?? Number.NaN) || null;
      if (port !== null && /Server is ready/.test(line)) {
        clearTimeout(timer);
        resolve({ port, pid: Number(/^\[(\d+)\]/.exec(line)?.[1] ?? 0) });
      }
    });
  });
}
