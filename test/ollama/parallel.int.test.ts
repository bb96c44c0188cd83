import { afterEach, describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../packages/ollama/src/mod.ts';
import { signal } from '../support/wait.ts';
import { ENGINES } from './server/engines.ts';
import { answerSoon, failureOf } from './server/failure.ts';
import { absentOwn, openSubject, type Subject, titled } from './server/subject.ts';

describe.skipIf(absentOwn).each(ENGINES)(titled('two callers of a real Ollama at once, by %s', absentOwn), (_, settings) => {
  let subject: Subject | undefined;
  afterEach(async () => {
    await subject?.close();
    subject = undefined;
  });

  const ask = ({ model }: Subject, num_predict: number, num_ctx = 512): ChatRequest => ({
    model,
    messages: [{ role: 'user', content: 'Name the latency.' }],
    // hot enough that no token follows itself so often that Ollama breaks off
    options: { num_ctx, num_predict, temperature: 1, seed: 7, num_gpu: 0 },
  });

  /** Starts a call that goes on until it is told to stop. */
  function endless(on: Subject, num_ctx = 8192) {
    const stop = new AbortController();
    const begun = signal();
    const failure = failureOf(on.client.chat(ask(on, 80_000, num_ctx), { signal: stop.signal, onFirstToken: () => begun.resolve() }));
    return { stop, begun: begun.promise, failure };
  }

  test('are both answered where OLLAMA_NUM_PARALLEL is 2, each with a context of its own', async () => {
    const two = await openSubject({ ...settings, OLLAMA_NUM_PARALLEL: '2' });
    subject = two;
    const calls = [endless(two), endless(two)];
    await Promise.all(calls.map(({ begun }) => begun)); // so neither waits for the other's end
    expect(await two.client.ps()).toMatchObject([{ contextLength: 8192 }]);
    for (const { stop } of calls) stop.abort();
    for (const { failure } of calls) expect((await failure).code).toBe('aborted');
  });

  test('are answered one after the other where it is 1; the second hears nothing, and its wait is the queue', async () => {
    const one = await openSubject({ ...settings, OLLAMA_NUM_PARALLEL: '1' });
    subject = one;
    const begun = signal();
    const order: string[] = [];
    const first = one.client.chat(ask(one, 2_000), {
      onFirstToken: () => begun.resolve(),
      onProgress: ({ chunks }) => {
        if (chunks === 2_000) order.push('first ends');
      },
    });
    await begun.promise;
    const head = fetch(`${one.url}/api/chat`, { method: 'POST', body: JSON.stringify(ask(one, 1)) }).then(({ body }) => {
      order.push('a head comes');
      return body?.cancel();
    });
    const second = await one.client.chat(ask(one, 10), { onFirstToken: () => order.push('second begins') });
    await Promise.all([first, head]);
    expect(order[0]).toBe('first ends');
    expect(order.toSorted()).toEqual(['a head comes', 'first ends', 'second begins']);
    const { metrics } = second;
    const wait = metrics.timeToFirstTokenSeconds ?? Number.NaN;
    expect(metrics.loadSeconds).toBeLessThan(wait / 2);
    expect(metrics.queueSeconds).toBeGreaterThan(wait / 2);
    expect(metrics.queueSeconds).toBeLessThanOrEqual(metrics.wallSeconds);
  });

  test('who need it loaded with other options wait as well, and their wait counts as loading', async () => {
    const one = await openSubject({ ...settings, OLLAMA_NUM_PARALLEL: '2' });
    subject = one;
    const begun = signal();
    const first = one.client.chat(ask(one, 2_000), { onFirstToken: () => begun.resolve() });
    await begun.promise;
    const { metrics } = await one.client.chat(ask(one, 10, 256));
    await first;
    const wait = metrics.timeToFirstTokenSeconds ?? Number.NaN;
    expect(metrics.loadSeconds).toBeGreaterThan(wait / 2);
    expect(metrics.queueSeconds).toBeLessThan(wait / 2);
  });

  test('who need it loaded anew wait in the queue of OLLAMA_MAX_QUEUE, and one too many is told so', async () => {
    const one = await openSubject({ ...settings, OLLAMA_NUM_PARALLEL: '1', OLLAMA_MAX_QUEUE: '1' });
    subject = one;
    const running = endless(one);
    await running.begun;
    const stop = new AbortController();
    const taken = one.log?.line(/waiting for pending requests to complete/);
    const next = failureOf(one.client.chat(ask(one, 5, 256), { signal: stop.signal }));
    await taken; // the scheduler holds this one, so the queue of one is empty again
    const queued = [512, 1024].map((context) => failureOf(one.client.chat(ask(one, 5, context), { signal: stop.signal })));
    const busy = await Promise.race(queued);
    expect(busy).toMatchObject({ code: 'busy', retry: 'later', status: 503 });
    expect(busy.message).toContain('maximum pending requests exceeded');
    stop.abort();
    running.stop.abort();
    const codes = await Promise.all([next, running.failure, ...queued].map(async (failure) => (await failure).code));
    expect(codes.toSorted()).toEqual(['aborted', 'aborted', 'aborted', 'busy']);
    // Who leaves keeps the place in the queue until the scheduler gets there: it is not free at once.
    expect((await answerSoon(() => one.client.chat(ask(one, 5)))).metrics.outputTokens).toBe(5);
  });
});
