import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { virtualTimers } from '../testing/virtual-timers.ts';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from './server.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer({ behaviour: { kind: 'text', text: 'yes' }, ...config });
  opened.push(server);
  return server;
}

async function get(server: ReplayServer, path: string): Promise<unknown> {
  return (await fetch(server.url + path)).json();
}

describe('/api/show', () => {
  it('tells layers, context, quantization and capabilities', async () => {
    const { url } = await start({
      models: ['gemma3', { name: 'qwen3:4b', family: 'qwen3', layers: 36, trainedContext: 40_960, quantization: 'Q8_0', thinking: true }],
    });
    expect((await ask(url, {}, { path: '/api/show' })).last).toMatchObject({
      details: { family: 'gemma3', parameter_size: '4.3B', quantization_level: 'Q4_K_M' },
      model_info: { 'general.architecture': 'gemma3', 'gemma3.block_count': 34, 'gemma3.context_length': 131_072 },
      capabilities: ['completion'],
    });
    expect((await ask(url, { model: 'qwen3:4b' }, { path: '/api/show' })).last).toMatchObject({
      details: { quantization_level: 'Q8_0' },
      model_info: { 'general.architecture': 'qwen3', 'qwen3.block_count': 36, 'qwen3.context_length': 40_960 },
      capabilities: ['completion', 'thinking'],
    });
  });

  it('knows no other model, and needs a name', async () => {
    const { url } = await start();
    expect(await ask(url, { model: 'qwen3' }, { path: '/api/show' })).toMatchObject({
      status: 404,
      last: { error: "model 'qwen3' not found" },
    });
    expect((await ask(url, { model: 7 }, { path: '/api/show' })).status).toBe(400);
  });
});

describe('/api/ps', () => {
  it('tells the context in force, capped to what the model was trained with, and what of it is on the GPU', async () => {
    const server = await start({ models: [{ name: 'gemma3', layers: 34, size: 3_500, gpuLayersAtMost: 20, trainedContext: 8_192 }] });
    const after = async (options: object): Promise<unknown> => {
      expect((await ask(server.url, { options })).status).toBe(200);
      return get(server, '/api/ps');
    };
    const shown = (context: number, vram: number) => ({
      models: [{ name: 'gemma3:latest', size: 3_500, context_length: context, size_vram: vram, details: { quantization_level: 'Q4_K_M' } }],
    });
    expect(await after({})).toMatchObject(shown(4_096, 2_000)); // 20 of 35 layers: as many as fit
    expect(await after({ num_ctx: 99_999 })).toMatchObject(shown(8_192, 2_000));
    expect(await after({ num_ctx: 2_048, num_gpu: 7 })).toMatchObject(shown(2_048, 700));
    expect(await after({})).toMatchObject(shown(2_048, 700)); // what is loaded is good enough for one that asks for nothing
    expect(await after({ num_gpu: 0 })).toMatchObject(shown(4_096, 0));
  });

  it('says that all is on the GPU for a num_gpu beyond all layers', async () => {
    const server = await start({ models: [{ name: 'gemma3', size: 3_500 }] });
    await ask(server.url, { options: { num_gpu: 999 } });
    expect(await get(server, '/api/ps')).toMatchObject({ models: [{ size: 3_500, size_vram: 3_500 }] });
  });

  it('forgets a model when its time is over, or when it is told to', async () => {
    const timers = virtualTimers();
    const server = await start({ timers });
    const loaded = async (): Promise<unknown> => ((await get(server, '/api/ps')) as { models: unknown[] }).models.length;
    await ask(server.url, {});
    timers.at += 299_000;
    expect(await loaded()).toBe(1);
    timers.at += 2_000;
    expect(await loaded()).toBe(0);
    await ask(server.url, { keep_alive: -1 });
    timers.at += 1e9;
    expect(await loaded()).toBe(1);
    await ask(server.url, { keep_alive: '0s' });
    expect(await loaded()).toBe(0);
  });
});

