import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, CallTimes } from './replay-child.ts';

/** A replay server that runs in a process of its own. Times in epoch milliseconds. */
export type ReplayProcess = {
  url: string;
  calls(): Promise<{ calls: CallTimes[]; busyMax: number; workingMax: number }>;
  close(): Promise<void>;
};

/** Starts one; `config` as startReplayServer takes it, as far as it can be written as JSON. */
export async function startReplayProcess(config: object): Promise<ReplayProcess> {
  const child = fork(join(import.meta.dirname, 'replay-child.ts'), [JSON.stringify(config)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const first = await answer(child);
  if (!('url' in first)) throw new Error('The replay server did not tell its URL.');
  return {
    url: first.url,
    async calls() {
      child.send({ ask: 'calls' });
      const told = await answer(child);
      if (!('calls' in told)) throw new Error('The replay server did not tell its calls.');
      return told;
    },
    async close() {
      const gone = once(child, 'exit');
      child.send({ ask: 'close' });
      await gone;
    },
  };
}

async function answer(child: ChildProcess): Promise<Answer> {
  const [message] = await once(child, 'message');
  return message as Answer;
}
