import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './seed.ts';

export type Up = {
  home: string;
  bucket: string;
  /** all lines so far */
  lines: readonly string[];
  /** the next line that matches, of those not yet awaited */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** the process id that a service's log last named */
  pidOf(service: string): number;
  /** SIGKILL to the command itself */
  kill(): Promise<number | null>;
  /** Ctrl-C, then the exit code */
  interrupt(): Promise<number | null>;
};

const GUARD_MS = 60_000;
const started = new Set<ChildProcess>();

/** For `afterAll`: a test that failed in the middle leaves nothing running. What a killed `up` had started ends by itself. */
export function killAllUps(): void {
  for (const child of started) child.kill('SIGKILL');
}

/** Runs `chimera up` on free ports in a folder of its own, with the template narrator. `bucket`: another one than the folder's own. */
export function startUp(folder: string, env: NodeJS.ProcessEnv = {}, bucket = join(folder, 'bucket')): Up {
  const home = join(folder, 'home');
  const child: ChildProcess = spawn(
    join(ROOT, 'packages/cli/bin/chimera'),
    ['up', '--bucket', bucket, '--home', home, '--nats-port', '0'],
    {
      env: { ...process.env, CHIMERA_MODEL: 'none', CHIMERA_HTTP_PORT: '0', CHIMERA_SETTLE_SECONDS: '1', CHIMERA_NATS_URL: '', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  started.add(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  let read = 0;
  let wake = () => {};
  if (child.stderr === null) throw new Error('The command was started without a pipe.');
  createInterface({ input: child.stderr }).on('line', (text) => {
    lines.push(text);
    wake();
  });

  async function line(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(GUARD_MS);
    for (;;) {
      for (; read < lines.length; read++) {
        const found = pattern.exec(lines[read] ?? '');
        if (found) {
          read++;
          return found;
        }
      }
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        deadline.addEventListener('abort', () => reject(new Error(`No line matched ${pattern}; there were:\n${lines.join('\n')}`)), {
          once: true,
        });
        void ended.then((code) =>
          reject(new Error(`chimera up ended with ${code} before a line matched ${pattern}:\n${lines.join('\n')}`)),
        );
      });
    }
  }

  return {
    home,
    bucket,
    lines,
    line,
    pidOf(service) {
      const log = readFileSync(join(home, 'logs', `${service}.log`), 'utf8')
        .trim()
        .split('\n');
      return (JSON.parse(log.at(-1) ?? '{}') as { pid: number }).pid;
    },
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
    interrupt() {
      child.kill('SIGINT');
      return ended;
    },
  };
}
