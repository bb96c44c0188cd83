import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatRequest, OllamaFailure } from '../../packages/ollama/src/mod.ts';
import { signal } from '../support/wait.ts';
import { ENGINES } from './server/engines.ts';
import { failureOf } from './server/failure.ts';
import { rawChat } from './server/raw.ts';
import { absentOwn, openSubject, type Subject, titled } from './server/subject.ts';

/** Far more than a test waits for; hot enough that no token follows itself so often that Ollama breaks off. */
const ENDLESS = { num_ctx: 8192, num_predict: 80_000, temperature: 1, seed: 7, num_gpu: 0 };
/** An answer of this model takes milliseconds. */
const STUCK_MS = 5_000;
const ENOUGH = 300;
const LEFT = /aborting completion request due to client closing the connection/;

// One call at a time: whoever comes next is answered only when the one before has really ended.
describe.skipIf(absentOwn).each(ENGINES)(titled('a real Ollama whose caller leaves, by %s', absentOwn), (_, settings) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await openSubject({ ...settings, OLLAMA_NUM_PARALLEL: '1' });
  });
  afterAll(() => subject?.close());

  const ask = (options: ChatRequest['options'], length = 17): ChatRequest => ({
    model: subject.model,
    messages: [{ role: 'user', content: 'x'.repeat(length) }],
    options,
  });
  /**
   * The next call is answered. Once in some tens of times an abort leaves the runner stuck: it answers nobody until the model is
   * loaded anew. Then that has to help. Returns whether it was needed.
   */
  const answerNext = async (): Promise<boolean> => {
    const request = ask({ ...ENDLESS, num_predict: 3 });
    const client = subject.another({ firstTokenMs: STUCK_MS });
    try {
      const stuck = await client.chat(request).then(
        () => false,
        (error: unknown) => error instanceof OllamaFailure && error.code === 'first_token_timeout',
      );
      if (stuck) {
        console.warn('The runner was stuck after an abort; the model is loaded anew.');
        await rawChat(subject.url, { model: subject.model, messages: [], keep_alive: 0 });
      }
      expect((await client.chat(request)).metrics.outputTokens).toBe(3);
      return stuck;
    } finally {
      await client.close();
    }
  };
  /** The line of the log that says that a call has arrived; lines may come late, so a call is told by the length of its prompt. */
  const arrived = (length: number): Promise<string> | undefined => subject.log?.line(new RegExp(`completion request.* prompt=${length} `));

  test('in mid-stream stops at once, and is free for the next', async () => {
    const stop = new AbortController();
    let firstAt = 0;
    const failure = await failureOf(
      subject.client.chat(ask(ENDLESS), {
        signal: stop.signal,
        onFirstToken: () => {
          firstAt = performance.now();
        },
        onProgress: ({ chunks }) => {
          if (chunks === ENOUGH) stop.abort();
        },
      }),
    );
    expect(failure).toMatchObject({ code: 'aborted', retry: 'never' });
    const stoppedAt = performance.now();
    const stuck = await answerNext();
    const tookMs = performance.now() - stoppedAt;
    const wouldHaveTakenMs = ((stoppedAt - firstAt) / ENOUGH) * (ENDLESS.num_predict - ENOUGH);
    if (!stuck) expect(tookMs).toBeLessThan(wouldHaveTakenMs / 4);
  });

  test('when its client closes', async () => {
    const begun = signal();
    const other = subject.another();
    const failure = failureOf(other.chat(ask(ENDLESS), { onFirstToken: () => begun.resolve() }));
    await begun.promise;
    await other.close();
    expect((await failure).code).toBe('aborted');
    await answerNext();
  });

  test('while it waits its turn leaves the one before it alone', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const [begun, goesOn] = [signal(), signal()];
    let gone = false;
    const running = failureOf(
      subject.client.chat(ask(ENDLESS, 101), {
        signal: first.signal,
        onFirstToken: () => begun.resolve(),
        onProgress: () => {
          if (gone) goesOn.resolve();
        },
      }),
    );
    await begun.promise;
    const waiting = failureOf(subject.client.chat(ask(ENDLESS, 102), { signal: second.signal }));
    await arrived(102);
    second.abort();
    expect((await waiting).code).toBe('aborted');
    await subject.log?.line(LEFT);
    gone = true;
    await goesOn.promise;
    first.abort();
    expect((await running).code).toBe('aborted');
    await answerNext();
  });
});
