import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One run of the fake command, as the test sees it. */
export interface FakeRun {
  pid: number;
  arguments: string[];
  /** lets it print, and end with this code; a run that is not answered hangs */
  answer(stdout: string, code?: number, stderr?: string): void;
  /** settles when the process has ended */
  ended: Promise<void>;
}

export interface FakeNvidiaSmi {
  command: string;
  /** the next run that begins; each is handed out once, in order */
  nextRun(): Promise<FakeRun>;
  /** how many runs have begun */
  runs(): number;
  close(): Promise<void>;
}

/**
 * An executable in place of `nvidia-smi`, whose every run asks the test over a socket what to print. The hardware behind the real
 * one cannot be had; the process, its arguments, its end and its being killed are real.
 */
export async function fakeNvidiaSmi(): Promise<FakeNvidiaSmi> {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-'));
  const command = join(folder, 'nvidia-smi');
  const address = join(folder, 'ask');
  const waiting: FakeRun[] = [];
  const askers: ((run: FakeRun) => void)[] = [];
  const sockets = new Set<Socket>();
  let begun = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // a killed run resets its connection
    const ended = once(socket, 'close').then(() => {});
    socket.once('data', (bytes) => {
      const { pid, args } = JSON.parse(bytes.toString('utf8')) as { pid: number; args: string[] };
      begun += 1;
      const answer = (stdout: string, code = 0, stderr = ''): void => {
        socket.end(JSON.stringify({ stdout, code, stderr }));
      };
      const run = { pid, arguments: args, answer, ended };
      const asker = askers.shift();
      if (asker === undefined) waiting.push(run);
      else asker(run);
    });
  });
  server.listen(address);
  await once(server, 'listening');
  await writeFile(command, script(address));
  await chmod(command, 0o755);
  return {
    command,
    nextRun() {
      const run = waiting.shift();
      return run === undefined ? new Promise((resolve) => askers.push(resolve)) : Promise.resolve(run);
    },
    runs: () => begun,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}

function script(address: string): string {
  return `#!${process.execPath}
const socket = require('node:net').connect(${JSON.stringify(address)});
let text = '';
socket.write(JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }));
socket.on('data', (bytes) => { text += bytes; });
socket.on('end', () => {
  const { stdout, code, stderr } = JSON.parse(text);
  process.stderr.write(stderr);
  process.stdout.write(stdout, () => process.exit(code));
});
`;
}
