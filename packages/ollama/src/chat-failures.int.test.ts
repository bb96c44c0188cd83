import { afterEach, describe, expect, test } from 'vitest';
import type { Timeouts } from './clocks.ts';
import type { FailureCode } from './failure.ts';
import type { Behaviour } from './replay/behaviour.ts';
import { startReplayServer } from './replay/server.ts';
import { clients, failureOf, line, QUESTION, timedOut } from './testing/clients.ts';
import { bytesServer, muteServer, rawServer } from './testing/raw-server.ts';

const { keep, clientOf, replay } = clients(afterEach);

describe('each clock ends the call with its own failure, and closes the socket', () => {
  const cases: [FailureCode, Behaviour, keyof Timeouts][] = [
    ['first_token_timeout', { kind: 'hang' }, 'firstTokenMs'],
    ['idle_timeout', { kind: 'stall' }, 'idleMs'],
    ['total_timeout', { kind: 'endless' }, 'totalMs'],
    ['total_timeout', { kind: 'hang' }, 'totalMs'],
  ];
  test.each(cases)('hazard 13, 45: %s when it meets %o', async (code, behaviour, clock) => {
    const server = await replay(behaviour);
    const failure = await timedOut(server, (ms) => clientOf(server.url, { [clock]: ms }).chat(QUESTION));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(server.url);
    expect(await (await server.call(0)).ended).toBe('aborted');
  });

  test('hazard 13: connect_timeout when nobody completes the handshake', async () => {
    const server = keep(await muteServer());
    const failure = await failureOf(clientOf(server.url, { connectMs: 60 }).chat(QUESTION));
    expect(failure).toMatchObject({ code: 'connect_timeout', retry: 'later' });
  });

  test('connect_timeout when a small question gets no answer', async () => {
    const server = keep(await rawServer(() => undefined));
    const client = clientOf(server.url, { connectMs: 60 });
    expect((await failureOf(client.tags())).code).toBe('connect_timeout');
    expect((await failureOf(client.version())).code).toBe('connect_timeout');
  });
});

describe('each failure has its name, says whether to ask again, and what to do', () => {
  const error = (status: number, text: string): Behaviour => ({ kind: 'error', status, body: { error: text } });
  const cases: [FailureCode, string, Behaviour, string][] = [
    ['busy', 'later', error(503, 'server busy, please try again.  maximum pending requests exceeded'), 'OLLAMA_MAX_QUEUE'],
    [
      'prompt_too_long',
      'never',
      error(400, 'request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it'),
      'num_ctx',
    ],
    ['bad_request', 'never', error(400, '"gemma3" does not support thinking'), '"think"'],
    ['out_of_memory', 'later', error(500, 'llama-server reported out-of-memory during startup: cudaMalloc failed'), 'num_gpu'],
    [
      'out_of_memory',
      'later',
      error(500, 'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error'),
      'memory',
    ],
    ['server_error', 'later', error(500, 'timed out waiting for llama-server to start'), 'log'],
    ['unauthorized', 'elsewhere', { kind: 'error', status: 401, body: 'who are you?' }, 'USER'],
    ['not_ollama', 'elsewhere', { kind: 'error', status: 302, body: '', headers: { location: 'http://elsewhere.invalid/' } }, 'URL'],
    ['stream_error', 'later', { kind: 'error-mid-stream' }, 'log'],
    ['out_of_memory', 'later', { kind: 'error-mid-stream', message: 'CUDA error: out of memory' }, 'num_ctx'],
    ['stream_incomplete', 'later', { kind: 'no-done' }, 'ask again'],
    ['stream_incomplete', 'later', { kind: 'cut' }, 'ask again'],
    ['malformed_stream', 'elsewhere', { kind: 'malformed' }, 'proxy'],
    ['empty_answer', 'later', { kind: 'empty' }, 'num_predict'],
    ['empty_answer', 'later', { kind: 'empty', thinking: 'Let me think about it.' }, 'think: false'],
  ];
  test.each(cases)('hazard 13: %s, ask again: %s, when it meets %o', async (code, retry, behaviour, hint) => {
    const server = await replay(behaviour);
    const failure = await failureOf(clientOf(server.url).chat(QUESTION));
    expect(failure).toMatchObject({ code, retry, server: server.url, model: 'gemma3' });
    expect(failure.message).toContain(server.url);
    expect(failure.message).toContain(hint);
  });

  test('hazard 13: unreachable', async () => {
    const server = await startReplayServer();
    await server.close();
    const failure = await failureOf(clientOf(server.url).chat(QUESTION));
    expect(failure).toMatchObject({ code: 'unreachable', retry: 'later' });
    expect(failure.retryAfterMs).toBeGreaterThan(0);
    expect(failure.message).toContain('ollama serve');
  });

  test('hazard 13: model_not_found, with the command that installs it', async () => {
    const server = await replay({ kind: 'well-behaved' });
    const failure = await failureOf(clientOf(server.url).chat({ ...QUESTION, model: 'llama9:tiny' }));
    expect(failure).toMatchObject({ code: 'model_not_found', retry: 'elsewhere', status: 404 });
    expect(failure.message).toContain('ollama pull llama9:tiny');
  });

  test('prompt_too_long, by the replay server itself, instead of a silent cut', async () => {
    const server = await replay({ kind: 'well-behaved' });
    const messages = [{ role: 'user' as const, content: 'x'.repeat(4_000) }];
    const failure = await failureOf(clientOf(server.url).chat({ ...QUESTION, messages, options: { num_ctx: 512 } }));
    expect(failure).toMatchObject({ code: 'prompt_too_long', status: 400 });
  });

  test('busy, for as long as the server asks', async () => {
    const server = await replay({ kind: 'error', status: 503, body: { error: 'server busy' }, headers: { 'retry-after': '7' } });
    expect((await failureOf(clientOf(server.url).chat(QUESTION))).retryAfterMs).toBe(7_000);
  });

  test('remote_model, before its answer is taken', async () => {
    const server = await replay({ kind: 'well-behaved' }, { models: [{ name: 'gemma3', remoteHost: 'https://cloud.invalid' }] });
    expect((await failureOf(clientOf(server.url).chat(QUESTION))).code).toBe('remote_model');
    const client = clientOf(server.url, {}, { allowRemote: true });
    expect((await client.chat(QUESTION)).text).toContain('{{F1}}');
  });

  test('hazard 13: malformed_stream for bytes that are no UTF-8', async () => {
    const server = keep(await bytesServer([line('a'), '{"message":{"content":"', Uint8Array.of(0xff, 0xfe), '"},"done":true}\n']));
    expect((await failureOf(clientOf(server.url).chat(QUESTION))).code).toBe('malformed_stream');
  });

  test('hazard 13: stream_incomplete for half a line', async () => {
    const server = keep(await bytesServer([line('a'), line('b').slice(0, 20)]));
    expect((await failureOf(clientOf(server.url).chat(QUESTION))).code).toBe('stream_incomplete');
  });
});
