import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ServerLog } from './log.ts';

/** Ollama's own settings for a server; the rest of its environment is always the same. */
export interface OllamaSettings {
  OLLAMA_NUM_PARALLEL?: string;
  OLLAMA_MAX_QUEUE?: string;
  OLLAMA_NEW_ENGINE?: string;
}

export interface OllamaProcess {
  url: string;
  log: ServerLog;
  /** Ends the server and its runners, and removes its folder. */
  close(): Promise<void>;
}

const LISTENING = /Listening on (127\.0\.0\.1:\d+) /;
const RUNNER = /finished setting up.* runner\.pid=(\d+)/;
const END_MS = 10_000;

/**
 * Starts `ollama serve` on a free port of this host, with a folder of its own for its keys and models, no proxy and no way to the
 * maker's cloud. Throws with the end of its log when it does not come up.
 */
export async function startOllama(program: string, settings: OllamaSettings = {}): Promise<OllamaProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'chimera-ollama-'));
  const child = spawn(program, ['serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: folder,
      OLLAMA_HOST: '127.0.0.1:0',
      OLLAMA_MODELS: join(folder, 'models'),
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_DEBUG: '1',
      ...settings,
    },
  });
  const log = new ServerLog();
  // Requests are logged on the one, everything else on the other.
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => log.add(line));
  child.once('close', () => log.end());
  const endWithUs = (): void => void child.kill();
  process.once('exit', endWithUs);

  const close = async (): Promise<void> => {
    process.removeListener('exit', endWithUs);
    await ended(child, log);
    await rm(folder, { recursive: true, force: true });
  };
  child.on('error', (error) => log.add(`${program} could not be started: ${error.message}`));
  try {
    const line = await log.line(LISTENING);
    return { url: `http://${LISTENING.exec(line)?.[1]}`, log, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asks the server to end, which ends its runners; after a while it ends both itself, for a load under way can keep a server from it. */
async function ended(child: ChildProcess, log: ServerLog): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const insist = setTimeout(() => {
    endRunner(log);
    child.kill('SIGKILL');
  }, END_MS);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(insist);
}

/** Ends the process of the model that was loaded last, if it is still there. */
function endRunner(log: ServerLog): void {
  const pid = log.lines.flatMap((line) => RUNNER.exec(line)?.[1] ?? []).at(-1);
  try {
    if (pid !== undefined) process.kill(Number(pid), 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it has ended
  }
}
