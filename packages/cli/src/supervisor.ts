import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

export type Supervised = { name: string; pid(): number | null; stop(): Promise<void> };

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const SETTLED_MS = 60_000;
const GRACE_MS = 30_000;
const WRONG_CONFIGURATION = 2;

/**
 * Keeps one service process running: starts it again when it dies, each time after a longer pause, until it is
 * stopped. Its log goes to `<logs>/<name>.log`. A wrong configuration (exit code 2) is not tried again.
 */
export function supervise(options: {
  name: string;
  main: string;
  environment: NodeJS.ProcessEnv;
  logs: string;
  say: (line: string) => void;
  onWrongConfiguration: () => void;
}): Supervised {
  const { name, say } = options;
  mkdirSync(options.logs, { recursive: true });
  const log = join(options.logs, `${name}.log`);
  let stopping = false;
  let child: ChildProcess | null = null;
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let gone: Promise<void> = Promise.resolve();

  const start = () => {
    const out = openSync(log, 'a');
    const started = performance.now();
    // Its own group: a Ctrl-C reaches this process alone, which stops the others in order.
    const one = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', options.main], {
      env: { ...options.environment, CHIMERA_END_WITH_STDIN: '1' },
      stdio: ['pipe', out, out],
      detached: true,
    });
    closeSync(out);
    child = one;
    // The process ends with our end of this pipe: killed or not, we leave nobody behind.
    one.stdin?.on('error', () => undefined);
    one.once('error', (error) => say(`chimera: ${name} could not be started: ${error.message}`));
    gone = new Promise((resolve) => {
      one.once('exit', (code, signal) => {
        child = null;
        resolve();
        if (stopping) return;
        if (code === WRONG_CONFIGURATION) {
          say(`chimera: ${name} refuses its configuration; see ${log}`);
          options.onWrongConfiguration();
          return;
        }
        pause = performance.now() - started > SETTLED_MS ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
        say(`chimera: ${name} ended with ${signal ?? `code ${code}`}; starting it again in ${pause / 1_000} s (log: ${log})`);
        timer = setTimeout(start, pause);
      });
    });
  };
  start();

  return {
    name,
    pid: () => child?.pid ?? null,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const one = child;
      if (one === null) return;
      one.kill('SIGTERM');
      const hard = setTimeout(() => one.kill('SIGKILL'), GRACE_MS);
      await gone;
      clearTimeout(hard);
    },
  };
}
