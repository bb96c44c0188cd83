import { afterEach, describe, expect, test } from 'vitest';
import { clients, failureOf, QUESTION, timedOut } from './testing/clients.ts';
import { bytesServer } from './testing/raw-server.ts';
import { virtualTimers } from './testing/virtual-timers.ts';

const { keep, clientOf, replay } = clients(afterEach);
const model = 'gemma3';

describe('load', () => {
  test('has the model loaded with the options of the calls that follow, and nothing written', async () => {
    const server = await replay({ kind: 'well-behaved' }, { rates: { loadMs: 3_000 }, timers: virtualTimers() });
    const client = clientOf(server.url);
    const options = { num_ctx: 2_048, num_gpu: 12 };
    await client.load(model, { options, keepAlive: '10m' });
    expect(server.calls.map(({ request }) => [request.messages, request.options, request.keepAlive, request.stream])).toEqual([
      [[], options, '10m', true],
    ]);
    expect(server.calls[0]?.outputTokens).toBe(0);
    expect(await client.ps()).toMatchObject([{ name: 'gemma3:latest', contextLength: 2_048 }]);
    const warm = await client.chat({ ...QUESTION, options: { ...options, temperature: 0.8, num_predict: 5 } });
    expect(warm.metrics.loadSeconds).toBeNull();
    const other = await client.chat({ ...QUESTION, options: { ...options, num_ctx: 4_096 } });
    expect(other.metrics.loadSeconds).toBe(3);
  });

  test('tells how long that took by the wall clock', async () => {
    const server = await replay({ kind: 'well-behaved' });
    const at = [10_000, 12_500];
    const client = clientOf(server.url, {}, { monotonicMs: () => at.shift() ?? Number.NaN });
    expect(await client.load(model, { options: {} })).toBe(2.5);
  });

  test('says why it cannot be: no such model, no memory, nobody there, too slow, broken off', async () => {
    const server = await replay({ kind: 'well-behaved' }, { models: [{ name: 'gemma3', gpuLayersAtMost: 20 }] });
    const client = clientOf(server.url);
    expect((await failureOf(client.load('other', { options: {} }))).code).toBe('model_not_found');
    expect((await failureOf(client.load(model, { options: { num_gpu: 30 } }))).code).toBe('out_of_memory');
    expect((await failureOf(clientOf('http://127.0.0.1:9').load(model, { options: {} }))).code).toBe('unreachable');
    expect((await failureOf(client.load(model, { options: {} }, AbortSignal.abort()))).code).toBe('aborted');
    const slow = await replay({ kind: 'well-behaved' }, { rates: { loadMs: 60_000 } });
    const late = await timedOut(slow, (firstTokenMs) => clientOf(slow.url, { firstTokenMs }).load(model, { options: {} }));
    expect([late.code, await slow.calls[0]?.ended]).toEqual(['first_token_timeout', 'aborted']);
    const stop = new AbortController();
    const stopped = failureOf(clientOf(slow.url).load(model, { options: {} }, stop.signal));
    const call = await slow.call(1);
    stop.abort();
    expect([(await stopped).code, await call.ended]).toEqual(['aborted', 'aborted']);
  });

  test('loads nothing on a host that is not configured', async () => {
    const server = await replay({ kind: 'well-behaved' }, { models: [{ name: 'gemma3', remoteHost: 'https://elsewhere.example' }] });
    expect((await failureOf(clientOf(server.url).load(model, { options: {} }))).code).toBe('remote_model');
  });
});

describe('unload', () => {
  test('has the model unloaded: the next call loads it again', async () => {
    const server = await replay({ kind: 'well-behaved' }, { rates: { loadMs: 1_000 }, timers: virtualTimers() });
    const client = clientOf(server.url);
    await client.load(model, { options: {} });
    expect(await client.ps()).toHaveLength(1);
    await client.unload(model);
    expect(await client.ps()).toEqual([]);
    expect(server.calls.at(-1)?.request).toMatchObject({ messages: [], keepAlive: 0 });
    expect((await client.chat(QUESTION)).metrics.loadSeconds).toBe(1);
  });

  test('has nothing to do where it is not loaded, and says where there is none', async () => {
    const client = clientOf((await replay({ kind: 'well-behaved' })).url);
    await client.unload(model);
    expect((await failureOf(client.unload('other'))).code).toBe('model_not_found');
  });

  test('looks until the model is gone: it is in use, and then no more', async () => {
    const server = await replay({ kind: 'stall' });
    const user = new AbortController();
    const used = failureOf(clientOf(server.url).chat(QUESTION, { signal: user.signal }));
    const call = await server.call(0);
    let looks = 0;
    const wait = async (ms: number): Promise<void> => {
      expect(ms).toBeGreaterThan(0);
      looks += 1;
      if (looks < 3) return;
      user.abort();
      await call.ended;
    };
    const client = clientOf(server.url, {}, { wait });
    await client.unload(model);
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(await client.ps()).toEqual([]);
    expect((await used).code).toBe('aborted');
  });

  test('gives up where others keep it in use, and ends when it is told to', async () => {
    const server = await replay({ kind: 'stall' });
    const user = new AbortController();
    const used = failureOf(clientOf(server.url).chat(QUESTION, { signal: user.signal }));
    await server.call(0);
    let looks = 0;
    const counted = async (): Promise<void> => {
      looks += 1;
    };
    const failure = await failureOf(clientOf(server.url, {}, { wait: counted }).unload(model));
    expect(failure).toMatchObject({ code: 'busy', message: expect.stringMatching(/^gemma3 at .* is still loaded 10 s after/) });
    expect(looks).toBe(49);
    const stop = new AbortController();
    const wait = async (): Promise<void> => stop.abort();
    expect((await failureOf(clientOf(server.url, {}, { wait }).unload(model, stop.signal))).code).toBe('aborted');
    user.abort();
    await used;
  });

  test('fails where the server no longer answers while it looks', async () => {
    const done = '{"model":"gemma3","message":{"role":"assistant","content":""},"done":true,"done_reason":"unload"}\n';
    const raw = keep(await bytesServer([Buffer.from(done)]));
    const client = clientOf(raw.url);
    expect((await failureOf(client.unload(model))).code).toBe('not_ollama');
  });
});