describe('a model', () => {
  it('that the GPU does not hold as asked runs out of memory', async () => {
    const server = await start({ models: [{ name: 'gemma3', gpuLayersAtMost: 20 }] });
    const { status, last } = await ask(server.url, { options: { num_gpu: 35 } });
    expect([status, last]).toEqual([500, { error: expect.stringContaining('out-of-memory') }]);
    expect((await ask(server.url, { options: { num_gpu: 20 } })).status).toBe(200);
  });

  it('that can think does, unless it is told not to; one that cannot refuses', async () => {
    const { url } = await start({ models: [{ name: 'qwen3', thinking: true }, 'gemma3'], behaviour: { kind: 'well-behaved' } });
    expect((await ask(url, { model: 'qwen3' })).thinking).not.toBe('');
    expect((await ask(url, { model: 'qwen3', think: false })).thinking).toBe('');
    expect(await ask(url, { think: true })).toMatchObject({ status: 400, last: { error: '"gemma3" does not support thinking' } });
  });
});

describe('a call without messages', () => {
  it('loads its model, and unloads it', async () => {
    const server = await start({ rates: { loadMs: 500 }, timers: virtualTimers() });
    const loaded = await ask(server.url, { messages: [], keep_alive: '1h' });
    expect(loaded).toMatchObject({ status: 200, text: '', last: { done: true, done_reason: 'load' } });
    expect(await get(server, '/api/ps')).toMatchObject({ models: [{ name: 'gemma3:latest' }] });
    expect((await ask(server.url, {})).last).not.toHaveProperty('load_duration');
    expect((await ask(server.url, { messages: [], keep_alive: 0 })).last).toMatchObject({ done: true, done_reason: 'unload' });
    expect(await get(server, '/api/ps')).toEqual({ models: [] });
  });
});

describe('/api/generate', () => {
  it('answers in "response", streamed or in one piece', async () => {
    const { url, calls } = await start();
    const streamed = await ask(url, { messages: undefined, system: 'be brief', prompt: 'Is it?' }, { path: '/api/generate' });
    expect(streamed).toMatchObject({ text: 'yes', last: { response: '', done: true, done_reason: 'stop', eval_count: 1 } });
    expect(streamed.last).not.toHaveProperty('message');
    expect(calls[0]?.request.messages).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'Is it?' },
    ]);
    expect((await ask(url, { prompt: 'Is it?', stream: false }, { path: '/api/generate' })).lines).toMatchObject([
      { response: 'yes', done: true },
    ]);
    expect((await ask(url, { prompt: '' }, { path: '/api/generate' })).last).toMatchObject({ response: '', done_reason: 'load' });
  });
});

describe('a prompt beyond the context', () => {
  const messages = [{ role: 'user', content: 'x'.repeat(40_000) }];

  it('is cut silently to about half: status 200, and a count of tokens that gives it away', async () => {
    const { url } = await start();
    const { status, last } = await ask(url, { messages, options: { num_ctx: 4096 } });
    expect([status, last.prompt_eval_count, last.done_reason]).toEqual([200, 2050, 'stop']);
  });

  it('is refused with truncate: false', async () => {
    const { url } = await start();
    const { status, last } = await ask(url, { messages, truncate: false, options: { num_ctx: 4096 } });
    expect([status, last]).toEqual([400, { error: expect.stringContaining('exceeds the available context size (4096 tokens)') }]);
  });
});

describe('an answer', () => {
  it.each([
    [{ num_ctx: 64 }, 640],
    [{ num_ctx: 64, num_predict: -1 }, 640],
    [{ num_ctx: 64, num_predict: 30 }, 30],
  ])('without an end has one: with %o after %i tokens', async (options, tokens) => {
    const { url } = await start({ behaviour: { kind: 'endless' }, timers: virtualTimers() });
    expect((await ask(url, { options })).last).toMatchObject({ done_reason: 'length', eval_count: tokens });
  });
});
