import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../packages/ollama/src/mod.ts';
import { signal } from '../support/wait.ts';
import { ENGINES } from './server/engines.ts';
import { answerSoon, failureOf } from './server/failure.ts';
import { absentOwn, openSubject, type Subject, titled } from './server/subject.ts';

const ARRIVED = /completion request/;
const RUNNER = /finished setting up.* runner\.pid=(\d+)/;

describe.skipIf(absentOwn).each(ENGINES)(titled('a real Ollama whose model process dies, by %s', absentOwn), (_, settings) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await openSubject({ ...settings, OLLAMA_NUM_PARALLEL: '1' });
  });
  afterAll(() => subject?.close());

  const ask = (num_predict: number): ChatRequest => ({
    model: subject.model,
    messages: [{ role: 'user', content: 'Name the latency.' }],
    options: { num_ctx: 8192, num_predict, temperature: 1, seed: 7, num_gpu: 0 },
  });

  /** The next line of the log that matches; to be asked for before it can come. */
  const next = (pattern: RegExp): Promise<string> | undefined => subject.log?.line(pattern, subject.log.lines.length);

  test('says so in mid-stream and to who waits, and loads it again for the next', async () => {
    const begun = signal();
    const first = next(ARRIVED);
    const running = failureOf(subject.client.chat(ask(80_000), { onFirstToken: () => begun.resolve() }));
    await Promise.all([begun.promise, first]);
    const second = next(ARRIVED);
    const waiting = failureOf(subject.client.chat(ask(5)));
    await second;
    const line = await subject.log?.line(RUNNER);
    process.kill(Number(RUNNER.exec(line ?? '')?.[1]), 'SIGKILL');
    const broken = await running;
    expect(broken).toMatchObject({ code: 'stream_error', retry: 'later', status: 200 });
    expect(broken.message).toContain('an error was encountered while running the model: unexpected EOF');
    const unserved = await waiting;
    expect(unserved).toMatchObject({ code: 'server_error', retry: 'later', status: 500 });
    expect(unserved.message).toMatch(/llama runner process no longer running|connection refused/);
    expect((await answerSoon(() => subject.client.chat(ask(5)))).metrics.outputTokens).toBe(5);
  });
});
