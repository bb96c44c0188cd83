import { type BehaviourScript, OllamaFailure, REPLAY_VERSION } from '@chimera/ollama';
import { describe, expect, it } from 'vitest';
import { asked, inputOf, never, OPTIONS, sole, start, virtualTimers } from '../../../test/support/sole.ts';
import type { SoleServer } from './sole-server.ts';

describe('a warm start', () => {
  it('measures no load: the model is loaded with the run’s own options, and the warm-up is no part of the analysis', async () => {
    const replay = await start({ rates: { loadMs: 4_000, promptMs: 100 }, timers: virtualTimers() });
    const { server, write, transcripts } = sole(replay.url);
    const options = { ...OPTIONS, temperature: 0.8, seed: 7, num_predict: 300 };
    await server.warm({ model: 'tiny:1b', options }, never);
    const before = replay.calls.map(({ request }) => request);
    expect(before.map(({ messages }) => messages.length)).toEqual([0, 1]);
    expect(before[0]?.options).toEqual(options);
    expect(before[1]?.options).toEqual({ ...options, num_predict: 8 });
    expect(replay.calls[1]?.outputTokens).toBeLessThanOrEqual(8);
    expect((await server.look(never)).loaded).toMatchObject([{ name: 'tiny:1b', contextLength: 4_096 }]);
    const analysis = await write(inputOf(options));
    expect(analysis.calls).toHaveLength(replay.calls.length - 2);
    expect(analysis.calls.map(({ loadSeconds }) => loadSeconds)).toEqual(analysis.calls.map(() => null));
    expect(transcripts).toHaveLength(analysis.calls.length);
  });

  it('finds out once how a model that thinks is to be asked: no run has a call for that', async () => {
    const replay = await start({ models: [{ name: 'tiny:1b', thinking: true }] });
    const { server, write } = sole(replay.url);
    const wanted = { model: 'tiny:1b', options: OPTIONS };
    await server.warm(wanted, never);
    const first = asked(replay).length;
    await server.warm(wanted, never);
    // The try and the words of a warm-up; then the words alone.
    expect([first, asked(replay).length]).toEqual([2, 3]);
    const analysis = await write();
    expect(analysis.calls).toHaveLength(asked(replay).length - 3);
    expect(asked(replay).map(({ request }) => request.think)).not.toContain(undefined);
    expect(new Set(asked(replay).map(({ request }) => request.think))).toEqual(new Set([false]));
  });

  it('is one though all of its words were thinking', async () => {
    const behaviour: BehaviourScript = ({ options }) =>
      options.num_predict === 8 ? { kind: 'empty', thinking: 'So.' } : { kind: 'well-behaved' };
    const { server } = sole((await start({ behaviour })).url);
    await server.warm({ model: 'tiny:1b', options: OPTIONS }, never);
    expect((await server.look(never)).loaded).toHaveLength(1);
  });

  it('fails in a sentence where the model cannot be loaded, and ends with its signal', async () => {
    const { server } = sole((await start({ models: [{ name: 'tiny:1b', gpuLayersAtMost: 4 }] })).url);
    const codeOf = (asking: Promise<unknown>) =>
      asking.then(String, (error: unknown) => (error instanceof OllamaFailure ? error.code : String(error)));
    expect(await codeOf(server.warm({ model: 'tiny:1b', options: OPTIONS }, never))).toBe('out_of_memory');
    expect(await codeOf(server.warm({ model: 'none', options: {} }, never))).toBe('model_not_found');
    expect(await codeOf(server.warm({ model: 'tiny:1b', options: {} }, AbortSignal.abort()))).toBe('aborted');
    expect(await codeOf(sole('http://127.0.0.1:9').server.warm({ model: 'tiny:1b', options: {} }, never))).toBe('unreachable');
  });
});

describe('a cold start', () => {
  const loads = async (server: SoleServer) => (await server.look(never)).loaded.map(({ name }) => name);

  it('has the first real call load the model, and no other', async () => {
    const replay = await start({ rates: { loadMs: 4_000, promptMs: 100 }, timers: virtualTimers() });
    const { server, write } = sole(replay.url);
    await server.warm({ model: 'tiny:1b', options: OPTIONS }, never);
    expect(await loads(server)).toEqual(['tiny:1b']);
    await server.chill('tiny:1b', never);
    expect(await loads(server)).toEqual([]);
    const before = replay.calls.length;
    const { calls } = await write();
    expect(calls.map(({ loadSeconds }) => loadSeconds)).toEqual([4, ...calls.slice(1).map(() => null)]);
    expect(replay.calls.length - before).toBe(calls.length);
    expect(replay.calls[before]?.request.messages).toHaveLength(2);
  });

  it('tries nothing first, also with a model that thinks and was never warmed up', async () => {
    const replay = await start({ models: [{ name: 'tiny:1b', thinking: true }], rates: { loadMs: 4_000 }, timers: virtualTimers() });
    const { server, write } = sole(replay.url);
    await server.chill('tiny:1b', never);
    const { calls, narrator } = await write();
    expect(narrator.kind).toBe('model');
    expect(calls[0]?.loadSeconds).toBe(4);
    expect(asked(replay)).toHaveLength(calls.length);
    expect(asked(replay).map(({ request }) => request.think)).not.toContain(undefined);
  });
});

describe('a look at a sole server', () => {
  it('tells what it has itself and what is loaded, and shows no credentials', async () => {
    const replay = await start({ models: ['tiny:1b', { name: 'cloud', remoteHost: 'https://elsewhere.example' }] });
    const { server } = sole(replay.url.replace('//', '//me:secret@'));
    expect(server.url).toBe(replay.url);
    const sight = await server.look(never);
    expect(sight).toMatchObject({ version: { version: REPLAY_VERSION, replay: true }, loaded: [] });
    expect([sight.has('tiny:1b'), sight.has('tiny'), sight.has('cloud')]).toEqual([true, false, false]);
    expect([sight.digest('tiny:1b'), sight.digest('cloud')]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), null]);
  });

  it('fails where nobody is there', async () => {
    await expect(sole('http://127.0.0.1:9').server.look(never)).rejects.toThrow(OllamaFailure);
  });
});
