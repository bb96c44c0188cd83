import { afterEach, describe, expect, test } from 'vitest';
import { clients, failureOf, line, QUESTION, timedOut } from './testing/clients.ts';
import { bytesServer, rawServer } from './testing/raw-server.ts';

const { keep, clientOf, replay } = clients(afterEach);

/** A clock that is this much further, in milliseconds, each time it is read: when a call is sent, at each token, at the end. */
function steps(...ms: number[]): () => number {
  let at = 0;
  let reads = 0;
  return () => {
    at += ms[reads++] ?? 0;
    return at;
  };
}

describe('gaps between tokens', () => {
  test('are those between the chunks that carry any, by the clock handed in', async () => {
    const writes = [line(''), line('a'), line(''), line('b'), line('c'), line('', { done: true })];
    const server = keep(await bytesServer(writes));
    const client = clientOf(server.url, {}, { monotonicMs: steps(0, 1_000, 250, 500, 4_000) });
    const { metrics } = await client.chat(QUESTION);
    expect(metrics.gaps).toEqual({ n: 2, median: 0.25, p95: 0.5, max: 0.5 });
    expect(metrics).toMatchObject({ timeToFirstTokenSeconds: 1, wallSeconds: 5.75 });
  });

  test('count thinking, which comes a token at a time too', async () => {
    const thought = (thinking: string) => `${JSON.stringify({ message: { role: 'assistant', content: '', thinking }, done: false })}\n`;
    const server = keep(await bytesServer([thought('Let'), thought(' me'), line('yes'), line('', { done: true })]));
    const client = clientOf(server.url, {}, { monotonicMs: steps(0, 1_000, 250, 500) });
    expect((await client.chat(QUESTION)).metrics.gaps).toMatchObject({ n: 2, max: 0.5 });
  });

  test('are not there where all came at once', async () => {
    const server = keep(await bytesServer([line('yes', { done: true })]));
    expect((await clientOf(server.url).chat(QUESTION)).metrics.gaps).toBeNull();
  });
});

describe('the total clock of one call', () => {
  test('ends it where it is shorter than the client’s, and says how long it was', async () => {
    const server = await replay({ kind: 'endless' });
    const failure = await timedOut(server, (totalMs) => clientOf(server.url).chat(QUESTION, { totalMs }));
    expect(failure.code).toBe('total_timeout');
    expect(failure.message).toContain(`did not finish within ${failure.clockMs / 1000} s`);
    expect(await (await server.call(0)).ended).toBe('aborted');
  });

  test('does not make the client’s longer', async () => {
    const server = await replay({ kind: 'endless' });
    const failure = await failureOf(clientOf(server.url, { totalMs: 300 }).chat(QUESTION, { totalMs: 20_000 }));
    expect(failure).toMatchObject({ code: 'total_timeout', message: expect.stringContaining('within 0.3 s') });
  });
});

describe('the model as it was loaded while it answered', () => {
  test('is told with its context and its place in memory', async () => {
    // Of 4 blocks and the output layer, 5 in all, 2 are on the GPU: two fifths of 1000 bytes.
    const server = await replay({ kind: 'text', text: 'yes' }, { models: [{ name: 'gemma3', layers: 4, size: 1_000 }] });
    const { model } = await clientOf(server.url).chat({ ...QUESTION, options: { num_ctx: 2_048, num_gpu: 2 } });
    expect(model.loaded).toEqual({
      name: 'gemma3:latest',
      digest: model.digest,
      size: 1_000,
      sizeVram: 400,
      contextLength: 2_048,
    });
    expect(model.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is null with the reason where the server does not list it, or lists it without a digest', async () => {
    let listed: object[] = [{ name: 'other:1b', digest: 'b'.repeat(64) }];
    const server = keep(
      await rawServer((request, response) => {
        request.resume();
        if (request.url === '/api/ps') response.end(JSON.stringify({ models: listed }));
        else response.end(line('yes') + line('', { done: true }));
      }),
    );
    const client = clientOf(server.url);
    expect((await client.chat(QUESTION)).model).toEqual({
      asked: 'gemma3',
      digest: null,
      digestUnknown: 'the server did not list gemma3 as loaded while it answered',
      loaded: null,
    });
    listed = [{ name: 'gemma3:latest', context_length: 4_096 }];
    expect((await client.chat(QUESTION)).model).toEqual({
      asked: 'gemma3',
      digest: null,
      digestUnknown: 'the server lists gemma3 without a digest',
      loaded: { name: 'gemma3:latest', digest: null, size: null, sizeVram: null, contextLength: 4_096 },
    });
  });
});
