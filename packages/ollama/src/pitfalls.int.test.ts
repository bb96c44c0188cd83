import { afterEach, describe, expect, test } from 'vitest';
import type { Timeouts } from './clocks.ts';
import { OUT_OF_MEMORY_TEXTS } from './replay/refusal.ts';
import { type ReplayServer, startReplayServer } from './replay/server.ts';
import { clients, failureOf, line, QUESTION, timedOut } from './testing/clients.ts';
import { bytesServer, muteServer } from './testing/raw-server.ts';

const { keep, clientOf, replay } = clients(afterEach);

// What an Ollama server does that a caller must be ready for. What is its caller's part is tested with the agent, under the same names.
describe('what Ollama does', () => {
  test('pitfall 1: every call streams, and each of the clocks ends one that meets it: connection, first token, idle, total', async () => {
    const [mute, silent, endless] = await Promise.all([replay({ kind: 'hang' }), replay({ kind: 'stall' }), replay({ kind: 'endless' })]);
    const codeOf = async (server: ReplayServer, clock: keyof Timeouts) =>
      (await timedOut(server, (ms) => clientOf(server.url, { [clock]: ms }).chat(QUESTION))).code;
    const nobody = keep(await muteServer());
    expect(
      await Promise.all([
        codeOf(mute, 'firstTokenMs'),
        codeOf(silent, 'idleMs'),
        codeOf(endless, 'totalMs'),
        failureOf(clientOf(nobody.url, { connectMs: 60 }).chat(QUESTION)).then(({ code }) => code),
      ]),
    ).toEqual(['first_token_timeout', 'idle_timeout', 'total_timeout', 'connect_timeout']);
    for (const { calls } of [mute, silent, endless]) expect(new Set(calls.map(({ request }) => request.stream))).toEqual(new Set([true]));
  });

  test('pitfall 2: a caller that goes closes the socket, before the first byte as in mid-stream, and the server notices', async () => {
    for (const kind of ['hang', 'stall'] as const) {
      const server = await replay({ kind });
      const stop = new AbortController();
      const failure = failureOf(clientOf(server.url).chat(QUESTION, { signal: stop.signal }));
      const call = await server.call(0);
      stop.abort();
      expect((await failure).code).toBe('aborted');
      expect(await call.ended).toBe('aborted');
    }
  });

  test('pitfall 3: an error line in an answer of status 200 is a failure, with the server’s own words', async () => {
    const server = await replay({ kind: 'error-mid-stream', message: 'unexpected EOF in the runner' });
    const failure = await failureOf(clientOf(server.url).chat(QUESTION));
    expect(failure).toMatchObject({ code: 'stream_error', status: 200, retry: 'later' });
    expect(failure.message).toContain('unexpected EOF in the runner');
  });

  test('pitfall 4: an answer that ends without saying that it is done is none', async () => {
    const server = await replay({ kind: 'no-done' });
    expect((await failureOf(clientOf(server.url).chat(QUESTION))).code).toBe('stream_incomplete');
  });

  test('pitfall 5: thinking without a word of content is no answer, and the failure says how to get one', async () => {
    const server = await replay({ kind: 'empty', thinking: 'The facts come first.' });
    const failure = await failureOf(clientOf(server.url).chat(QUESTION));
    expect(failure.code).toBe('empty_answer');
    expect(failure.message).toMatch(/after 21 characters of thinking.*think: false/);
  });

  test('pitfall 6: a prompt that does not fit is refused and not cut, because truncate: false is sent', async () => {
    const server = await replay({ kind: 'well-behaved' });
    const long = { ...QUESTION, messages: [{ role: 'user' as const, content: 'x'.repeat(4_000) }], options: { num_ctx: 512 } };
    expect(await failureOf(clientOf(server.url).chat(long))).toMatchObject({ code: 'prompt_too_long', status: 400, retry: 'never' });
    const { request } = await server.call(0);
    // Neither is shift sent: whoever sends it sometimes has the model loaded again each time.
    expect([request.truncate, request.shift]).toEqual([false, undefined]);
  });

  test('pitfall 7: who is busy or gone is asked again later, who has no such model never, and a bad request nowhere', async () => {
    const gone = await startReplayServer();
    await gone.close();
    const met = async (behaviour: Parameters<typeof replay>[0]) =>
      failureOf(clientOf((await replay(behaviour)).url).chat(QUESTION)).then(({ code, retry }) => `${code}: ${retry}`);
    expect(await met({ kind: 'busy' })).toBe('busy: later');
    expect(await failureOf(clientOf(gone.url).chat(QUESTION))).toMatchObject({ code: 'unreachable', retry: 'later' });
    expect(await met({ kind: 'not-found' })).toBe('model_not_found: elsewhere');
    expect(await met({ kind: 'error', status: 400, body: { error: 'invalid options' } })).toBe('bad_request: never');
    for (const message of OUT_OF_MEMORY_TEXTS) expect(await met({ kind: 'out-of-memory', message })).toBe('out_of_memory: later');
  });

  test('pitfall 10: nanoseconds become seconds, and what the server leaves out is not told as zero', async () => {
    const account = { total_duration: 3_500_000_000, load_duration: 1_000_000_000, prompt_eval_duration: 500_000_000 };
    const whole = { ...account, eval_duration: 2_000_000_000, eval_count: 50, prompt_eval_count: 26 };
    const full = keep(await bytesServer([line('yes'), line('', { done: true, ...whole })]));
    expect((await clientOf(full.url).chat(QUESTION)).metrics).toMatchObject({
      totalSeconds: 3.5,
      loadSeconds: 1,
      promptEvalSeconds: 0.5,
      evalSeconds: 2,
      queueSeconds: 0,
      outputTokensPerSecond: 25,
    });
    const bare = keep(await bytesServer([line('yes'), line('', { done: true, ...account })]));
    const unknown = { evalSeconds: null, queueSeconds: null, promptTokens: null, outputTokens: null, outputTokensPerSecond: null };
    expect((await clientOf(bare.url).chat(QUESTION)).metrics).toMatchObject({ loadSeconds: 1, ...unknown });
  });

  test('pitfall 11: characters whose bytes arrive apart stay whole, and a last line needs no newline', async () => {
    const bytes = new TextEncoder().encode(line('größer — 速い 🚀'));
    const apart = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const server = keep(await bytesServer([...apart, line('!', { done: true }).trimEnd()]));
    expect((await clientOf(server.url).chat(QUESTION)).text).toBe('größer — 速い 🚀!');
  });

  test('pitfall 12: an answer is told with the digest, the version and the context that it came of: no seed makes it come again', async () => {
    const server = await replay({ kind: 'well-behaved' });
    const client = clientOf(server.url);
    const { model, replay: played } = await client.chat({ ...QUESTION, options: { seed: 1, temperature: 0, num_ctx: 2_048 } });
    expect(model).toMatchObject({ digest: expect.stringMatching(/^[0-9a-f]{64}$/), loaded: { contextLength: 2_048 } });
    expect([played, await client.version()]).toEqual([true, { version: '0.0.0-replay', replay: true }]);
  });

  test('pitfall 13: a model that runs on another host is refused with its first word, and its answer is broken off', async () => {
    const models = [{ name: 'gemma3', remoteHost: 'https://ollama.invalid:443' }];
    const server = await replay({ kind: 'endless' }, { models });
    const failure = await failureOf(clientOf(server.url).chat(QUESTION));
    expect(failure).toMatchObject({ code: 'remote_model', retry: 'elsewhere' });
    expect(failure.message).toContain('ollama.invalid');
    expect(await (await server.call(0)).ended).toBe('aborted');
  });

  test('pitfall 14: no time is taken from the server’s clock', async () => {
    const earlier = { created_at: '1970-01-01T00:00:00Z' };
    const later = { created_at: '2999-12-31T23:59:59Z' };
    const server = keep(await bytesServer([line('yes', later), line(' and', earlier), line('', { done: true, ...later })]));
    let ms = 0;
    const client = clientOf(server.url, {}, { now: () => 1_700_000_000_000, monotonicMs: () => (ms += 250) });
    const { metrics } = await client.chat(QUESTION);
    // Sent at 0.25 s, tokens at 0.5 and 0.75 s, the end at 1 s.
    expect(metrics).toMatchObject({ startedAt: 1_700_000_000_000, timeToFirstTokenSeconds: 0.25, wallSeconds: 0.75, gaps: { max: 0.25 } });
  });

  test('pitfall 15: of an answer that broke off nothing comes out, and the client asks nothing again by itself', async () => {
    for (const kind of ['error-mid-stream', 'cut', 'malformed', 'no-done'] as const) {
      const server = await replay({ kind });
      const heard: string[] = [];
      const failure = await failureOf(clientOf(server.url).chat(QUESTION, { onProgress: ({ content }) => heard.push(content) }));
      const said = heard.join('');
      expect(said).not.toBe('');
      expect(JSON.stringify({ ...failure, message: failure.message })).not.toContain(said);
      expect(server.calls).toHaveLength(1);
    }
  });
});
